"""Everything that runs behind the API: resources, monitors and jobs, in the order they are opened.

The API answers from the first moment, so all of this is brought up beside it, in one task that
owns every other: what it opened it closes in reverse when it is told to stop.
"""

import asyncio
import gc
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sentiment_service.api.context import (
    ApplicationHealth,
    DatabaseHealth,
    HealthSnapshot,
    LoopLag,
    ProcessHealth,
    RedditHealth,
    ScoringHealth,
)
from sentiment_service.errors import StoreError
from sentiment_service.events import Events
from sentiment_service.jobs.alone import alone
from sentiment_service.jobs.announce import CycleAnnouncer, announce_versions
from sentiment_service.jobs.collect import Collector, Tools
from sentiment_service.jobs.control import CollectionControl
from sentiment_service.jobs.courtesy import Courtesy
from sentiment_service.jobs.driver_search import DriverSearch
from sentiment_service.jobs.monitors import DatabaseMonitor, LoopLagMonitor, ProcessMonitor, WorkerMonitor
from sentiment_service.jobs.proposals import ToolProposals
from sentiment_service.jobs.reanalysis import Reanalyzer
from sentiment_service.jobs.refresh import Refresh
from sentiment_service.jobs.retention import Retention
from sentiment_service.jobs.schedule import Job, Run, next_firing
from sentiment_service.jobs.tagging import follow_catalogue
from sentiment_service.jobs.tool_moves import ToolMoves
from sentiment_service.jobs.totals import CycleTotals
from sentiment_service.jobs.trending import Trending
from sentiment_service.metrics import ServiceCollector
from sentiment_service.models import utc_now
from sentiment_service.resources import (
    background,
    drop_stale_lease,
    embedded_database,
    open_database,
    open_reddit,
    seed_tools,
)
from sentiment_service.scoring.llm import LlmScorer
from sentiment_service.scoring.mention_settings import rules_of
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import Settings
from sentiment_service.sources.reddit import RedditSource
from sentiment_service.store.scrub import scrub
from sentiment_service.store.stores import open_store
from sentiment_service.store.tables import make_tables
from sentiment_service.store.unsaid import withdraw_unsaid

log = logging.getLogger(__name__)

TRENDING_DEADLINE_S = 300.0
RETENTION_DEADLINE_S = 3600.0
REFRESH_DEADLINE_S = 840.0
NAMES_DEADLINE_S = 600.0
FIRST_TRIES = 5
FOLLOW_S = 3.0
SWITCH_INTERVAL_S = 0.0001
"""Seconds after which a thread hands the interpreter on, a fiftieth of the usual: the driver's threads encode
and decode while the event loop waits to answer somebody."""
PREPARE_PATIENCE_S = 3.0
"""Seconds a database check waits for migrations and indexes, which go on behind it."""


