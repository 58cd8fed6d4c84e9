import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aioresponses import aioresponses
from pydantic import SecretStr

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.things import Ending
from sentiment_service.errors import SourceError
from sentiment_service.logs import NOISY
from sentiment_service.models import Comment, Listing, Page, Post
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.reddit import RedditSource
from sentiment_service.sources.source import Source
from sentiment_service.sources.walk import Goal, walk
from tests.plugins.lookalike import Lookalike, StartLookalike
from tests.sources.conftest import Clock, ScriptedReddit, says

NOW = datetime(2026, 11, 23, 16, 0, 0, tzinfo=UTC)
SMALL = LookalikeOptions(
    subreddits=("Cursor", "ClaudeAI"),
    posts=30,
    comments=40,
    new_per_minute=0,
    epoch=NOW,
    clock=lambda: NOW,
    private=("hidden",),
    banned=("gone",),
    quarantined=("odd",),
)
EMPTY = LookalikeOptions(subreddits=("Cursor",), posts=0, comments=0, new_per_minute=0, clock=lambda: NOW)
RECORDED = Path(__file__).parents[3] / "shared" / "data" / "reddit_recorded.ndjson.gz"

OpenSource = Callable[..., "asyncio.Future[RedditSource]"]


class Sources:
    """Opens sources that wait on the test's clock, and closes them with the test."""

    def __init__(self, stack: AsyncExitStack, clock: Clock) -> None:
        self._stack = stack
        self._clock = clock

    async def open(self, url: str, **changes: object) -> RedditSource:
        settings = RedditSettings.model_validate(
            {
                "subreddits": ("Cursor", "ClaudeAI"),
                "client_id": SecretStr("the-id"),
                "client_secret": SecretStr("the-secret"),
                "username": "tester",
                "oauth_url": url,
                "reddit_url": url,
                "request_timeout_seconds": 5.0,
                "request_deadline_seconds": 10.0,
                **changes,
            }
        )
        source = RedditSource(settings, now=lambda: NOW, clock=self._clock, sleep=self._clock.sleep)
        self._stack.push_async_callback(source.close)
        await source.open()
        return source


@pytest.fixture
async def sources(clock: Clock) -> AsyncIterator[Sources]:
    async with AsyncExitStack() as stack:
        yield Sources(stack, clock)


@pytest.fixture
async def small(lookalike: StartLookalike) -> Lookalike:
    """A small look-alike with two open subreddits."""
    return await lookalike(SMALL)


@pytest.fixture
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out asyncprawcore's own pause of up to two seconds before it tries a fresh token."""
    monkeypatch.setattr("asyncprawcore.sessions.random.random", lambda: 0.0)


async def whole_thread(source: RedditSource, post_id: str, max_requests: int = 50) -> list[Page]:
    return [page async for page in source.thread(post_id, max_requests=max_requests)]


def names_of(*pages: Page) -> list[str]:
    return [item.fullname for page in pages for item in page.items]


# --- listings --------------------------------------------------------------------------------------


async def test_a_listing_brings_its_items_newest_first_with_a_cursor(
    small: Lookalike, sources: Sources
) -> None:
    source: Source = await sources.open(small.url)
    first = await source.listing(("Cursor",), Listing.POSTS, limit=20)
    second = await source.listing(("Cursor",), Listing.POSTS, after=first.after, limit=20)
    times = [item.created_at for item in first.items + second.items]
    assert times == sorted(times, reverse=True)
    assert (first.raw_count, first.after, second.after) == (20, first.items[-1].fullname, None)
    assert {type(item) for item in first.items} == {Post}
    assert {item.subreddit for item in first.items} == {"Cursor"}
    assert not set(names_of(first)) & set(names_of(second))


async def test_a_group_listing_mixes_its_members_and_drops_dead_ones(
    small: Lookalike, sources: Sources
) -> None:
    source = await sources.open(small.url)
    page = await source.listing(("cursor", "CLAUDEAI", "hidden", "gone", "nowhere"), Listing.COMMENTS)
    assert {item.subreddit for item in page.items} == {"Cursor", "ClaudeAI"}
    assert {type(item) for item in page.items} == {Comment}


