"""Reddit as a source, through asyncpraw.

Listings, threads and items are asked for as raw JSON: asyncpraw's model objects would cost memory, hide
cursors, and let one malformed item spoil its page. Every request passes the broker.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
import asyncpraw
from asyncprawcore.exceptions import AsyncPrawcoreException

from sentiment_service import __version__
from sentiment_service.errors import SourceError
from sentiment_service.models import Item, Listing, Page, SetAside, SubredditStatus, utc_now
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.broker import Broker, Limits
from sentiment_service.sources.listing import lay_flat, listing_of, more_of, thread_of
from sentiment_service.sources.rate import RateWindow
from sentiment_service.sources.refusal import source_error_of
from sentiment_service.sources.things import ThingReader
from sentiment_service.sources.turns import Turns
from sentiment_service.sources.usage import Meter, Usage

PAGE = 100
"""Things on a page, ids in one ``info`` request, comments in one ``morechildren`` request."""

READ_AT_ONCE = 25
"""Things made into items in one turn of the event loop: some 0.2 ms."""

THREAD_LIMIT = 500
"""Comments Reddit puts into one thread at most."""

_ID = re.compile(r"[0-9a-z]{1,20}")


class RedditSource:
    """Reads Reddit with an app's own rights, without an account.

    May be opened again after it was closed; its counts and what it knows of the rate limit go on.

    :param settings: addresses, credentials and limits.
    :param now: the wall clock, in UTC.
    :param clock: monotonic seconds.
    :param sleep: waits for seconds of that clock.
    """

    def __init__(
        self,
        settings: RedditSettings,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._reader = ThingReader(settings.subreddits, now=now)
        self._rate = RateWindow(reserve=settings.reserve_requests)
        self._meter = Meter(now=now)
        self._turns = Turns()
        self._client: asyncpraw.Reddit | None = None
        self._one_more = asyncio.Semaphore(1)

    async def open(self) -> None:
        """Make ready; idempotent. Sends nothing, so it does not tell whether the credentials are right."""
        if self._client is None:
            session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
            try:
                # asyncpraw reads its own praw.ini files when it is built.
                self._client = await asyncio.to_thread(self._build, session)
            finally:
                if self._client is None:
                    await session.close()

    async def close(self) -> None:
        """Close all connections; idempotent."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def listing(
        self, subreddits: Sequence[str], listing: Listing, *, after: str | None = None, limit: int = PAGE
    ) -> Page:
        """One page of new posts or comments of one or several subreddits, newest first.

        A group's listing leaves out private, banned and unknown members without a word: see ``probe``.

        :param after: cursor of the page before.
        :param limit: things on the page, at most 100.
        :raises SourceError: when Reddit refuses, fails or answers nonsense.
        """
        names = "+".join(subreddits)
        params: dict[str, str | int] = {"limit": limit}
        if after is not None:
            params["after"] = after
        things, cursor = listing_of(await self._get(f"/r/{names}/{listing.value}", params, f"r/{names}"))
        return await self._page(things, after=cursor)

    async def thread(self, post_id: str, *, max_requests: int) -> AsyncIterator[Page]:
        """A post and its comments, each once, in pages of at most 100.

        What is behind ``more`` stubs is asked for as far as the requests allow, one request at a time: Reddit
        refuses ``morechildren`` requests that overlap.

        :param post_id: with or without ``t3_``.
        :param max_requests: requests to spend at most; repetitions of failed ones are not counted.
        :raises SourceError: when Reddit refuses, fails or answers nonsense; pages yielded before stay valid.
        """
        post_id = _bare(post_id, "t3_")
        asked: set[str] = set()
        seen: set[str] = set()
        missing: list[str] = []
        continued: list[str | None] = [None]
        for _ in range(max_requests):
            if missing:
                batch, missing = missing[:PAGE], missing[PAGE:]
                posts: list[object] = []
                comments = await self._more(post_id, batch)
            elif continued:
                posts, comments = await self._branch(post_id, continued.pop(0))
            else:
                return
            flat = await self._turns.run(lay_flat, comments)
            missing += _unasked(flat.missing, asked)
            continued += _unasked(flat.continued, asked)
            things = [*posts, *flat.things]
            for start in range(0, len(things), PAGE):
                page = await self._page(things[start : start + PAGE])
                items = tuple(item for item in page.items if item.fullname not in seen)
                seen.update(item.fullname for item in items)
                yield replace(page, items=items)

    async def info(self, fullnames: Sequence[str]) -> Page:
        """The items with these fullnames, at most 100; those that Reddit does not show are absent.

        :raises ValueError: for more than 100.
        :raises SourceError: when Reddit refuses, fails or answers nonsense.
        """
        if len(fullnames) > PAGE:
            raise ValueError(f"at most {PAGE} fullnames at once, not {len(fullnames)}")
        if not fullnames:
            return Page(items=(), set_aside=(), after=None, raw_count=0)
        things, _ = listing_of(await self._get("/api/info", {"id": ",".join(fullnames)}, "stored items"))
        return await self._page(things)

    async def probe(self, subreddit: str) -> SubredditStatus:
        """How a subreddit is doing, asked for alone: ``ok``, ``private``, ``banned`` or ``not_found``.

        :raises SourceError: when it cannot be told, or is ``quarantined``, which has no status of its own.
        """
        try:
            about = await self._get(f"/r/{subreddit}/about", {}, f"r/{subreddit}")
        except SourceError as error:
            if error.kind in ("private", "banned", "not_found"):
                return error.kind
            raise
        if not isinstance(about, dict) or about.get("kind") != "t5":
            raise SourceError("bad_answer", f"Reddit did not answer about r/{subreddit}")
        return "ok"

    @property
    def usage(self) -> Usage:
        """What requests cost so far."""
        now = self._clock()
        return self._meter.snapshot(remaining=self._rate.remaining(now), reset_s=self._rate.reset_s(now))

    async def _get(self, path: str, params: dict[str, str | int], subject: str) -> Any:
        if self._client is None:
            raise SourceError("unavailable", "the connection to Reddit is not open")
        try:
            return await self._client.request(method="GET", path=path, params=params)
        except AsyncPrawcoreException as error:
            refused = source_error_of(error, subject)
            if refused.kind == "unauthorized":
                self._meter.failed(refused.detail)
            raise refused from error

    async def _page(self, things: Sequence[object], *, after: str | None = None) -> Page:
        """Things as a page, a few in each turn of the loop."""
        items: list[Item] = []
        set_aside: list[SetAside] = []
        for start in range(0, len(things), READ_AT_ONCE):
            part = await self._turns.run(self._reader.page, things[start : start + READ_AT_ONCE])
            items += part.items
            set_aside += part.set_aside
        return Page(tuple(items), tuple(set_aside), after, len(things))

    async def _branch(self, post_id: str, comment_id: str | None) -> tuple[list[object], list[object]]:
        """A thread from its top, or from one of its comments, whose post was had before."""
        params: dict[str, str | int] = {"limit": THREAD_LIMIT}
        if comment_id is not None:
            params["comment"] = comment_id
        return thread_of(await self._get(f"/comments/{post_id}", params, f"post {post_id}"))

    async def _more(self, post_id: str, ids: Sequence[str]) -> list[object]:
        params: dict[str, str | int] = {
            "api_type": "json",
            "link_id": f"t3_{post_id}",
            "children": ",".join(ids),
        }
        async with self._one_more:
            return more_of(await self._get("/api/morechildren", params, f"post {post_id}"))

    def _build(self, session: aiohttp.ClientSession) -> asyncpraw.Reddit:
        """An asyncpraw client that takes nothing from a praw.ini or the environment that matters."""
        settings = self._settings
        client = asyncpraw.Reddit(
            "DEFAULT",
            requestor_class=Broker,
            requestor_kwargs={
                "session": session,
                "limits": Limits(
                    concurrent=settings.max_concurrent_requests,
                    timeout_s=settings.request_timeout_seconds,
                    deadline_s=settings.request_deadline_seconds,
                ),
                "rate": self._rate,
                "meter": self._meter,
                "turns": self._turns,
                "now": self._now,
                "clock": self._clock,
                "sleep": self._sleep,
            },
            client_id=settings.client_id.get_secret_value(),
            # Without a secret it is an installed app, which identifies itself by a device.
            client_secret=settings.client_secret.get_secret_value() or None,
            user_agent=f"python:sentiment_service:{__version__} (by /u/{settings.username})",
            oauth_url=settings.oauth_url,
            reddit_url=settings.reddit_url,
            username=None,
            password=None,
            refresh_token=None,
            redirect_uri=None,
            check_for_updates=False,
        )
        client.read_only = True
        return client


def _bare(name: str, kind: str) -> str:
    bare = name.removeprefix(kind)
    if not _ID.fullmatch(bare):
        raise ValueError(f"not an id of Reddit: {name!r}")
    return bare


def _unasked(ids: Sequence[str], asked: set[str]) -> list[str]:
    """The ids not asked for before, in their order, from now on counted as asked for."""
    fresh = [name for name in dict.fromkeys(ids) if name not in asked and _ID.fullmatch(name)]
    asked.update(fresh)
    return fresh
