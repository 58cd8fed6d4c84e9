"""Recomputing what is trending, from stored posts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sentiment_service.jobs.threads import CLOCK_SKEW
from sentiment_service.jobs.topics_process import find_topics_aside
from sentiment_service.models import StoredPost, TrendingTopic, utc_now
from sentiment_service.settings import TrendingSettings
from sentiment_service.store.stores import Store

POSTS_READ = 5000
"""Posts of the window, and of the days before it, that are looked at; the newest of each."""
ENOUGH_POSTS = 100
WIDEST_HOURS = 168


class Trending:
    """Finds topics and puts them in the place of the ones before.

    :param settings: what counts as trending.
    """

    def __init__(
        self, store: Store, settings: TrendingSettings, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    async def run(self) -> dict[str, int]:
        """One recomputation; returns how many posts were looked at and topics found.

        :raises StoreError: when the database refuses or is away; the topics before stay.
        :raises TopicsError: when they could not be found; the topics before stay.
        """
        now = self._now()
        epoch = await self._store.purges.epoch()
        begin, posts = await self._window(now)
        days = timedelta(days=self._settings.baseline_days)
        earlier = await self._store.items.posts_between(begin - days, begin, limit=POSTS_READ)
        tallies = await self._store.items.comment_tallies([each.post.fullname for each in posts])
        topics = await find_topics_aside(
            posts, earlier, settings=self._settings, now=now, comment_tallies=tallies
        )
        await self._store.trending.replace(topics)
        if await self._store.purges.epoch() != epoch:
            await self._forget(topics)
        await self._store.state.bump_version()
        return {
            "posts": len(posts),
            "topics": len(topics),
            "hours": round((now - begin) / timedelta(hours=1)),
        }

    async def _forget(self, topics: Sequence[TrendingTopic]) -> None:
        """Take topics back whose posts were purged while they were being found."""
        shown = [post.id for topic in topics for post in topic.posts]
        stored = await self._store.items.known(shown)
        await self._store.purges.drop_topics_of([post_id for post_id in shown if post_id not in stored])

    async def _window(self, now: datetime) -> tuple[datetime, list[StoredPost]]:
        """The posts that can trend: those of the set window, doubled up to a week while they are few."""
        hours = self._settings.window_hours
        while True:
            begin = now - timedelta(hours=hours)
            posts = await self._store.items.posts_between(begin, now + CLOCK_SKEW, limit=POSTS_READ)
            if len(posts) >= ENOUGH_POSTS or hours >= WIDEST_HOURS:
                return begin, posts
            hours = min(2 * hours, WIDEST_HOURS)