async def test_a_walk_over_the_wire_reads_a_listing_back_to_its_goal(
    small: Lookalike, sources: Sources
) -> None:
    source = await sources.open(small.url)
    everything = await source.listing(("Cursor",), Listing.POSTS)
    until = everything.items[14].created_at
    whole = walk(
        lambda after: source.listing(("Cursor",), Listing.POSTS, after=after, limit=10),
        {"Cursor": Goal(until=until)},
        max_items=1000,
    )
    names = names_of(*[page async for page in whole])
    assert names == names_of(everything)[: len(names)]
    assert (whole.ended, len(names)) == ("watermark", 20)


async def test_malformed_items_are_set_aside_and_the_others_kept(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    small.faults.add("bad_fields:next=1,path=/new")
    page = await source.listing(("Cursor",), Listing.POSTS)
    assert (len(page.items), len(page.set_aside), page.raw_count) == (26, 3, 29)
    assert {aside.error for aside in page.set_aside} == {"WrongType", "MissingField"}
    assert all(aside.fullname.startswith("t3_") for aside in page.set_aside)


async def test_a_huge_text_comes_whole(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    small.faults.add("big_text:next=1,path=/comments")
    page = await source.listing(("Cursor",), Listing.COMMENTS)
    assert max(len(item.text) for item in page.items) > 200_000


async def test_text_is_neither_escaped_nor_changed(lookalike: StartLookalike, sources: Sources) -> None:
    fake = await lookalike(EMPTY)
    text = "a < b && c > d &amp; \u200b \U0001f600 \r\n\t**bold** \u0000"
    fake.world.add_post("Cursor", "T <& \u00e9", text)
    page = await (await sources.open(fake.url)).listing(("Cursor",), Listing.POSTS)
    post = page.items[0]
    assert isinstance(post, Post)
    assert (post.title, post.text) == ("T <& \u00e9", text)


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded things are not here")
async def test_recorded_things_come_over_the_wire_unharmed(
    scripted: ScriptedReddit, address: str, sources: Sources
) -> None:
    with gzip.open(RECORDED) as lines:
        recorded = [json.loads(line) for line in lines]
    source = await sources.open(address)
    for start in range(0, len(recorded), 100):
        things = recorded[start : start + 100]
        scripted.script.append(says(body={"kind": "Listing", "data": {"children": things, "after": None}}))
        page = await source.listing(("Cursor",), Listing.POSTS)
        scripted.script.clear()
        texts = [thing["data"].get("selftext", thing["data"].get("body")) for thing in things]
        assert [item.text for item in page.items] == texts


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [("hidden", "private"), ("gone", "banned"), ("nowhere", "not_found"), ("odd", "quarantined")],
)
async def test_a_refused_subreddit_is_told_by_kind(
    small: Lookalike, sources: Sources, name: str, kind: str
) -> None:
    source = await sources.open(small.url)
    with pytest.raises(SourceError) as raised:
        await source.listing((name,), Listing.POSTS)
    assert raised.value.kind == kind
    assert f"r/{name}" in raised.value.detail


@pytest.mark.parametrize(
    ("name", "status"),
    [("Cursor", "ok"), ("hidden", "private"), ("gone", "banned"), ("nowhere", "not_found")],
)
async def test_a_probe_tells_how_a_subreddit_is_doing(
    small: Lookalike, sources: Sources, name: str, status: str
) -> None:
    assert await (await sources.open(small.url)).probe(name) == status


async def test_a_probe_that_cannot_tell_says_why(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    with pytest.raises(SourceError) as raised:
        await source.probe("odd")
    assert raised.value.kind == "quarantined"
    small.faults.add("503")
    with pytest.raises(SourceError) as raised:
        await source.probe("Cursor")
    assert raised.value.kind == "unavailable"


@pytest.mark.parametrize("body", [[], {"kind": "Listing", "data": {}}])
async def test_a_probe_believes_only_a_subreddit(
    scripted: ScriptedReddit, address: str, sources: Sources, body: object
) -> None:
    scripted.script.append(says(body=body))
    with pytest.raises(SourceError) as raised:
        await (await sources.open(address)).probe("Cursor")
    assert raised.value.kind == "bad_answer"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, {"reason": "gold_only"}, "private"),
        (403, {"message": "Forbidden"}, "forbidden"),
        (403, b"<html>whoa there, pardner</html>", "forbidden"),
        (404, {}, "not_found"),
        (451, {}, "banned"),
        (301, {}, "not_found"),
        (307, {}, "bad_answer"),
        (204, b"", "bad_answer"),
        (400, {"fields": []}, "bad_answer"),
    ],
)
async def test_every_refusal_becomes_an_error_of_ours(
    scripted: ScriptedReddit, address: str, sources: Sources, status: int, body: object, kind: str
) -> None:
    scripted.script.append(says(status, body))
    with pytest.raises(SourceError) as raised:
        await (await sources.open(address, request_deadline_seconds=1.0)).listing(("Cursor",), Listing.POSTS)
    assert raised.value.kind == kind


