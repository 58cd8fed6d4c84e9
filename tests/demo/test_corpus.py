"""Files of recorded things."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from sentiment_service.demo.lookalike import LookalikeOptions, create_world
from sentiment_service.demo.things import Ending
from sentiment_service.errors import StartupError
from tests.demo.conftest import OpenPraw
from tests.demo.wire import wired
from tests.plugins.lookalike import StartLookalike

SHARED = Path(__file__).parents[3] / "shared" / "data"
EPOCH = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPTIONS = LookalikeOptions(epoch=EPOCH, clock=lambda: EPOCH, rate_limit=1_000_000)

Save = Callable[..., Path]


def shared(name: str) -> Path:
    """A file of recorded things; skips the test when it is not there."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the recorded things {name} are not on this machine")
    return path


def post(thing_id: str, created_utc: float, **more: object) -> dict[str, Any]:
    data = {
        "id": thing_id,
        "name": f"t3_{thing_id}",
        "subreddit": "Test",
        "created_utc": created_utc,
        "selftext": "é\u0000 &amp;",
    }
    return {"kind": "t3", "data": data | {"title": "T", "edited": False, "author": "a"} | more}


def comment(thing_id: str, created: float, link: str, parent: str, **more: object) -> dict[str, Any]:
    data = {
        "id": thing_id,
        "name": f"t1_{thing_id}",
        "subreddit": "Test",
        "created_utc": created,
        "body": thing_id,
    }
    return {"kind": "t1", "data": data | {"link_id": link, "parent_id": parent, "score": 3} | more}


def headline(**more: object) -> dict[str, object]:
    row: dict[str, object] = {"subreddit": "ClaudeAI", "title": "Hi", "date": "2026-05-01", "score": 12}
    return row | {"id": None, "url": "https://i.redd.it/a.png"} | more


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(*rows: object, name: str = "things.ndjson") -> Path:
        path = tmp_path / name
        text = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        return path

    return write


async def test_things_are_served_whole_with_their_times_shifted(
    lookalike: StartLookalike, save: Save
) -> None:
    file = save(
        post("aa", 1000.0, created=1000.0, odd={"a": [1]}),
        comment("bb", 1500.0, "t3_aa", "t3_aa", edited=1400.0),
    )
    async with wired(await lookalike(replace(OPTIONS, corpus=(file,)))) as wire:
        (served,) = (await wire.get("/r/test/new"))["data"]["children"]
        (answer,) = (await wire.get("/r/test/comments"))["data"]["children"]
    shift = EPOCH.timestamp() - 1500
    assert served["data"] == post("aa", 1000.0 + shift, created=1000.0 + shift, odd={"a": [1]})["data"]
    assert answer["data"]["created_utc"] == EPOCH.timestamp()
    assert answer["data"]["edited"] == EPOCH.timestamp() - 100


async def test_times_are_kept_when_told(lookalike: StartLookalike, save: Save) -> None:
    options = replace(
        OPTIONS, corpus=(save(post("aa", 1000.0)), save(post("cc", 2.0), name="b.ndjson.gz")), keep_times=True
    )
    async with wired(await lookalike(options)) as wire:
        page = await wire.get("/r/Test/new")
    assert [(each["data"]["id"], each["data"]["created_utc"]) for each in page["data"]["children"]] == [
        ("aa", 1000.0),
        ("cc", 2.0),
    ]


async def test_comments_hang_where_they_belong_and_orphans_are_still_found(
    lookalike: StartLookalike, save: Save
) -> None:
    file = save(
        comment("deep", 40.0, "t3_aa", "t1_top"),
        comment("top", 30.0, "t3_aa", "t3_aa"),
        comment("orphan", 20.0, "t3_gone", "t1_gone"),
        post("aa", 10.0),
        post("aa", 11.0, title="again"),
    )
    served = await lookalike(replace(OPTIONS, corpus=(file,)))
    async with wired(served) as wire:
        assert await wire.names("/r/Test/comments") == ["t1_deep", "t1_top", "t1_orphan"]
        assert await wire.names("/api/info", id="t1_orphan") == ["t1_orphan"]
        assert await wire.names("/r/Test/new") == ["t3_aa"]
        _, comments = await wire.get("/comments/aa")
        top = comments["data"]["children"][0]["data"]
        assert top["id"] == "top"
        assert top["replies"]["data"]["children"][0]["data"]["id"] == "deep"
        new = [served.world.add_comment(above, "new") for above in ("t3_aa", "t1_orphan")]
        assert set(new) < set(await wire.names("/r/Test/comments"))
        served.world.end("t1_deep", Ending.DELETED)
        served.world.edit("t3_aa", "new text")
        served.world.end("t1_top", Ending.ACCOUNT_GONE)
        found = {
            each["data"]["id"]: each["data"]
            for each in (await wire.get("/api/info", id="t1_deep,t3_aa,t1_top"))["data"]["children"]
        }
    assert (found["deep"]["author"], found["deep"]["body"]) == ("[deleted]", "[deleted]")
    assert (found["aa"]["selftext"], found["aa"]["edited"]) == ("new text", EPOCH.timestamp())
    assert (found["top"]["author"], found["top"]["body"]) == ("[deleted]", "top")


