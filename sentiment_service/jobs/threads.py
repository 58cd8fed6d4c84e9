"""Fetching comments that are known to be missing, by opening their threads."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sentiment_service.errors import SourceError
from sentiment_service.jobs.breaker import ABOUT_THE_SUBREDDIT
from sentiment_service.jobs.ingest import Ingest
from sentiment_service.jobs.ledger import Ledger
from sentiment_service.jobs.plan import threads_to_open
from sentiment_service.models import Post, Watermark
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.source import Source
from sentiment_service.store.items import Items

CANDIDATES = 2000
FAILURES_BORNE = 3
"""Threads that may fail before the rest is left for the next collection."""
CLOCK_SKEW = timedelta(hours=1)
"""How far Reddit's clock may be ahead of ours."""


class MissingComments:
    """Opens threads, most engaged first, within a budget of requests for each cycle."""

    def __init__(
        self, settings: RedditSettings, source: Source, items: Items, ingest: Ingest, ledger: Ledger
    ) -> None:
        self._settings = settings
        self._source = source
        self._items = items
        self._ingest = ingest
        self._ledger = ledger

    async def fetch(self, marks: Mapping[str, Watermark], *, now: Callable[[], datetime]) -> None:
        """Open the threads of recent posts that lack comments, unless their subreddits failed.

        :raises StoreError: when the database is away or refuses.
        """
        whole = left = self._settings.thread_requests_per_cycle
        if not whole:
            return
        since, until = now() - timedelta(hours=self._settings.thread_max_age_hours), now() + CLOCK_SKEW
        posts = await self._items.posts_between(since, until, limit=CANDIDATES)
        stored = await self._items.comment_counts([each.post.fullname for each in posts])
        failures = 0
        for each in threads_to_open(posts, stored, marks):
            try:
                spent, counted = await self._open(each.post, left)
            except SourceError as error:
                failures += 1
                await self._failed(each.post, error)
                if failures >= FAILURES_BORNE:
                    return
                continue
            if spent >= left == whole:
                detail = (
                    f"thread {each.post.fullname} takes more requests than a collection may spend on threads"
                )
                self._ledger.note(each.post.subreddit, "thread_too_large", detail)
            # A thread cut short is opened again, unless it takes more than a whole collection may spend.
            if spent < left or left == whole:
                await self._items.thread_opened(each.post.fullname, counted)
            left -= spent
            if left <= 0:
                return
            await self._ledger.report()

    async def _failed(self, post: Post, error: SourceError) -> None:
        """A thread that Reddit refuses is not asked for again; one that failed in passing is."""
        self._ledger.note(post.subreddit, error.kind, f"thread {post.fullname}: {error.detail}")
        if error.kind in ABOUT_THE_SUBREDDIT:
            await self._items.thread_opened(post.fullname, post.comment_count)

    async def _open(self, post: Post, budget: int) -> tuple[int, int]:
        """Read a thread; returns the requests it took and the comments Reddit counts in it."""
        before, counted = self._source.usage.requests, post.comment_count
        async for page in self._source.thread(post.fullname, max_requests=budget):
            await self._ingest.take(page)
            counted = next((each.comment_count for each in page.items if isinstance(each, Post)), counted)
        return max(1, self._source.usage.requests - before), counted