# --- credentials -----------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"client_id": SecretStr("other")}, {"client_secret": SecretStr("guess")}])
async def test_wrong_credentials_say_which_settings_to_check_and_nothing_secret(
    lookalike: StartLookalike, sources: Sources, wrong: dict[str, SecretStr]
) -> None:
    fake = await lookalike(LookalikeOptions(posts=1, client_id="the-id", client_secret="the-secret"))
    source = await sources.open(fake.url, **wrong)
    with pytest.raises(SourceError) as raised:
        await source.listing(("Cursor",), Listing.POSTS)
    assert raised.value.kind == "unauthorized"
    assert "reddit.client_id" in raised.value.detail
    assert "reddit.client_secret" in raised.value.detail
    assert not {"the-id", "the-secret", "other", "guess"} & set(str(raised.value).split())
    assert source.usage.last_error == raised.value.detail
    assert fake.requests.total == 1


async def test_a_token_refused_with_status_200_is_unauthorized(
    scripted: ScriptedReddit, address: str, sources: Sources
) -> None:
    scripted.token = says(body={"error": "unsupported_grant_type"})
    with pytest.raises(SourceError) as raised:
        await (await sources.open(address)).probe("Cursor")
    assert (raised.value.kind, "unsupported_grant_type" in raised.value.detail) == ("unauthorized", True)


async def test_an_app_without_a_secret_identifies_itself_by_a_device(
    scripted: ScriptedReddit, address: str, sources: Sources
) -> None:
    scripted.script.append(says(body={"kind": "t5", "data": {}}))
    source = await sources.open(address, client_secret=SecretStr(""))
    assert await source.probe("Cursor") == "ok"
    assert scripted.token_requests[0]["grant_type"] == "https://oauth.reddit.com/grants/installed_client"


