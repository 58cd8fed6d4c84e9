"""Jobs: what aiocron alone does not give.

aiocron calls a function when its expression is due. It overlaps runs, fires missed runs in a
burst, leaves runs alive after ``stop()`` and drops exceptions. A :class:`Job` owns all of that:
one run at a time, a deadline, missed and overlapping firings coalesced into none, the outcome
logged and recorded, and a ``close()`` that waits for the run to end.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import lru_cache

import aiocron
from cronsim import CronSim

from sentiment_service.errors import ServiceError
from sentiment_service.models import JobOutcome, utc_now

log = logging.getLogger(__name__)

Run = Callable[[], Awaitable[dict[str, int]]]
"""What a job does; returns counts worth recording."""

Record = Callable[[JobOutcome], Awaitable[None]]


def next_firing(expression: str, after: datetime) -> datetime:
    """The first moment after ``after``, in UTC, at which a cron expression is due."""
    return _next_after_minute(expression, after.astimezone(UTC).replace(second=0, microsecond=0))


@lru_cache(maxsize=64)
def _next_after_minute(expression: str, minute: datetime) -> datetime:
    # Every answer of /health asks, and a rare expression takes a millisecond.
    return next(CronSim(expression, minute))


class Job:
    """One scheduled coroutine: single flight, deadline, stored outcome.

    :param name: how the job is called in logs and outcomes.
    :param run: what it does.
    :param cron: when, as a cron expression in UTC.
    :param deadline_s: seconds a run may take before it is cancelled.
    :param record: where outcomes go.
    """

    def __init__(
        self,
        name: str,
        run: Run,
        *,
        cron: str,
        deadline_s: float,
        record: Record,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.name = name
        self.skipped = 0
        """Firings dropped because the run before them had not ended."""
        self._run = run
        self._cron_expression = cron
        self._deadline_s = deadline_s
        self._record = record
        self._now = now
        self._cron: aiocron.Cron | None = None
        self._task: asyncio.Task[None] | None = None
        self._last_firing: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._task is not None and not self._task.done()

    @property
    def next_at(self) -> datetime | None:
        """When the schedule fires next; ``None`` when it is not started."""
        return None if self._cron is None else next_firing(self._cron_expression, self._now())

    def start(self) -> None:
        """Begin to fire on schedule; needs the running loop."""
        self._cron = aiocron.Cron(
            self._cron_expression, func=self._tick, loop=asyncio.get_running_loop(), tz=UTC, start=True
        )

    def fire(self, run: Run | None = None) -> bool:
        """Start a run now unless one is under way; says whether it did.

        :param run: what to do this once instead of the job's own run.
        """
        if self.running:
            self.skipped += 1
            log.warning("%s is still running: this firing is skipped", self.name)
            return False
        self._task = asyncio.create_task(self._execute(run or self._run), name=f"job {self.name}")
        return True

    async def wait(self) -> None:
        """Wait for the run under way, if there is one."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Stop firing, cancel the run under way and wait for its end; idempotent."""
        if self._cron is not None:
            self._cron.stop()
            self._cron = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _tick(self) -> None:
        minute = self._now().replace(second=0, microsecond=0)
        if self._cron is None or minute == self._last_firing:
            return
        self._last_firing = minute
        # aiocron pairs wall clock and loop clock once: starting again pairs them anew, so that a
        # clock that was set does not shift the schedule for good.
        self._cron.start()
        self.fire()

    async def _execute(self, run: Run) -> None:
        started_at, began = self._now(), time.monotonic()
        try:
            async with asyncio.timeout(self._deadline_s) as limit:
                counts = await run()
            outcome = JobOutcome(self.name, started_at, self._now(), "completed", counts=counts)
            log.info("%s completed in %.1f s: %s", self.name, time.monotonic() - began, counts)
        except TimeoutError:
            detail = (
                f"not done within {self._deadline_s:.0f} s"
                if limit.expired()
                else "a wait inside it timed out"
            )
            outcome = JobOutcome(self.name, started_at, self._now(), "timed_out", detail)
            log.error("%s: %s", self.name, detail)  # noqa: TRY400 (the traceback is the deadline's own)
        except ServiceError as error:
            outcome = JobOutcome(self.name, started_at, self._now(), "failed", str(error))
            log.warning("%s failed: %s", self.name, error)
        except Exception as error:  # the one broad catch around a job
            outcome = JobOutcome(
                self.name, started_at, self._now(), "failed", f"{type(error).__name__}: {error}"
            )
            log.exception("%s failed unexpectedly", self.name)
        await self._keep(outcome)

    async def _keep(self, outcome: JobOutcome) -> None:
        try:
            await self._record(outcome)
        except ServiceError as error:
            log.warning("the outcome of %s could not be recorded: %s", self.name, error)