class Runtime:
    """The running service, as the API sees it: health, and the control of collections.

    :param settings: everything that can be set.
    :param demo: arguments of the Reddit look-alike to read instead of Reddit; ``None`` for Reddit.
    :param answered: how many requests the API has answered so far.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        demo: Sequence[str] | None = None,
        answered: Callable[[], int],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.store = open_store(settings.mongodb)
        self.worker = ScoringWorker(settings.scoring, rules=rules_of(settings.tools))
        self._llm = LlmScorer(self.worker, settings.llm) if settings.llm.enabled else None
        self.scorer = self._llm or self.worker
        self.events = Events()
        self.draining = False
        self._demo = demo
        self._courtesy = Courtesy(answered, settings.schedule.give_way_seconds)
        self._now = now
        self._began = time.monotonic()
        self._stop = asyncio.Event()
        self._lag = LoopLagMonitor()
        self._process = ProcessMonitor()
        database = self.store.database
        self._server = embedded_database(settings)
        self._database = DatabaseMonitor(
            database.check, self._prepare, revive=self._server.restart if self._server else None
        )
        self._totals = CycleTotals()
        self._control = CollectionControl(
            self.store,
            CycleAnnouncer(self.events.publish),
            self._totals,
            collected=self._collected,
        )
        self._control.enabled = settings.server.role != "api"
        self._reanalyzer = Reanalyzer(
            self.store,
            self.scorer,
            settings.reanalysis,
            settings.scoring.label_of,
            ready=self._database.available.is_set,
            now=now,
        )
        self.moves = ToolMoves(self.store, settings.scoring.label_of, ready=self._database.available.is_set)
        self.drivers = DriverSearch(self.store)
        self._source: RedditSource | None = None
        self._first_at: datetime | None = None
        self._purge_epoch = 0
        # Alone on its database, a service clears away leases of the process before it.
        self._control.settled = self._server is None
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs: dict[str, Job] = {}

    # --- life ----------------------------------------------------------------------------------

    async def reserve(self) -> None:
        """What can be found out at once about why this could not run.

        :raises StartupError: the data folder is in use, or the embedded database is not installed.
        """
        if self._server is not None:
            await self._server.reserve()

    async def run(self) -> None:
        """Bring everything up, run until :meth:`stop`, take everything down.

        :raises StartupError: when something cannot start; one line that says what to do.
        """
        async with AsyncExitStack() as stack:
            await self._beside(stack, self._lag.run(), "loop lag")
            await self._beside(stack, self._process.run(), "process readings")
            stack.push_async_callback(self.worker.close)
            if self._llm is not None:
                stack.push_async_callback(self._llm.close)
            await self._beside(stack, WorkerMonitor(self.worker.start).run(), "worker checks")
            watching = await stack.enter_async_context(open_database(self.settings, self.store, self._server))
            if watching is not None:
                self._tasks.append(watching)
            stack.push_async_callback(self.store.schema.close)
            await self._beside(stack, self._database.run(), "database checks")
            watch = self.store.state.watch
            await self._beside(stack, watch.run(), "data version")
            await self._beside(stack, announce_versions(watch, self.events.publish), "changes of the data")
            await self._beside(stack, self._follow(), "collections of other processes")
            await self._beside(stack, follow_catalogue(self.store, self.scorer), "catalogue of tools")
            await self._beside(stack, self.moves.run(), "moves of mentions")
            if self._control.enabled:
                await self._open_jobs(stack)
                await self._beside(stack, self._reanalyzer.run(), "reanalysis")
            sys.setswitchinterval(SWITCH_INTERVAL_S)
            # What exists now stays: a garbage collector that looked at it again would hold the loop.
            gc.collect()
            gc.freeze()
            await self._told_to_stop()
            self.draining = True

    async def _open_jobs(self, stack: AsyncExitStack) -> None:
        """Open the source and start everything that runs on a schedule."""
        self._source = await stack.enter_async_context(open_reddit(self.settings.reddit, self._demo))
        tools = Tools(
            self.settings.reddit,
            self._source,
            self.scorer,
            self.store,
            self.settings.scoring.label_of,
            self._courtesy,
        )
        owner = f"{socket.gethostname()}:{os.getpid()}"
        self._control.collector = Collector(
            tools, owner=owner, lease_s=self.settings.schedule.lease_seconds, now=self._now
        )
        self._jobs = self._make_jobs(Refresh(tools, owner=owner, now=self._now))
        self._control.job = self._jobs["collect"]
        for job in self._jobs.values():
            job.start()
            stack.push_async_callback(job.close)
        delay_s = self.settings.schedule.collect_on_start_seconds
        self._first_at = self._now() + timedelta(seconds=delay_s)
        first = self._control.start(delay_s, self._database.available.wait)
        await stack.enter_async_context(background(first, "first collection"))

    async def _follow(self) -> None:
        """Keep the last collection known, whoever made it, and recorded even if the database was away."""
        while True:
            if self._database.state.connected:
                await self._see_last_collection()
            await asyncio.sleep(FOLLOW_S)

    async def _see_last_collection(self) -> None:
        try:
            if self._control.collector is not None:
                await self._control.collector.record_late()
            latest = await self.store.cycles.latest(limit=5)
        except StoreError as error:
            log.debug("the last collection is not seen while the database is away: %s", error)
            return
        found = next((each for each in latest if each.status in ("completed", "partial")), None)
        self._control.last_collection = found or self._control.last_collection

    async def _beside(self, stack: AsyncExitStack, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run what never ends by itself beside everything else."""
        self._tasks.append(await stack.enter_async_context(background(work, name)))

    def stop(self) -> None:
        """Ask :meth:`run` to end."""
        self._stop.set()

    async def _told_to_stop(self) -> None:
        """Wait for :meth:`stop`, or for something to end that never should.

        :raises StartupError: from the database checks, when this version must not run on the database.
        """
        told = asyncio.create_task(self._stop.wait(), name="stop")
        try:
            await asyncio.wait({told, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
        for task in self._tasks:
            if task.done():
                await task

    async def _prepare(self) -> None:
        """What a database needs whenever it becomes reachable: its shape, and what a crash left to do.

        :raises StartupError: this version must not run on it.
        """
        if self._server is not None:
            await make_tables(self.store.database)
        await self.store.schema.prepare_within(PREPARE_PATIENCE_S)
        if not self._control.settled:  # once: later it would be our own lease
            await drop_stale_lease(self.settings, self.store)
            self._control.settled = True
        await seed_tools(self.settings, self.store)

    def _make_jobs(self, refresh: Refresh) -> dict[str, Job]:
        schedule, state = self.settings.schedule, self.store.state
        record = state.save_outcome
        trending = Trending(self.store, self.settings.trending, now=self._now).run
        retention = Retention(self.store, self.settings.storage, now=self._now).run
        names = ToolProposals(self.store, self.settings.tools, now=self._now).run
        names_when = (schedule.proposals, NAMES_DEADLINE_S)
        trending_when = (schedule.trending, TRENDING_DEADLINE_S)
        retention_when = (schedule.retention, RETENTION_DEADLINE_S)
        work: list[tuple[str, Run, str, float]] = [
            ("collect", self._control.run, schedule.collect, schedule.collect_deadline_minutes * 60),
            ("refresh", partial(self._refresh, refresh), schedule.refresh, REFRESH_DEADLINE_S),
            ("trending", alone("trending", trending, state, limit_s=TRENDING_DEADLINE_S), *trending_when),
            (
                "retention",
                alone("retention", retention, state, limit_s=RETENTION_DEADLINE_S),
                *retention_when,
            ),
            ("names", alone("names", names, state, limit_s=NAMES_DEADLINE_S), *names_when),
        ]
        return {
            name: Job(name, run, cron=cron, deadline_s=deadline_s, record=record, now=self._now)
            for name, run, cron, deadline_s in work
        }

    # --- collecting ----------------------------------------------------------------------------

    def _collected(self) -> None:
        self._first_at = None
        self._jobs["trending"].fire()

    async def _refresh(self, refresh: Refresh) -> dict[str, int]:
        counts = await refresh.run()
        if await self.store.purges.epoch() != self._purge_epoch:
            await withdraw_unsaid(self.store)
        epoch = await self.store.purges.epoch()
        if epoch != self._purge_epoch and "skipped" not in counts:
            # Topics go with their posts at once; words they took from other posts go with the next set.
            self._jobs["trending"].fire()
            if not self.settings.mongodb.uri.get_secret_value():
                await scrub(self.store.database)
        self._purge_epoch = epoch
        return counts

    async def trigger(self) -> str:
        """Start a collection in the background; see :meth:`CollectionControl.trigger`."""
        return await self._control.trigger()

    @property
    def known_subreddits(self) -> Sequence[str]:
        """The watched subreddits, as spelled in the settings."""
        return self.settings.reddit.subreddits

    @property
    def interval_s(self) -> float:
        """Seconds between two scheduled collections."""
        first = next_firing(self.settings.schedule.collect, self._now())
        return (next_firing(self.settings.schedule.collect, first) - first).total_seconds()

    # --- figures -------------------------------------------------------------------------------

    def collector(self) -> ServiceCollector:
        """What ``/metrics`` shows of all this."""
        return ServiceCollector(
            store=self.store,
            worker=self.worker,
            llm=self._llm,
            totals=self._totals,
            lag=self._lag.histogram,
            usage=lambda: None if self._source is None else self._source.usage,
            collecting=lambda: self._control.collecting,
            connected=lambda: self._database.state.connected,
        )

    # --- health --------------------------------------------------------------------------------

    def snapshot(self) -> HealthSnapshot:
        """What the monitors saw last; waits for nothing."""
        collector = self._control.collector
        last = collector.last if collector is not None else None
        return HealthSnapshot(
            process=self._process_health(),
            application=self._application_health(),
            database=DatabaseHealth(
                connected=self._database.state.connected, latency_ms=self._database.state.latency_ms
            ),
            reddit=self._reddit_health(),
            scoring=ScoringHealth(worker_alive=self.worker.alive, queue=self.scorer.queued),
            last_cycle_status=last.status if last is not None else None,
            draining=self.draining,
        )

    def _process_health(self) -> ProcessHealth:
        reading, lag = self._process.reading, self._lag.lag
        return ProcessHealth(
            uptime_seconds=round(time.monotonic() - self._began, 3),
            memory_mb=round(reading.memory_mb, 1),
            cpu_percent=reading.cpu_percent,
            pid=os.getpid(),
            event_loop_lag_ms=LoopLag(
                p50=round(lag.p50_ms, 3), p99=round(lag.p99_ms, 3), max=round(lag.max_ms, 3)
            ),
        )

    def _application_health(self) -> ApplicationHealth:
        last, now = self._control.last_collection, self._now()
        collector = self._control.collector
        ended = last.end_time if last is not None else None
        job = self._jobs.get("collect")
        upcoming = [at for at in (self._first_at, job.next_at if job is not None else None) if at is not None]
        return ApplicationHealth(
            last_collection_at=ended,
            collections_succeeded=collector.succeeded if collector else 0,
            collections_failed=collector.failed if collector else 0,
            data_freshness_minutes=None if ended is None else round((now - ended).total_seconds() / 60, 2),
            collecting=self._control.collecting,
            next_collection_at=min(upcoming, default=None),
            role=self.settings.server.role,
        )

    def _reddit_health(self) -> RedditHealth:
        if self._source is None:
            return RedditHealth(ok=None, rate_limit_remaining=None, rate_limit_reset_seconds=None)
        usage = self._source.usage
        ok: bool | None = None
        if usage.last_ok_at is not None or usage.last_error_at is not None:
            ok = usage.last_ok_at is not None and (
                usage.last_error_at is None or usage.last_ok_at >= usage.last_error_at
            )
        return RedditHealth(
            ok=ok,
            rate_limit_remaining=usage.rate_limit_remaining,
            rate_limit_reset_seconds=usage.rate_limit_reset_s,
        )