async def test_many_first_requests_fetch_one_token(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    await asyncio.gather(*(source.listing(("Cursor",), Listing.POSTS) for _ in range(8)))
    assert small.requests.by_path["/api/v1/access_token"] == 1
    assert source.usage.requests == small.requests.total == 9


@pytest.mark.usefixtures("no_jitter")
async def test_a_token_that_expires_in_mid_run_is_replaced(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    first = await source.listing(("Cursor",), Listing.POSTS)
    small.tokens.revoke_all()
    assert await source.listing(("Cursor",), Listing.POSTS) == first
    assert small.requests.by_path["/api/v1/access_token"] == 2


async def test_a_token_that_expires_under_many_requests_is_replaced_once_for_all(
    small: Lookalike, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None)
    source = await sources.open(small.url)
    first = await source.listing(("Cursor",), Listing.POSTS)
    for tokens in (2, 3, 4):
        small.tokens.revoke_all()
        pages = await asyncio.gather(*(source.listing(("Cursor",), Listing.POSTS) for _ in range(12)))
        assert pages == [first] * 12
        assert small.requests.by_path["/api/v1/access_token"] == tokens


async def test_requests_do_not_wait_for_ever_for_a_token_that_does_not_come(
    small: Lookalike, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None)
    monkeypatch.setattr("sentiment_service.sources.broker.RENEWAL_LIMIT_S", 0.05)
    source = await sources.open(small.url)
    await source.listing(("Cursor",), Listing.POSTS)
    small.faults.add("401:path=/r/")
    refused = await asyncio.gather(
        *(source.listing(("Cursor",), Listing.POSTS) for _ in range(4)), return_exceptions=True
    )
    assert [error.kind for error in refused if isinstance(error, SourceError)] == ["unauthorized"] * 4


@pytest.mark.usefixtures("no_jitter")
async def test_tokens_that_are_refused_again_and_again_are_unauthorized(
    small: Lookalike, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asyncprawcore.sessions.FiniteRetryStrategy._sleep_seconds", lambda _: None)
    source = await sources.open(small.url)
    small.faults.add("401:path=/r/")
    with pytest.raises(SourceError) as raised:
        await source.listing(("Cursor",), Listing.POSTS)
    assert (raised.value.kind, small.requests.by_path["/r/Cursor/new"]) == ("unauthorized", 3)


async def test_the_user_agent_says_who_asks(scripted: ScriptedReddit, address: str, sources: Sources) -> None:
    agents: list[str] = []

    async def remember(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        agents.append(request.headers["User-Agent"])
        return aiohttp.web.json_response({"kind": "t5", "data": {}})

    scripted.script.append(remember)
    await (await sources.open(address)).probe("Cursor")
    assert agents[0].startswith("python:sentiment_service:")
    assert "(by /u/tester)" in agents[0]
    assert "raw_json=1" in scripted.paths[0]


# --- a Reddit that fails ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["429", "429_bare", "500", "502", "503", "504", "reset", "cut", "truncated", "not_json"]
)
async def test_a_passing_fault_is_outlasted(small: Lookalike, sources: Sources, fault: str) -> None:
    source = await sources.open(small.url)
    expected = await source.listing(("Cursor",), Listing.POSTS)
    small.faults.add(f"{fault}:next=2,path=/new")
    assert await source.listing(("Cursor",), Listing.POSTS) == expected
    # aiohttp itself repeats a request whose kept connection turns out to be dead, once and uncounted.
    uncounted = fault == "reset"
    assert (source.usage.retries, source.usage.requests) == (2 - uncounted, small.requests.total - uncounted)
    assert source.usage.throttled == (2 if fault.startswith("429") else 0)


async def test_a_hang_is_outlasted(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url, request_timeout_seconds=0.2)
    small.faults.add("hang:next=1,path=/new")
    assert (await source.listing(("Cursor",), Listing.POSTS)).raw_count == 29


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429:seconds=300", "rate_limited"),
        ("429_bare", "rate_limited"),
        ("503", "unavailable"),
        ("reset", "unavailable"),
        ("truncated", "bad_answer"),
        ("403", "forbidden"),
        ("404", "not_found"),
    ],
)
async def test_a_lasting_fault_is_an_error_of_its_kind(
    small: Lookalike, sources: Sources, clock: Clock, fault: str, kind: str
) -> None:
    source = await sources.open(small.url)
    small.faults.add(fault + (",path=/new" if ":" in fault else ":path=/new"))
    started = clock()
    with pytest.raises(SourceError) as raised:
        await source.listing(("Cursor",), Listing.POSTS)
    assert raised.value.kind == kind
    assert clock() - started <= 10.0


async def test_a_spent_rate_limit_is_waited_for_rather_than_broken(
    lookalike: StartLookalike, sources: Sources, clock: Clock
) -> None:
    def now() -> datetime:
        return NOW + timedelta(seconds=clock() - 1000.0)

    fake = await lookalike(
        LookalikeOptions(posts=1, comments=0, new_per_minute=0, clock=now, rate_limit=5, rate_window_s=60)
    )
    source = await sources.open(fake.url, reserve_requests=0, request_deadline_seconds=120.0)
    for _ in range(12):
        await source.probe("Cursor")
    assert fake.requests.total == 13
    assert 100.0 <= sum(clock.slept) <= 140.0
    assert source.usage.rate_limit_remaining is not None
    assert source.usage.rate_limit_reset_s is not None


@pytest.mark.parametrize("fault", ["duplicated", "reordered"])
async def test_pages_in_disorder_lose_and_repeat_nothing(
    small: Lookalike, sources: Sources, fault: str
) -> None:
    source = await sources.open(small.url)
    expected = names_of(await source.listing(("Cursor",), Listing.COMMENTS))
    small.faults.add(fault)
    whole = walk(
        lambda after: source.listing(("Cursor",), Listing.COMMENTS, after=after, limit=10),
        {"Cursor": Goal()},
        max_items=1000,
    )
    assert sorted(names_of(*[page async for page in whole])) == sorted(expected)


# --- threads and single items ----------------------------------------------------------------------


def grow_thread(fake: Lookalike, answers: int, depth: int) -> tuple[str, set[str]]:
    """A post with so many direct answers, and a chain of answers below the first."""
    post = fake.world.add_post("Cursor", "thread", created_at=NOW - timedelta(hours=2))
    made = {post}
    above = post
    for number in range(answers):
        made.add(fake.world.add_comment(post, f"answer {number}", created_at=NOW - timedelta(minutes=90)))
    for number in range(depth):
        above = fake.world.add_comment(
            above, f"deeper {number}", created_at=NOW - timedelta(minutes=80 - number)
        )
        made.add(above)
    return post, made


async def test_a_thread_comes_whole_with_what_is_behind_its_stubs(
    lookalike: StartLookalike, sources: Sources
) -> None:
    fake = await lookalike(
        LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=lambda: NOW, thread_limit=50)
    )
    post, made = grow_thread(fake, answers=260, depth=25)
    source = await sources.open(fake.url)
    pages = await whole_thread(source, post)
    names = names_of(*pages)
    assert names[0] == post
    assert (len(names), set(names)) == (len(made), made)
    assert max(len(page.items) for page in pages) <= 100