def test_a_headline_gets_a_lasting_id_and_a_time_within_its_day(save: Save) -> None:
    url = "https://www.reddit.com/r/ClaudeAI/comments/1abc/hi/"
    rows = [
        headline(id="1abc", url=url),
        headline(),
        headline(title="Other"),
        headline(subreddit="datascience", id="1abc", url=url),
    ]
    options = replace(OPTIONS, corpus=(save(*rows),), keep_times=True)
    worlds = [create_world(options) for _ in range(2)]
    posts = [each for community in worlds[0].communities.values() for each in community.posts]
    assert {each.id for each in posts} == {
        each.id for community in worlds[1].communities.values() for each in community.posts
    }
    assert len(posts) == len({each.id for each in posts}) == 4
    assert worlds[0].thing("t3_1abc") in worlds[0].communities["claudeai"].posts
    day = datetime(2026, 5, 1, tzinfo=UTC).timestamp()
    assert all(day <= each.created < day + 86_400 for each in posts)
    assert {worlds[0].words(each).text for each in posts} == {""}
    assert {worlds[0].words(each).link for each in posts} == {None, "https://i.redd.it/a.png", url}


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"kind": "t3", "data": {"id": "a"}}, "line 2: not a thing"),
        ({"kind": "t5", "data": {"id": "a", "subreddit": "b", "created_utc": 1}}, "neither t3 nor t1"),
        ({"title": "no date"}, "line 2: not a thing"),
        (headline(date="yesterday"), "line 2: not a thing"),
        (["a"], "line 2: not a JSON object"),
    ],
)
def test_a_file_that_cannot_be_served_is_named_with_its_line(save: Save, row: object, complaint: str) -> None:
    file = save(post("aa", 1.0), row)
    with pytest.raises(StartupError, match=complaint) as refused:
        create_world(replace(OPTIONS, corpus=(file,)))
    assert str(file) in str(refused.value)


def test_broken_files_are_named(tmp_path: Path, save: Save) -> None:
    (tmp_path / "text.ndjson").write_text("not json\n")
    (tmp_path / "cut.ndjson.gz").write_bytes(save(post("aa", 1.0), name="ok.ndjson.gz").read_bytes()[:-9])
    (tmp_path / "plain.ndjson.gz").write_text("{}")
    for name in ("text.ndjson", "cut.ndjson.gz", "plain.ndjson.gz", "absent.ndjson"):
        with pytest.raises(StartupError, match=name):
            create_world(replace(OPTIONS, corpus=(tmp_path / name,)))


async def test_all_recorded_things_come_through_the_reddit_client(
    lookalike: StartLookalike, praw: OpenPraw
) -> None:
    file = shared("reddit_recorded.ndjson.gz")
    with gzip.open(file) as lines:
        recorded = {f"{row['kind']}_{row['data']['id']}": row["data"] for row in map(orjson.loads, lines)}
    reddit = praw(await lookalike(replace(OPTIONS, corpus=(file,), keep_times=True, depth=100_000)))
    everything = await reddit.subreddit("all")
    listed = {post.fullname: post async for post in everything.new(limit=None)}
    listed |= {comment.fullname: comment async for comment in everything.comments(limit=None)}
    assert set(listed) == set(recorded)
    for fullname, data in recorded.items():
        field = "selftext" if fullname.startswith("t3_") else "body"
        assert getattr(listed[fullname], field) == data[field]
        assert listed[fullname].created_utc == data["created_utc"]
    found = {thing.fullname async for thing in reddit.info(fullnames=list(recorded))}
    assert found == set(recorded)


def test_all_headlines_are_served(tmp_path: Path) -> None:
    world = create_world(replace(OPTIONS, corpus=(shared("ai_subreddit_posts.ndjson.gz"),)))
    posts = [each for community in world.communities.values() for each in community.posts]
    assert len(posts) == len({each.id for each in posts}) == 26_527
    assert max(each.created for each in posts) == EPOCH.timestamp()
    assert all(world.words(each).title for each in posts)
