"""A page of items on its way into the store: told from what is known, scored, written.

What is gone at its source is purged on the way, and what must not come back is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sentiment_service.breath import breathe
from sentiment_service.deletion import RefreshPlan
from sentiment_service.errors import ScoringError
from sentiment_service.jobs.courtesy import Rests
from sentiment_service.jobs.sieve import Sieve
from sentiment_service.jobs.tagging import Scorer, Tagging
from sentiment_service.models import (
    Item,
    Known,
    Page,
    Post,
    ScoredItem,
    SetAside,
    digest_of,
    utc_now,
)
from sentiment_service.scoring.clean import text_of
from sentiment_service.settings import RedditSettings
from sentiment_service.store.stores import Store
from sentiment_service.tools import Analysis, LabelOf

AT_ONCE = 7
"""Items worked on in one turn of the event loop: some 0.1 ms, which no read notices."""


@dataclass(slots=True)
class Counts:
    """What came in so far; grows while a cycle runs."""

    posts: int = 0
    comments: int = 0
    new: int = 0
    updated: int = 0
    set_aside: int = 0
    purged: int = 0
    """Stored items that turned out to be gone."""
    kept_out: int = 0
    """Items shown that may not be stored: placeholders, purged ones, those of erased authors."""
    seen: set[str] = field(default_factory=set)


class Ingest:
    """Takes pages in; scores only what is new or changed.

    :param store: where posts and comments are kept.
    :param scorer: what scores them.
    :param cycle_id: the cycle that items set aside are recorded under.
    :param plan: when new items are to be read again.
    :param label_of: the label of a polarity.
    :param rests: makes room for requests between two pages.
    """

    def __init__(
        self,
        store: Store,
        scorer: Scorer,
        *,
        cycle_id: str,
        plan: RefreshPlan,
        label_of: LabelOf,
        rests: Rests,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.counts = Counts()
        self._items = store.items
        self._sieve = Sieve(store)
        self._tagging = Tagging(store, scorer, label_of)
        self._scorer = scorer
        self._cycle_id = cycle_id
        self._plan = plan
        self._rests = rests
        self._now = now

    async def take(self, page: Page) -> None:
        """Score and write one page.

        :raises StoreError: when the database refuses or is away; nothing of the page counts then.
        :raises ScoringError: when the scoring worker cannot be started at all.
        """
        seen_at = self._now()
        async with self._rests.piece():
            await self._take(page, seen_at)

    async def _take(self, page: Page, seen_at: datetime) -> None:
        await self._tagging.begin()
        known = await self._items.known([item.fullname for item in page.items])
        sifted = await self._sieve.sift(page.items, at=seen_at)
        scored, failed = await self._score(sifted.kept, known)
        written = await self._items.write(scored, known, seen_at=seen_at, plan=self._plan)
        await self._tagging.settle([one.item.fullname for one in scored if one.mentions])
        self.counts.purged += await self._sieve.settle(sifted, known, at=seen_at)
        self.counts.kept_out += len(page.items) - len(sifted.kept)
        aside = [*page.set_aside, *failed, *written.refused]
        if aside:
            await self._items.set_aside(aside, cycle_id=self._cycle_id, at=seen_at)
        self._count(sifted.kept, written.new, written.updated, len(aside))

    async def _score(
        self, items: Sequence[Item], known: dict[str, Known]
    ) -> tuple[list[ScoredItem], list[SetAside]]:
        fresh = [item for item in items if not _settled(item, known.get(item.fullname))]
        texts, places = [text_of(item) for item in fresh], [item.subreddit for item in fresh]
        read = await self._scorer.score(texts, places) if fresh else []
        by_name = {item.fullname: one for item, one in zip(fresh, read, strict=True)}
        scored: list[ScoredItem] = []
        failed: list[SetAside] = []
        for number, item in enumerate(items):
            if number % AT_ONCE == 0:
                await breathe()
            one = by_name.get(item.fullname)
            if isinstance(one, ScoringError):
                failed.append(SetAside(item.fullname, type(one).__name__, str(one), "score"))
            scored.append(self._scored(item, one, keep=item.fullname not in by_name))
        return scored, failed

    def _scored(self, item: Item, read: Analysis | ScoringError | None, *, keep: bool) -> ScoredItem:
        if not isinstance(read, Analysis):
            return ScoredItem(item, None, keep_sentiment=keep)
        mentions = self._tagging.mentions(read)
        return ScoredItem(item, read.sentiment, mentions=mentions, language=read.language)

    def _count(self, items: Sequence[Item], new: int, updated: int, set_aside: int) -> None:
        counts = self.counts
        first_seen = [item for item in items if item.fullname not in counts.seen]
        counts.seen.update(item.fullname for item in first_seen)
        posts = sum(isinstance(item, Post) for item in first_seen)
        counts.posts += posts
        counts.comments += len(first_seen) - posts
        counts.new += new
        counts.updated += updated
        counts.set_aside += set_aside


def plan_of(settings: RedditSettings) -> RefreshPlan:
    """When stored items are read again."""
    return RefreshPlan(settings.refresh_ages_hours, settings.refresh_every_hours)


def _settled(item: Item, known: Known | None) -> bool:
    """Whether the stored score still stands: the text did not change since it was scored."""
    return known is not None and known.digest == digest_of(item)
