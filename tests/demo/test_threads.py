"""Threads and the comments behind stubs."""

import asyncio
from dataclasses import replace
from typing import Any

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.things import Ending
from tests.demo.wire import wired
from tests.plugins.lookalike import StartLookalike

EMPTY = LookalikeOptions(subreddits=("Cursor",), posts=0, comments=0, new_per_minute=0)


def shown(listing: dict[str, Any]) -> dict[str, Any]:
    """A comment tree as nested texts; stubs as ``more``: their ids."""
    tree: dict[str, Any] = {}
    for child in listing["data"]["children"]:
        data = child["data"]
        if child["kind"] == "more":
            tree["more"] = data["children"]
        else:
            tree[data["body"]] = shown(data["replies"]) if data["replies"] else {}
    return tree


async def test_a_thread_nests_its_comments_best_first(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    world = served.world
    old = world.communities["cursor"]
    post = world.add_post("Cursor", "title", "text")
    low = world.add_comment(post, "low", score=-5)
    world.add_comment(post, "high", score=50)
    world.add_comment(low, "answer")
    for thing in (*old.posts, *old.comments):
        thing.created -= 86_400  # scores need time to grow
    async with wired(served) as wire:
        for path in (f"/comments/{post[3:]}", f"/r/Cursor/comments/{post[3:]}/title/"):
            posts, comments = await wire.get(path, raw_json=1)
            assert posts["data"]["children"][0]["data"]["num_comments"] == 3
            assert list(shown(comments)) == ["high", "low"]
            assert shown(comments) == {"high": {}, "low": {"answer": {}}}


async def test_a_deleted_comment_is_a_placeholder_while_it_has_answers(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    world = served.world
    post = world.add_post("Cursor", "title")
    answered, alone = world.add_comment(post, "answered"), world.add_comment(post, "alone")
    answer = world.add_comment(answered, "answer")
    world.end(answered, Ending.DELETED)
    world.end(alone, Ending.DELETED)
    async with wired(served) as wire:
        posts, comments = await wire.get(f"/comments/{post[3:]}")
        assert shown(comments) == {"[deleted]": {"answer": {}}}
        assert posts["data"]["children"][0]["data"]["num_comments"] == 1
        world.end(answer, Ending.REMOVED)
        assert shown((await wire.get(f"/comments/{post[3:]}"))[1]) == {}


async def test_what_does_not_fit_hides_behind_a_stub(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    post = served.world.add_post("Cursor", "title")
    top = [served.world.add_comment(post, f"comment {number}")[3:] for number in range(30)]
    served.world.add_comment(f"t1_{top[9]}", "hidden below hidden")
    async with wired(served) as wire:
        _, comments = await wire.get(f"/comments/{post[3:]}", limit=4)
        stub = comments["data"]["children"][-1]
        assert len(comments["data"]["children"]) == 5
        assert stub["kind"] == "more"
        assert stub["data"]["parent_id"] == post
        assert stub["data"]["count"] == 27
        hidden = stub["data"]["children"]
        assert sorted(hidden) == sorted(top[4:])
        answer = await wire.get("/api/morechildren", link_id=post, children=",".join(hidden), api_type="json")
    things = answer["json"]["data"]["things"]
    assert answer["json"]["errors"] == []
    assert len(things) == 27
    parents = {thing["data"]["name"]: thing["data"]["parent_id"] for thing in things}
    assert list(parents.values()).count(post) == 26
    assert all(thing["data"]["replies"] == "" for thing in things)


async def test_one_call_brings_a_hundred_comments_and_stubs_for_the_rest(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    post = served.world.add_post("Cursor", "title")
    ids = [served.world.add_comment(post, f"comment {number}")[3:] for number in range(130)]
    async with wired(served) as wire:
        answer = await wire.get("/api/morechildren", link_id=post, children=",".join([*ids, "unknown"]))
    kinds = [thing["kind"] for thing in answer["json"]["data"]["things"]]
    assert kinds == ["t1"] * 100 + ["more"]
    assert len(answer["json"]["data"]["things"][-1]["data"]["children"]) == 30


async def test_two_calls_for_more_at_once_are_throttled(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    post = served.world.add_post("Cursor", "title")
    comment = served.world.add_comment(post, "comment")
    async with wired(served) as wire:
        query = {"link_id": post, "children": comment[3:]}
        answers = await asyncio.gather(*(wire.answer("/api/morechildren", **query) for _ in range(2)))
        assert sorted(status for status, _, _ in answers) == [200, 429]
        assert not any("Retry-After" in headers for _, headers, _ in answers)
        assert (await wire.answer("/api/morechildren", **query))[0] == 200


async def test_a_thread_can_be_read_from_one_comment_on(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    post = served.world.add_post("Cursor", "title")
    first = served.world.add_comment(post, "first")
    served.world.add_comment(post, "second")
    served.world.add_comment(first, "below first")
    async with wired(served) as wire:
        for path, query in (
            (f"/comments/{post[3:]}/_/{first[3:]}", {}),
            (f"/comments/{post[3:]}", {"comment": first[3:]}),
        ):
            _, comments = await wire.get(path, **query)
            assert shown(comments) == {"first": {"below first": {}}}


async def test_threads_that_cannot_be_read_are_refused(lookalike: StartLookalike) -> None:
    served = await lookalike(replace(EMPTY, private=("Secret",)))
    secret = served.world.add_post("Secret", "title")
    gone = served.world.add_post("Cursor", "title")
    served.world.end(gone, Ending.VANISHED)
    async with wired(served) as wire:
        assert (await wire.answer("/comments/zzzzzz"))[0] == 404
        assert (await wire.answer(f"/comments/{gone[3:]}"))[0] == 404
        assert (await wire.answer(f"/comments/{secret[3:]}"))[0] == 403
        assert (await wire.answer("/api/morechildren", link_id=secret, children="a"))[0] == 403
