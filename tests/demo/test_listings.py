"""Listings, page by page."""

from dataclasses import replace

import pytest

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.things import Ending
from tests.demo.wire import wired
from tests.plugins.lookalike import StartLookalike

EMPTY = LookalikeOptions(subreddits=("Cursor", "windsurf"), posts=0, comments=0, new_per_minute=0)
ONE = replace(EMPTY, subreddits=("Cursor",), posts=130, comments=130)


async def test_a_page_has_25_things_unless_told_and_100_at_most(lookalike: StartLookalike) -> None:
    async with wired(await lookalike(ONE)) as wire:
        for query, size in (
            ({}, 25),
            ({"limit": 7}, 7),
            ({"limit": 5000}, 100),
            ({"limit": "x"}, 25),
            ({"limit": 0}, 1),
        ):
            page = await wire.get("/r/Cursor/new", **query)
            assert page["kind"] == "Listing"
            assert page["data"]["dist"] == len(page["data"]["children"]) == size


async def test_after_leads_to_the_end_and_before_back_again(lookalike: StartLookalike) -> None:
    async with wired(await lookalike(ONE)) as wire:
        first = await wire.names("/r/Cursor/comments", limit=50)
        second = await wire.names("/r/Cursor/comments", limit=50, after=first[-1])
        assert not set(first) & set(second)
        assert await wire.names("/r/Cursor/comments", limit=50, before=second[0]) == first
        assert await wire.names("/r/Cursor/comments", limit=2, before=first[2]) == first[:2]
        page = await wire.get("/r/Cursor/comments", limit=100, after=second[-1], count=100)
        assert page["data"]["after"] is None
        assert page["data"]["before"] == page["data"]["children"][0]["data"]["name"]


@pytest.mark.parametrize("direction", ["before", "after"])
async def test_a_deleted_anchor_gives_an_empty_page(lookalike: StartLookalike, direction: str) -> None:
    served = await lookalike(ONE)
    async with wired(served) as wire:
        names = await wire.names("/r/Cursor/new", limit=10)
        served.world.end(names[5], Ending.DELETED)
        page = await wire.get("/r/Cursor/new", **{direction: names[5]})
        assert page["data"] == {**page["data"], "children": [], "after": None, "before": None, "dist": 0}


async def test_what_is_gone_leaves_listings_and_what_is_blanked_stays(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    names = [served.world.add_post("Cursor", f"post {number}", "text") for number in range(5)]
    for name, ending in zip(names, Ending, strict=True):
        served.world.end(name, ending)
    async with wired(served) as wire:
        listed = {
            child["data"]["name"]: child["data"]
            for child in (await wire.get("/r/Cursor/new"))["data"]["children"]
        }
        looked_up = {
            child["data"]["name"]: child["data"]
            for child in (await wire.get("/api/info", id=",".join(names)))["data"]["children"]
        }
    by_ending = dict(zip(Ending, names, strict=True))
    assert set(listed) == {by_ending[Ending.REMOVED_BY_REDDIT], by_ending[Ending.ACCOUNT_GONE]}
    assert set(looked_up) == set(names) - {by_ending[Ending.VANISHED]}
    assert {data["author"] for data in looked_up.values()} == {"[deleted]"}
    texts = {ending: looked_up[name]["selftext"] for ending, name in by_ending.items() if name in looked_up}
    assert texts == {
        Ending.DELETED: "[deleted]",
        Ending.REMOVED: "[removed]",
        Ending.REMOVED_BY_REDDIT: "[ Removed by Reddit ]",
        Ending.ACCOUNT_GONE: "text",
    }


async def test_an_edit_changes_text_and_time(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    post = served.world.add_post("Cursor", "title", "before")
    comment = served.world.add_comment(post, "before")
    async with wired(served) as wire:
        page = await wire.get("/api/info", id=f"{post},{comment}")
        assert [child["data"]["edited"] for child in page["data"]["children"]] == [False, False]
        served.world.edit(post, "after <b>")
        served.world.edit(comment, "after")
        page = await wire.get("/api/info", id=f"{post},{comment}")
        data = [child["data"] for child in page["data"]["children"]]
    assert [data[0]["selftext"], data[1]["body"]] == ["after <b>", "after"]
    assert all(each["edited"] >= each["created_utc"] for each in data)
    assert "after &lt;b&gt;" in data[0]["selftext_html"]


async def test_joined_names_leave_out_what_cannot_be_read(lookalike: StartLookalike) -> None:
    served = await lookalike(replace(EMPTY, private=("Secret",), banned=("Evil",), quarantined=("Dubious",)))
    names = [served.world.add_post(name, "hello") for name in ("Cursor", "Secret", "windsurf", "Dubious")]
    async with wired(served) as wire:
        joined = "cursor+SECRET+Evil+Nowhere+windsurf+Dubious+CURSOR"
        assert await wire.names(f"/r/{joined}/new") == [names[2], names[0]]
        assert await wire.names("/r/all/new") == [names[2], names[0]]
        assert await wire.names("/api/info", id=",".join(names)) == [names[0], names[2]]


@pytest.mark.parametrize(
    ("names", "status", "reason"),
    [
        ("Secret", 403, "private"),
        ("Secret+Evil+Nowhere", 403, "private"),
        ("Evil", 404, "banned"),
        ("Evil+Nowhere", 404, None),
        ("Dubious+Nowhere", 403, "quarantined"),
        ("Nowhere", 302, None),
        ("Secret+Dubious", 200, None),
    ],
)
async def test_one_name_that_is_left_counts_as_asked_for_alone(
    lookalike: StartLookalike, names: str, status: int, reason: str | None
) -> None:
    served = await lookalike(replace(EMPTY, private=("Secret",), banned=("Evil",), quarantined=("Dubious",)))
    async with wired(served) as wire:
        answered, headers, body = await wire.answer(f"/r/{names}/comments")
    assert answered == status
    assert (f'"reason":"{reason}"' in body.decode()) == (reason is not None)
    assert headers.get("Location") == ("/subreddits/search?q=nowhere" if status == 302 else None)


async def test_things_of_several_subreddits_come_in_order_of_time(lookalike: StartLookalike) -> None:
    async with wired(await lookalike(replace(ONE, subreddits=("Cursor", "windsurf", "aws")))) as wire:
        page = await wire.get("/r/Cursor+windsurf+aws/new", limit=100)
    data = [child["data"] for child in page["data"]["children"]]
    assert [each["created_utc"] for each in data] == sorted(
        (each["created_utc"] for each in data), reverse=True
    )
    assert {each["subreddit"] for each in data} == {"Cursor", "windsurf", "aws"}


async def test_info_takes_a_hundred_ids_at_most(lookalike: StartLookalike) -> None:
    served = await lookalike(ONE)
    ids = [post.fullname for post in served.world.communities["cursor"].posts]
    async with wired(served) as wire:
        found = await wire.names("/api/info", id=",".join(ids))
        assert await wire.names("/api/info") == []
    assert 90 <= len(found) <= 100
    assert set(found) <= set(ids[:100])
