"""Background checks whose last reading `/health` reports without waiting for anything.

Each monitor is a loop owned by whoever runs it: :func:`keep_running` as a task, cancelled and
awaited at shutdown.
"""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import psutil

from sentiment_service.errors import ScoringError, StoreError
from sentiment_service.histograms import Histogram
from sentiment_service.models import utc_now

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoopLag:
    """How late the event loop woke up, over the last minute, in milliseconds."""

    p50_ms: float
    p99_ms: float
    max_ms: float


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile of sorted values; 0.0 of none."""
    return values[max(0, math.ceil(share * len(values)) - 1)] if values else 0.0


class LoopLagMonitor:
    """Measures how much later than asked the loop wakes a sleeper: the time something held it.

    :param interval_s: seconds between two measurements; one costs a few microseconds.
    :param keep: measurements remembered.
    """

    def __init__(self, *, interval_s: float = 0.05, keep: int = 1200) -> None:
        self._interval_s = interval_s
        self._lags_ms: deque[float] = deque(maxlen=keep)
        self.histogram = Histogram()
        """All lags since the start, in seconds."""

    @property
    def lag(self) -> LoopLag:
        """What was measured lately."""
        ordered = sorted(self._lags_ms)
        return LoopLag(percentile(ordered, 0.5), percentile(ordered, 0.99), ordered[-1] if ordered else 0.0)

    async def run(self) -> None:
        """Measure for ever."""
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(self._interval_s)
            lag_s = max(0.0, time.perf_counter() - asked - self._interval_s)
            self._lags_ms.append(lag_s * 1000)
            self.histogram.observe(lag_s)


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What the last check of the database saw."""

    connected: bool = False
    latency_ms: float | None = None
    checked_at: datetime | None = None
    error: str | None = "not checked yet"


REVIVE_AFTER_S = 30.0


class DatabaseMonitor:
    """Reads a document every few seconds; prepares the database whenever it comes back.

    :param check: a real read; gives its latency in seconds.
    :param prepare: makes indexes; called once for each time the database becomes reachable.
    :param interval_s: seconds between checks.
    :param limit_s: seconds a check may take before it counts as failed.
    :param revive: asked to start the database anew after it was away for ``REVIVE_AFTER_S``, and again after
        as long; without it, somebody else has to.
    """

    def __init__(
        self,
        check: Callable[[], Awaitable[float]],
        prepare: Callable[[], Awaitable[None]],
        *,
        interval_s: float = 2.0,
        limit_s: float = 5.0,
        revive: Callable[[], Awaitable[None]] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.state = DatabaseState()
        self.available = asyncio.Event()
        """Set while the last check succeeded."""
        self._check = check
        self._prepare = prepare
        self._interval_s = interval_s
        self._limit_s = limit_s
        self.revive = revive
        self._away_since = time.monotonic()
        self._now = now

    async def run(self) -> None:
        """Check for ever."""
        while True:
            await self.check_once()
            if self.revive is not None and time.monotonic() - self._away_since > REVIVE_AFTER_S:
                log.warning("the database has been away for %g s and is started anew", REVIVE_AFTER_S)
                self._away_since = time.monotonic()
                await self.revive()
            await asyncio.sleep(self._interval_s if self.state.connected else min(0.5, self._interval_s))

    async def check_once(self) -> None:
        """One check; never raises for a database that is away."""
        try:
            async with asyncio.timeout(self._limit_s):
                if not self.state.connected:
                    await self._prepare()
                latency_s = await self._check()
        except (StoreError, TimeoutError) as error:
            self._lost(str(error) or f"no answer within {self._limit_s:g} s")
        else:
            if not self.state.connected:
                log.info("the database answers")
            self._away_since = float("inf")
            self.state = DatabaseState(True, round(latency_s * 1000, 3), self._now(), None)
            self.available.set()

    def _lost(self, reason: str) -> None:
        if self.state.connected or self.state.checked_at is None:
            log.warning("the database is away: %s", reason)
        self._away_since = min(self._away_since, time.monotonic())
        self.state = DatabaseState(False, None, self._now(), reason)
        self.available.clear()


@dataclass(frozen=True, slots=True)
class ProcessReading:
    """What this process uses."""

    memory_mb: float = 0.0
    cpu_percent: float = 0.0


class ProcessMonitor:
    """Samples memory and processor use; reading them costs file access, so it happens in a thread."""

    def __init__(self, *, interval_s: float = 5.0) -> None:
        self.reading = ProcessReading()
        self._interval_s = interval_s
        self._process: psutil.Process | None = None

    async def run(self) -> None:
        """Sample for ever."""
        while True:
            self.reading = await asyncio.to_thread(self._sample)
            await asyncio.sleep(self._interval_s)

    def _sample(self) -> ProcessReading:
        self._process = process = self._process or psutil.Process()
        with process.oneshot():
            return ProcessReading(process.memory_info().rss / 2**20, process.cpu_percent())


class WorkerMonitor:
    """Keeps the scoring worker running, so that the first text need not wait for its start.

    :param start: starts the worker unless it runs.
    """

    def __init__(self, start: Callable[[], Awaitable[None]], *, interval_s: float = 5.0) -> None:
        self._start = start
        self._interval_s = interval_s
        self._failed = False

    async def run(self) -> None:
        """Check for ever."""
        while True:
            await self.check_once()
            await asyncio.sleep(self._interval_s)

    async def check_once(self) -> None:
        """Start the worker if it does not run; a worker that cannot run is logged once."""
        try:
            await self._start()
        except ScoringError as error:
            if not self._failed:
                log.error("the scoring worker cannot run: %s", error)  # noqa: TRY400 (says it all)
            self._failed = True
        else:
            self._failed = False
