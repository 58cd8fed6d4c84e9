"""Collection: from watched subreddits into the store, one cycle at a time.

A cycle takes the lease, reads every subreddit back to its watermark, opens threads whose comments
are missing, and ends as a cycle document that tells the truth about it. Every page is scored and
written before the walk that brought it asks for the next one, so a slow database holds the fetch
back; a few walks run side by side. A watermark moves only after everything its walk read is
written, by a journaled write.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sentiment_service.errors import (
    CycleLostError,
    CycleRunningError,
    DatabaseUnavailableError,
    ScoringError,
    ServiceError,
    StoreError,
)
from sentiment_service.jobs.courtesy import Courtesy
from sentiment_service.jobs.ingest import Ingest, plan_of
from sentiment_service.jobs.ledger import Ledger, Progress
from sentiment_service.jobs.plan import make_plan
from sentiment_service.jobs.reader import Reader
from sentiment_service.jobs.tagging import Scorer
from sentiment_service.jobs.threads import MissingComments
from sentiment_service.models import Cycle, CycleStatus, Lease, Watermark, utc_now
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.source import Source
from sentiment_service.store.retries import patient_reads
from sentiment_service.store.stores import Store
from sentiment_service.tools import LabelOf

log = logging.getLogger(__name__)

LEASE = "collect"
LEASE_S = 45.0
"""Seconds after which the lease of a process that died can be taken over."""
RELEASE_LIMIT_S = 1.0

Trigger = Literal["schedule", "admin", "command"]


@dataclass(frozen=True, slots=True)
class Tools:
    """What every cycle works with."""

    settings: RedditSettings
    source: Source
    scorer: Scorer
    store: Store
    label_of: LabelOf
    """The label of a polarity."""
    courtesy: Courtesy = field(default_factory=Courtesy)
    """How a cycle makes room for requests."""


class Collector:
    """Begins cycles and remembers how the last one went.

    :param tools: source, scorer, store and the settings of collection.
    :param owner: names this process in the lease.
    :param lease_s: seconds after which the lease of a process that died can be taken over.
    """

    def __init__(
        self, tools: Tools, *, owner: str, lease_s: float = LEASE_S, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.current: CycleRun | None = None
        self.last: Cycle | None = None
        self.succeeded = 0
        self.failed = 0
        self._tools = tools
        self._owner = owner
        self._lease_s = lease_s
        self._beginning = asyncio.Lock()
        self._now = now
        self._unrecorded: Cycle | None = None

    async def begin(self, trigger: Trigger, *, progress: Progress | None = None) -> "CycleRun":
        """Take the lease and open a cycle; run it with :meth:`run`.

        :raises CycleRunningError: when a cycle runs already, here or in another process.
        :raises DatabaseUnavailableError: when the database is away.
        """
        async with self._beginning:
            if self.current is not None:
                raise CycleRunningError(self.current.cycle.id)
            store = self._tools.store
            await self.record_late()
            # A name for each try: the lease of an earlier try of this process is not ours to share.
            lease = await store.state.acquire(LEASE, f"{self._owner}:{secrets.token_hex(6)}", self._lease_s)
            if lease is None:
                newest = await store.cycles.latest(limit=1)
                raise CycleRunningError(newest[0].id if newest and newest[0].status == "running" else None)
            run = CycleRun(
                self._tools, lease, trigger, lease_s=self._lease_s, progress=progress, now=self._now
            )
            try:
                await store.cycles.abandon_running(except_id=run.cycle.id)
                await store.cycles.save(run.cycle)
            except BaseException:
                await asyncio.shield(run.release())
                raise
            self.current = run
            return run

    async def run(self, run: "CycleRun") -> Cycle:
        """Execute a cycle that was begun, and remember how it went.

        A failure of Reddit is in the record, not raised.

        :raises StoreError: when the database is away or refuses.
        :raises CycleLostError: when another process took over.
        """
        try:
            with patient_reads():
                return await run.execute()
        finally:
            self.current = None
            self.last = run.cycle
            if not run.recorded:
                self._unrecorded = run.cycle
            if run.cycle.status in ("completed", "partial"):
                self.succeeded += 1
            else:
                self.failed += 1

    async def record_late(self) -> None:
        """Record the end of a cycle whose database was away when it ended; does nothing when there is none.

        :raises StoreError: when the database is still away.
        """
        cycle = self._unrecorded
        if cycle is not None:
            await self._tools.store.cycles.save(cycle)
            self._unrecorded = None


class CycleRun:
    """One cycle, from the lease to its record."""

    def __init__(
        self,
        tools: Tools,
        lease: Lease,
        trigger: Trigger,
        *,
        lease_s: float,
        progress: Progress | None,
        now: Callable[[], datetime],
    ) -> None:
        started = now()
        cycle_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        self._tools = tools
        self._lease = lease
        self._lease_s = lease_s
        self._now = now
        rests = tools.courtesy.begin()
        self._ingest = Ingest(
            tools.store,
            tools.scorer,
            cycle_id=cycle_id,
            plan=plan_of(tools.settings),
            label_of=tools.label_of,
            rests=rests,
            now=now,
        )
        self._ledger = Ledger(
            Cycle(cycle_id, "running", trigger, started),
            tools.store,
            rests=rests,
            subreddits=tools.settings.subreddits,
            counts=self._ingest.counts,
            requests=lambda: tools.source.usage.requests,
            progress=progress,
        )

    @property
    def cycle(self) -> Cycle:
        """The cycle as it stands."""
        return self._ledger.cycle

    @property
    def recorded(self) -> bool:
        """Whether its end is stored."""
        return self._ledger.recorded

    async def execute(self) -> Cycle:
        """Collect; see :meth:`Collector.run`."""
        work = asyncio.create_task(self._collect(), name=f"cycle {self.cycle.id}")
        heartbeat = asyncio.create_task(self._hold_lease(), name=f"lease of cycle {self.cycle.id}")
        ending: CycleStatus = "failed"
        try:
            await asyncio.wait({work, heartbeat}, return_when=asyncio.FIRST_COMPLETED)
            for task in (work, heartbeat):
                if task.done():
                    task.result()
            ending = self._ledger.outcome()
        except ServiceError as error:
            self._ledger.note(None, _kind_of(error), str(error))
            raise
        except asyncio.CancelledError:
            self._ledger.note(None, "cancelled", "the cycle was stopped before it was done")
            ending = "partial" if self._ledger.done else "abandoned"
            raise
        finally:
            await _stop(work, heartbeat)
            await asyncio.shield(self._end(ending))
        return self.cycle

    async def release(self) -> None:
        """Give the lease back; one that cannot be given back expires."""
        try:
            async with asyncio.timeout(RELEASE_LIMIT_S):
                await self._tools.store.state.release(self._lease)
        except (ServiceError, TimeoutError) as error:
            log.warning("the lease of cycle %s could not be given back: %s", self.cycle.id, error)

    async def _collect(self) -> None:
        settings, source, store = self._tools.settings, self._tools.source, self._tools.store
        known = await store.watermarks.all()
        marks = dict(known)
        for name in settings.subreddits:  # spelled as the settings spell them now
            marks[name.lower()] = replace(known.get(name.lower(), Watermark(name)), subreddit=name)
        plan = make_plan(
            settings.subreddits,
            marks,
            group_size=settings.group_size,
            now=self._now(),
            patient=self.cycle.trigger == "schedule",
        )
        reader = Reader(
            settings, source, self._ingest, self._ledger, marks=marks, save=self._save, now=self._now
        )
        await reader.read(plan)
        if reader.down is None:
            missing = MissingComments(settings, source, store.items, self._ingest, self._ledger)
            await missing.fetch(reader.marks, now=self._now)
        await self._ledger.publish(last=True)

    async def _save(self, mark: Watermark) -> None:
        await self._tools.store.watermarks.save(mark, fence=self._lease.fence)

    async def _hold_lease(self) -> None:
        """Renew the lease until cancelled.

        :raises CycleLostError: when it went to another process, or could not be renewed before it expired.
        """
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                self._lease = await self._tools.store.state.renew(self._lease, self._lease_s)
            except DatabaseUnavailableError as error:
                if self._now() >= self._lease.expires_at:
                    raise CycleLostError("the lease expired while the database was away") from error

    async def _end(self, status: CycleStatus) -> None:
        await self._ledger.end(status, self._now())
        await self.release()


def _kind_of(error: ServiceError) -> str:
    if isinstance(error, CycleLostError):
        return "lost"
    if isinstance(error, StoreError):
        return "database"
    return "scoring" if isinstance(error, ScoringError) else "internal"


async def _stop(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait(tasks)