async def test_a_thread_too_deep_to_be_shown_at_once_is_followed_down(
    lookalike: StartLookalike, sources: Sources
) -> None:
    fake = await lookalike(EMPTY)
    post, made = grow_thread(fake, answers=0, depth=25)
    names = names_of(*await whole_thread(await sources.open(fake.url), post))
    assert (len(names), set(names)) == (26, made)
    assert fake.requests.total == 1 + 3


async def test_a_thread_keeps_to_its_budget(lookalike: StartLookalike, sources: Sources) -> None:
    fake = await lookalike(
        LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=lambda: NOW, thread_limit=50)
    )
    post, _ = grow_thread(fake, answers=260, depth=0)
    source = await sources.open(fake.url)
    assert await whole_thread(source, post, max_requests=0) == []
    assert len(names_of(*await whole_thread(source, post.removeprefix("t3_"), max_requests=2))) == 151
    assert fake.requests.total == 3


async def test_threads_read_at_once_ask_for_more_comments_one_after_the_other(
    lookalike: StartLookalike, sources: Sources, clock: Clock
) -> None:
    fake = await lookalike(
        LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=lambda: NOW, thread_limit=10)
    )
    posts = [grow_thread(fake, answers=30, depth=0)[0] for _ in range(4)]
    source = await sources.open(fake.url)
    threads = await asyncio.gather(*(whole_thread(source, post) for post in posts))
    assert [len(names_of(*pages)) for pages in threads] == [31] * 4
    assert (source.usage.throttled, clock.slept) == (0, [])


