"""Background checks: what they saw last, whatever they saw."""

import asyncio
import time

import pytest

from sentiment_service.errors import DatabaseUnavailableError, ScoringError
from sentiment_service.jobs.monitors import (
    DatabaseMonitor,
    LoopLagMonitor,
    ProcessMonitor,
    WorkerMonitor,
    percentile,
)
from tests.waiting import until


class Base:
    """A database that is there or not, as told."""

    def __init__(self) -> None:
        self.away = False
        self.hangs = False
        self.prepared = 0

    async def check(self) -> float:
        if self.hangs:
            await asyncio.Event().wait()
        if self.away:
            raise DatabaseUnavailableError("away")
        return 0.002

    async def prepare(self) -> None:
        if self.away:
            raise DatabaseUnavailableError("away")
        self.prepared += 1


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, 0.0), ([1.0], 0.99, 1.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), ([1.0, 2.0, 3.0, 4.0], 0.99, 4.0)],
)
def test_percentiles_are_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


async def test_a_database_that_goes_and_returns_is_noticed_and_prepared_again() -> None:
    base = Base()
    monitor = DatabaseMonitor(base.check, base.prepare)
    assert not monitor.state.connected
    await monitor.check_once()
    await monitor.check_once()
    assert (monitor.state.connected, monitor.state.latency_ms, base.prepared) == (True, 2.0, 1)
    assert monitor.available.is_set()
    base.away = True
    await monitor.check_once()
    assert (monitor.state.connected, monitor.state.latency_ms, monitor.state.error) == (False, None, "away")
    assert not monitor.available.is_set()
    base.away = False
    await monitor.check_once()
    assert (monitor.state.connected, base.prepared) == (True, 2)


async def test_a_check_that_hangs_counts_as_away() -> None:
    base = Base()
    monitor = DatabaseMonitor(base.check, base.prepare, limit_s=0.01)
    base.hangs = True
    await monitor.check_once()
    assert not monitor.state.connected
    assert monitor.state.error == "no answer within 0.01 s"


async def test_checks_go_on_until_cancelled() -> None:
    base = Base()
    base.away = True
    monitor = DatabaseMonitor(base.check, base.prepare, interval_s=0.001)
    task = asyncio.create_task(monitor.run())
    await until(lambda: monitor.state.checked_at is not None)
    base.away = False
    async with asyncio.timeout(5):
        await monitor.available.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_held_loop_shows_as_lag() -> None:
    monitor = LoopLagMonitor(interval_s=0.001)
    assert monitor.lag.max_ms == 0.0
    task = asyncio.create_task(monitor.run())
    await until(lambda: monitor.lag.max_ms > 0.0)
    end = time.perf_counter() + 0.05
    while time.perf_counter() < end:
        pass
    await until(lambda: monitor.lag.max_ms >= 40)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert monitor.lag.p50_ms <= monitor.lag.p99_ms <= monitor.lag.max_ms


async def test_the_process_reports_its_memory() -> None:
    monitor = ProcessMonitor(interval_s=0.001)
    task = asyncio.create_task(monitor.run())
    await until(lambda: monitor.reading.memory_mb > 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert 5 < monitor.reading.memory_mb < 5000


async def test_a_worker_that_cannot_run_is_logged_once_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries, broken = [0], [True]

    async def start() -> None:
        tries[0] += 1
        if broken[0]:
            raise ScoringError("no memory")

    monitor = WorkerMonitor(start, interval_s=0.001)
    task = asyncio.create_task(monitor.run())
    await until(lambda: tries[0] >= 3)
    assert caplog.text.count("the scoring worker cannot run: no memory") == 1
    broken[0] = False
    seen = tries[0]
    await until(lambda: tries[0] > seen + 1)
    broken[0] = True
    await until(lambda: caplog.text.count("cannot run") == 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
