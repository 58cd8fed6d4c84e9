"""The look-alike as the real Reddit client sees it, and as a program."""

import asyncio
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import asyncprawcore
import pytest
from aioresponses import aioresponses
from asyncpraw.models import Comment, MoreComments, Submission

from sentiment_service.demo.lookalike import (
    READY,
    LookalikeOptions,
    create_lookalike,
    create_world,
    serve_lookalike,
    serving,
)
from sentiment_service.demo.things import Ending
from sentiment_service.errors import StartupError
from tests.demo.conftest import OpenPraw
from tests.plugins.lookalike import StartLookalike

SMALL = LookalikeOptions(
    subreddits=("Cursor", "ClaudeAI"), posts=150, comments=250, new_per_minute=0, rate_limit=1_000_000
)

PROGRAM = """
import argparse, asyncio
from sentiment_service.demo.arguments import add_arguments, options_from
from sentiment_service.demo.lookalike import serve_lookalike
parser = argparse.ArgumentParser()
add_arguments(parser)
arguments = parser.parse_args()
asyncio.run(serve_lookalike(options_from(arguments), arguments.host, arguments.port))
"""


async def test_the_reddit_client_reads_both_listings_to_their_end(
    lookalike: StartLookalike, praw: OpenPraw
) -> None:
    served = await lookalike(SMALL)
    subreddit = await praw(served).subreddit("cursor")
    posts = [post async for post in subreddit.new(limit=None)]
    comments = [comment async for comment in subreddit.comments(limit=None)]
    community, now = served.world.communities["cursor"], served.world.now
    assert [post.id for post in posts] == [post.id for post in reversed(community.posts) if post.listed(now)]
    assert [each.id for each in comments] == [
        comment.id for comment in reversed(community.comments) if comment.listed(now)
    ]
    assert {post.subreddit.display_name for post in posts} == {"Cursor"}
    assert served.requests.by_path["/r/cursor/new"] == 2


async def test_a_listing_ends_after_a_thousand_things(lookalike: StartLookalike, praw: OpenPraw) -> None:
    served = await lookalike(replace(SMALL, subreddits=("Cursor",), posts=1200, comments=0))
    posts = [post.id async for post in (await praw(served).subreddit("Cursor")).new(limit=None)]
    assert len(posts) == len(set(posts)) == 1000
    assert served.requests.by_path["/r/Cursor/new"] == 10


async def test_a_thread_gives_all_its_comments_when_more_is_replaced(
    lookalike: StartLookalike, praw: OpenPraw
) -> None:
    served = await lookalike(replace(SMALL, thread_limit=20))
    world = served.world
    post = max(world.communities["cursor"].posts, key=lambda each: each.comment_count(world.now))
    alive = {comment.id for comment in post.comments if comment.listed(world.now)}
    submission = await praw(served).submission(post.id)
    assert any(isinstance(comment, MoreComments) for comment in submission.comments.list())
    assert await submission.comments.replace_more(limit=None) == []
    seen = {comment.id: comment for comment in submission.comments.list() if isinstance(comment, Comment)}
    assert alive <= set(seen)
    assert submission.num_comments == len(alive) > 20
    assert all(
        seen[name].author is None and seen[name].body in ("[deleted]", "[removed]")
        for name in set(seen) - alive
    )
    parents = {comment.id: comment.parent_id for comment in post.comments}
    assert all(comment.parent_id == parents[comment.id] for comment in seen.values())


async def test_a_deep_thread_is_continued_by_the_client(lookalike: StartLookalike, praw: OpenPraw) -> None:
    served = await lookalike(replace(SMALL, posts=0, comments=0))
    fullname = post = served.world.add_post("Cursor", "A deep thread")
    for depth in range(25):
        fullname = served.world.add_comment(fullname, f"at depth {depth}")
    submission = await praw(served).submission(post.removeprefix("t3_"))
    await submission.comments.replace_more(limit=None)
    texts = [getattr(comment, "body", None) for comment in submission.comments.list()]
    assert texts == [f"at depth {depth}" for depth in range(25)]