async def test_deleted_and_removed_comments_keep_their_placeholders(
    lookalike: StartLookalike, sources: Sources
) -> None:
    fake = await lookalike(EMPTY)
    post, _ = grow_thread(fake, answers=0, depth=3)
    source = await sources.open(fake.url)
    deleted = names_of(*await whole_thread(source, post))[1]
    fake.world.end(deleted, Ending.DELETED)
    comment = next(
        item for page in await whole_thread(source, post) for item in page.items if item.fullname == deleted
    )
    assert (comment.author, comment.text) == (None, "[deleted]")


async def test_a_thread_that_is_not_there_says_so(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    with pytest.raises(SourceError) as raised:
        await whole_thread(source, "zzzzzz")
    assert raised.value.kind == "not_found"


async def test_an_id_that_is_none_is_not_asked_for(small: Lookalike, sources: Sources) -> None:
    with pytest.raises(ValueError):
        await whole_thread(await sources.open(small.url), "../api/info")
    assert small.requests.total == 0


async def test_info_brings_what_exists_and_leaves_out_what_does_not(
    small: Lookalike, sources: Sources
) -> None:
    source = await sources.open(small.url)
    posts = names_of(await source.listing(("Cursor",), Listing.POSTS, limit=3))
    comments = names_of(await source.listing(("Cursor",), Listing.COMMENTS, limit=2))
    small.world.end(posts[0], Ending.VANISHED)
    page = await source.info([*posts, *comments, "t3_zzzzzz"])
    assert set(names_of(page)) == {*posts[1:], *comments}
    assert (await source.info([])).raw_count == 0
    with pytest.raises(ValueError):
        await source.info(["t3_a"] * 101)


# --- opening and closing ---------------------------------------------------------------------------


async def test_a_source_can_be_opened_and_closed_again_and_again(small: Lookalike, sources: Sources) -> None:
    source = await sources.open(small.url)
    for _ in range(3):
        await source.open()
        assert (await source.listing(("Cursor",), Listing.POSTS)).raw_count == 29
        await source.close()
        await source.close()
        with pytest.raises(SourceError) as raised:
            await source.probe("Cursor")
        assert raised.value.kind == "unavailable"
    assert source.usage.requests == small.requests.total == 6
    assert source.usage.last_ok_at == NOW


async def test_a_client_that_cannot_be_built_leaves_nothing_open(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[aiohttp.ClientSession] = []

    def refuse(_: RedditSource, session: aiohttp.ClientSession) -> None:
        made.append(session)
        raise ValueError("a broken praw.ini")

    monkeypatch.setattr(RedditSource, "_build", refuse)
    with pytest.raises(ValueError, match="broken"):
        await sources.open("http://127.0.0.1:9")
    assert made[0].closed


async def test_neither_environment_nor_site_choose_the_credentials(
    lookalike: StartLookalike, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "site": "elsewhere",
        "username": "u",
        "password": "p",
        "client_id": "x",
        "refresh_token": "r",
    }.items():
        monkeypatch.setenv(f"praw_{name}", value)
    fake = await lookalike(LookalikeOptions(posts=1, client_id="the-id", client_secret="the-secret"))
    assert await (await sources.open(fake.url)).probe("Cursor") == "ok"


async def test_no_secret_is_ever_logged(
    small: Lookalike, sources: Sources, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", *NOISY):  # loggers that the command line quietens, for every test after its own
        caplog.set_level(logging.DEBUG, logger=name)
    source = await sources.open(small.url)
    await source.listing(("Cursor",), Listing.POSTS)
    assert caplog.records
    assert "the-secret" not in caplog.text
    assert "earer" not in caplog.text


async def test_a_canned_answer_without_any_server_is_read_alike(
    canned: aioresponses, sources: Sources
) -> None:
    url = "http://reddit.invalid"
    canned.post(f"{url}/api/v1/access_token", payload={"access_token": "t", "expires_in": 60, "scope": "*"})
    canned.get(f"{url}/r/Cursor/about?raw_json=1", payload={"kind": "t5", "data": {"display_name": "Cursor"}})
    assert await (await sources.open(url)).probe("Cursor") == "ok"
