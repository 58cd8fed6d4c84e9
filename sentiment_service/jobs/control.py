"""Who collects when: the schedule, a person who asks, and other processes on the same database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sentiment_service.errors import (
    CycleRunningError,
    DatabaseUnavailableError,
    NotCollectingError,
    ServiceError,
)
from sentiment_service.jobs.announce import CycleAnnouncer
from sentiment_service.jobs.collect import LEASE, Collector, CycleRun, Trigger
from sentiment_service.jobs.schedule import Job
from sentiment_service.jobs.totals import CycleTotals
from sentiment_service.models import Cycle
from sentiment_service.store.retries import patient_reads
from sentiment_service.store.stores import Store

log = logging.getLogger(__name__)

FIRST_TRIES = 5
FIRST_PAUSE_S = 10.0
WATCH_S = 3.0
"""Seconds between two looks at a collection that another process runs."""


class CollectionControl:
    """Runs collections of one process; stands by while another process collects.

    :param announcer: tells listeners of cycles.
    :param totals: counts what cycles did, for metrics.
    :param collected: called after each collection that stored something.
    """

    def __init__(
        self, store: Store, announcer: CycleAnnouncer, totals: CycleTotals, *, collected: Callable[[], None]
    ) -> None:
        self.collector: Collector | None = None
        """Once the source can be read; ``None`` before, and for good in a process that does not collect."""
        self.job: Job | None = None
        self.enabled = True
        self.settled = True
        """Whether what a former process left is cleared away: before, a lease of ours could go with it."""
        self.last_collection: Cycle | None = None
        """The last cycle that stored something, of any process."""
        self._store = store
        self._announcer = announcer
        self._totals = totals
        self._collected = collected

    @property
    def collecting(self) -> bool:
        """Whether this process is collecting."""
        return self.collector is not None and self.collector.current is not None

    @property
    def last_status(self) -> str | None:
        """How the last cycle of this process ended."""
        return self.collector.last.status if self.collector is not None and self.collector.last else None

    async def start(self, delay_s: float, available: Callable[[], Awaitable[object]]) -> None:
        """Collect for the first time, a little after the start; tries again while that fails.

        :param available: waits until the database can be used.
        """
        await asyncio.sleep(delay_s)
        for _ in range(FIRST_TRIES):
            await available()
            await self._recount()
            if self.job is None or self.collector is None:
                return
            self.job.fire()
            await self.job.wait()
            if self.collector.succeeded or self.collector.last is None:
                return
            await asyncio.sleep(FIRST_PAUSE_S)

    async def run(self, begun: CycleRun | None = None) -> dict[str, int]:
        """One collection; returns what it counted.

        While another process collects this one stands by, and takes over if that one dies.

        :param begun: a cycle that was begun already.
        """
        collector = self._ready()
        run = begun or await self._begin_or_stand_by(collector)
        if run is None:
            return {"skipped": 1}
        try:
            cycle = await collector.run(run)
        finally:
            self._totals.saw(run.cycle)
            self._announcer.finished(run.cycle)
        _tell(cycle)
        if cycle.status in ("completed", "partial"):
            self.last_collection = cycle
            self._collected()
        return {"posts": cycle.posts_collected, "comments": cycle.comments_collected, "new": cycle.items_new}

    async def trigger(self) -> str:
        """Start a collection in the background; returns its id.

        :raises CycleRunningError: when one runs already, here or in another process.
        :raises NotCollectingError: when this process never collects.
        :raises DatabaseUnavailableError: when the database is away or the service still starts.
        """
        if not self.enabled:
            raise NotCollectingError("this instance does not collect (server.role is api): ask one that does")
        run = await self._begin(self._ready(), "admin")
        job = self.job
        if job is None:
            raise DatabaseUnavailableError("the service is still starting", retry_after_s=2.0)
        while not job.fire(lambda: self.run(run)):
            await job.wait()
        return run.cycle.id

    async def _begin_or_stand_by(self, collector: Collector) -> CycleRun | None:
        """Begin a cycle; ``None`` when another process did it meanwhile.

        A cycle still recorded as running though its lease is free was left by a process that died.
        """
        told = False
        while True:
            try:
                return await self._begin(collector, "schedule")
            except CycleRunningError as error:
                if not told:
                    log.info("another process collects (%s): standing by", error.cycle_id or "unknown cycle")
                    told = True
            await asyncio.sleep(WATCH_S)
            with patient_reads():
                newest = await self._store.cycles.latest(limit=1)
                held = await self._store.state.holder(LEASE)
            if held is None and (not newest or newest[0].status != "running"):
                return None

    async def _begin(self, collector: Collector, trigger: Trigger) -> CycleRun:
        run = await collector.begin(trigger, progress=self._progressed)
        self._announcer.started(run.cycle)
        return run

    def _progressed(self, cycle: Cycle) -> None:
        self._totals.saw(cycle)
        self._announcer.progressed(cycle)

    async def _recount(self) -> None:
        """Recompute the rollups that a crash left marked."""
        try:
            with patient_reads():
                if await self._store.rollups.recompute_dirty():
                    await self._store.state.bump_version()
        except ServiceError as error:
            log.warning("rollups left marked are recounted by the next collection: %s", error)

    def _ready(self) -> Collector:
        if self.collector is None or not self.settled:
            raise DatabaseUnavailableError("the service is still starting", retry_after_s=2.0)
        return self.collector


def _tell(cycle: Cycle) -> None:
    problems = "; ".join(f"{each.subreddit or 'all'}: {each.message}" for each in cycle.errors)
    (log.info if cycle.status == "completed" else log.warning)(
        "collection %s %s: %d posts, %d comments, %d new, %d requests%s",
        cycle.id,
        cycle.status,
        cycle.posts_collected,
        cycle.comments_collected,
        cycle.items_new,
        cycle.api_requests,
        f" ({problems})" if problems else "",
    )