async def test_info_finds_posts_and_comments_and_leaves_out_what_is_unknown(
    lookalike: StartLookalike, praw: OpenPraw
) -> None:
    served = await lookalike(SMALL)
    world = served.world
    community = world.communities["claudeai"]
    asked = [post.fullname for post in community.posts[:80]]
    asked += [comment.fullname for comment in community.comments[:80]]
    world.end(asked[0], Ending.REMOVED)
    world.end(asked[1], Ending.VANISHED)
    vanished = {
        name for name in asked if (thing := world.thing(name)) is not None and thing.vanished(world.now)
    }
    found = [thing async for thing in praw(served).info(fullnames=[*asked, "t3_zzzzzz", "t1_zzzzzz"])]
    assert [thing.fullname for thing in found] == [name for name in asked if name not in vanished]
    assert isinstance(found[0], Submission)
    assert (found[0].selftext, found[0].author) == ("[removed]", None)
    assert served.requests.by_path["/api/info"] == 2


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Secret", asyncprawcore.Forbidden),
        ("Evil", asyncprawcore.NotFound),
        ("Dubious", asyncprawcore.Forbidden),
        ("Nowhere", asyncprawcore.Redirect),
    ],
)
async def test_a_subreddit_that_cannot_be_read_is_refused_as_reddit_refuses_it(
    lookalike: StartLookalike,
    praw: OpenPraw,
    name: str,
    error: type[asyncprawcore.ResponseException],
) -> None:
    served = await lookalike(replace(SMALL, private=("Secret",), banned=("Evil",), quarantined=("Dubious",)))
    reddit = praw(served)
    with pytest.raises(error):
        await (await reddit.subreddit(name)).load()
    with pytest.raises(error):
        [post async for post in (await reddit.subreddit(name)).new()]
    served.world.set_access(name, "open")
    subreddit = await reddit.subreddit(name.upper(), fetch=True)
    assert subreddit.display_name == name


async def test_an_expired_token_is_renewed_by_the_client(lookalike: StartLookalike, praw: OpenPraw) -> None:
    served = await lookalike(SMALL)
    subreddit = await praw(served).subreddit("Cursor")
    assert len([post async for post in subreddit.new(limit=3)]) == 3
    served.tokens.revoke_all()
    assert len([post async for post in subreddit.new(limit=3)]) == 3
    assert served.requests.by_path["/api/v1/access_token"] == 2


async def test_wrong_credentials_are_refused(lookalike: StartLookalike, praw: OpenPraw) -> None:
    served = await lookalike(replace(SMALL, client_id="id", client_secret="another"))
    with pytest.raises(asyncprawcore.ResponseException) as refused:
        [post async for post in (await praw(served).subreddit("Cursor")).new()]
    assert refused.value.response.status == 401


async def test_a_throttled_client_learns_when_to_come_back(lookalike: StartLookalike, praw: OpenPraw) -> None:
    served = await lookalike(SMALL)
    served.faults.add("429:next=1,path=/r/,seconds=7")
    served.faults.add("429_bare:next=1,path=/r/")
    subreddit = await praw(served).subreddit("Cursor")
    for retry_after in ("7", None):
        with pytest.raises(asyncprawcore.TooManyRequests) as throttled:
            [post async for post in subreddit.new()]
        assert throttled.value.response.headers.get("Retry-After") == retry_after


def test_the_same_seed_and_epoch_give_the_same_world() -> None:
    epoch = datetime(2026, 11, 20, 12, tzinfo=UTC)
    options = replace(
        SMALL, epoch=epoch, new_per_minute=5.0, clock=lambda: datetime(2026, 11, 20, 13, tzinfo=UTC)
    )
    first, second = create_world(options), create_world(options)
    other = create_world(replace(options, seed=2))

    def told(world: object) -> list[tuple[str, str]]:
        assert isinstance(world, type(first))
        return [(post.fullname, world.words(post).title) for post in world.communities["cursor"].posts]

    assert first.now == second.now
    assert told(first) == told(second)
    assert told(first) != told(other)


async def test_a_taken_port_is_one_clear_error() -> None:
    async with serving(create_lookalike(replace(SMALL, posts=0))) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(StartupError, match=rf"cannot listen on 127\.0\.0\.1:{port}"):
            await serve_lookalike(replace(SMALL, posts=0), port=port)


async def test_the_program_says_when_it_is_ready_and_ends_on_sigterm() -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, "--posts", "5", "--comments", "5", "--fault", "hang:path=/r/Bard"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert program.stdout is not None
        ready = READY.search((await program.stdout.readline()).decode())
        assert ready is not None
        async with aiohttp.ClientSession(ready.group(1)) as session:
            async with session.get("/r/Cursor/new") as response:
                assert response.status == 401
            hanging = asyncio.create_task(session.get("/r/Bard/new").__aenter__())
            async with session.get("/_control/stats") as response:
                assert (await response.json())["by_path"]["/r/Cursor/new"] == 1
            program.send_signal(signal.SIGTERM)
            assert await program.wait() == 0
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def test_canned_answers_work_with_this_aiohttp(canned: aioresponses) -> None:
    canned.get("http://reddit.test/r/Cursor/about", payload={"kind": "t5"})
    async with (
        aiohttp.ClientSession() as session,
        session.get("http://reddit.test/r/Cursor/about") as response,
    ):
        assert await response.json() == {"kind": "t5"}
