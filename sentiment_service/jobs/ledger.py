"""The record of one cycle while it runs: what came in, what went wrong, how far it got."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sentiment_service.errors import ServiceError
from sentiment_service.jobs.courtesy import Rests
from sentiment_service.jobs.ingest import Counts
from sentiment_service.models import Cycle, CycleProblem, CycleStatus, Listing
from sentiment_service.store.stores import Store

log = logging.getLogger(__name__)

SAVE_INTERVAL_S = 1.0
PUBLISH_INTERVAL_S = 5.0
"""Seconds from the beginning, and between two times, until what was written is published while a cycle runs.

Publishing recomputes the rollups of every day that changed since the last time; in a first collection that is
most of them each time."""
REST_AFTER_PUBLISHING = 4.0
"""How many times as long as publishing took nothing is published again: so a cycle spends a fifth of its time
on it at most, however slow the database is."""
FINISH_LIMIT_S = 2.0

Progress = Callable[[Cycle], None]


class Ledger:
    """Keeps a cycle's document true while the cycle runs, and makes what it wrote visible.

    :param cycle: as it began.
    :param subreddits: the watched ones, in the order of the settings.
    :param counts: what came in; grows by itself.
    :param requests: how many requests the source has sent so far.
    :param progress: told of every step.
    :param rests: makes room for requests while publishing.
    """

    def __init__(
        self,
        cycle: Cycle,
        store: Store,
        *,
        rests: Rests,
        subreddits: Sequence[str],
        counts: Counts,
        requests: Callable[[], int],
        progress: Progress | None,
    ) -> None:
        self.cycle = cycle
        self.done: set[tuple[str, Listing]] = set()
        """Listings of subreddits that were read to where they should be."""
        self.recorded = False
        """Whether the end is stored."""
        self.gaps = 0
        self.reads_planned = 0
        self.reads_done = 0
        self._store = store
        self._subreddits = tuple(subreddits)
        self._counts = counts
        self._requests = requests
        self._requests_before = requests()
        self._progress = progress
        self._rests = rests
        self._problems: dict[tuple[str | None, str], CycleProblem] = {}
        self._publishing = asyncio.Lock()
        self._all_published = False
        self._saved_at = asyncio.get_running_loop().time()
        self._publish_from = self._saved_at + PUBLISH_INTERVAL_S

    def note(self, subreddit: str | None, kind: str, message: str) -> None:
        """Something went wrong; the first of each kind for each subreddit is kept."""
        self._problems.setdefault((subreddit, kind), CycleProblem(subreddit, kind, message))

    async def report(self, part_of_read: float = 0.0) -> None:
        """Tell how far it got; saved about once a second.

        :param part_of_read: share of the read under way that is done.
        """
        self._refresh(part_of_read)
        now = asyncio.get_running_loop().time()
        if now - self._saved_at >= SAVE_INTERVAL_S:
            self._saved_at = now
            await self._store.cycles.save(self.cycle)

    async def publish_now_and_then(self) -> None:
        """Publish, unless that was done a moment ago."""
        if asyncio.get_running_loop().time() >= self._publish_from:
            await self.publish()

    async def publish(self, *, last: bool = False) -> None:
        """Make what was written visible: recompute its rollups, then raise the data version.

        :param last: whether the cycle is over; what it covered changed then, even if nothing new was said.
        """
        async with self._publishing:
            began = asyncio.get_running_loop().time()
            if await self._store.rollups.recompute_dirty(self._rests.piece) or last:
                await self._store.state.bump_version()
            self._all_published = last
            ended = asyncio.get_running_loop().time()
            self._publish_from = ended + max(PUBLISH_INTERVAL_S, REST_AFTER_PUBLISHING * (ended - began))

    def outcome(self) -> CycleStatus:
        """How a cycle that ran to its end ended."""
        if not self.done:
            return "failed"
        nothing_usable = self._counts.set_aside > 0 and not self._counts.seen
        return "partial" if self._problems or nothing_usable else "completed"

    async def end(self, status: CycleStatus, at: datetime) -> None:
        """Record how it ended, and publish what a cycle that was stopped had written.

        A database that is away leaves the record for later, and what is to be published to the next cycle.
        """
        self._rests.end()
        if status == "failed" and not self._problems:
            self.note(None, "internal", "stopped by an error that is in the log")
        percentage = 100.0 if status in ("completed", "partial") else self.cycle.percentage
        self.cycle = replace(self.cycle, status=status, end_time=at, percentage=percentage)
        self._refresh(0.0)
        try:
            async with asyncio.timeout(FINISH_LIMIT_S):
                await self._store.cycles.save(self.cycle)
                self.recorded = True
                if not self._all_published:
                    await self.publish(last=True)
        except (ServiceError, TimeoutError) as error:
            log.warning("the end of cycle %s could not be recorded: %r", self.cycle.id, error)

    def _refresh(self, part_of_read: float) -> None:
        counts = self._counts
        share = (self.reads_done + part_of_read) / self.reads_planned if self.reads_planned else 0.0
        self.cycle = replace(
            self.cycle,
            subreddits_processed=tuple(
                name for name in self._subreddits if all((name, each) in self.done for each in Listing)
            ),
            posts_collected=counts.posts,
            comments_collected=counts.comments,
            items_new=counts.new,
            items_updated=counts.updated,
            items_set_aside=counts.set_aside,
            api_requests=self._requests() - self._requests_before,
            gaps=self.gaps,
            percentage=max(self.cycle.percentage, min(99.0, round(100 * share, 1))),
            errors=tuple(self._problems.values()),
        )
        if self._progress is not None:
            self._progress(self.cycle)
