"""A job: one run at a time, a deadline, its outcome recorded, nothing left behind."""

import asyncio
from datetime import UTC, datetime

import pytest

from sentiment_service.errors import DatabaseUnavailableError, SourceError
from sentiment_service.jobs.schedule import Job, Run, next_firing
from sentiment_service.models import JobOutcome
from tests.waiting import until

EVERY_MINUTE = "* * * * *"


class Clock:
    """A clock that shows what it is told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Book:
    """Where outcomes are recorded."""

    def __init__(self, *, away: bool = False) -> None:
        self.outcomes: list[JobOutcome] = []
        self._away = away

    async def __call__(self, outcome: JobOutcome) -> None:
        if self._away:
            raise DatabaseUnavailableError("away")
        self.outcomes.append(outcome)


def make_job(run: Run, book: Book, *, deadline_s: float = 5.0, clock: Clock | None = None) -> Job:
    """A job that fires every minute."""
    return Job("work", run, cron=EVERY_MINUTE, deadline_s=deadline_s, record=book, now=clock or Clock())


async def count() -> dict[str, int]:
    """A run that does nothing and counts one."""
    return {"items": 1}


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("*/30 * * * *", (12, 0, 0), (12, 30)),
        ("*/30 * * * *", (12, 29, 59), (12, 30)),
        ("5 * * * *", (12, 5, 0), (13, 5)),
        ("30 3 * * *", (3, 29, 0), (3, 30)),
    ],
)
def test_the_next_firing_is_the_first_due_moment_after(
    expression: str, after: tuple[int, int, int], expected: tuple[int, int]
) -> None:
    moment = datetime(2026, 11, 23, *after, tzinfo=UTC)
    assert next_firing(expression, moment) == datetime(2026, 11, 23, *expected, tzinfo=UTC)


async def test_a_run_is_recorded_with_its_counts() -> None:
    book = Book()
    job = make_job(count, book)
    assert job.fire()
    await job.wait()
    assert [(o.status, o.counts) for o in book.outcomes] == [("completed", {"items": 1})]
    assert not job.running


async def test_a_firing_during_a_run_is_dropped_and_counted() -> None:
    gate, runs, book = asyncio.Event(), [0], Book()

    async def slow() -> dict[str, int]:
        runs[0] += 1
        await gate.wait()
        return {}

    job = make_job(slow, book)
    assert [job.fire(), job.fire(), job.fire()] == [True, False, False]
    gate.set()
    await job.wait()
    assert (runs[0], job.skipped) == (1, 2)
    assert job.fire()
    await job.close()


async def test_a_run_past_its_deadline_is_cancelled_and_recorded() -> None:
    book = Book()

    async def endless() -> dict[str, int]:
        await asyncio.Event().wait()
        return {}

    job = make_job(endless, book, deadline_s=0.01)
    job.fire()
    await job.wait()
    assert [(o.status, o.detail) for o in book.outcomes] == [("timed_out", "not done within 0 s")]


async def test_a_timeout_inside_a_run_is_not_taken_for_the_deadline() -> None:
    book = Book()

    async def inner() -> dict[str, int]:
        raise TimeoutError

    job = make_job(inner, book)
    job.fire()
    await job.wait()
    assert book.outcomes[0].detail == "a wait inside it timed out"


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (SourceError("unavailable", "Reddit is away"), "unavailable: Reddit is away"),
        (KeyError("bug"), "KeyError: 'bug'"),
    ],
)
async def test_a_failing_run_is_recorded_and_does_not_stop_the_next(error: Exception, detail: str) -> None:
    book = Book()

    async def fail() -> dict[str, int]:
        raise error

    job = make_job(fail, book)
    job.fire()
    await job.wait()
    assert [(o.status, o.detail) for o in book.outcomes] == [("failed", detail)]
    assert job.fire(count)
    await job.wait()
    assert book.outcomes[1].status == "completed"


async def test_an_outcome_that_cannot_be_recorded_does_not_break_the_job(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = make_job(count, Book(away=True))
    job.fire()
    await job.wait()
    assert "could not be recorded" in caplog.text
    assert job.fire()
    await job.close()


async def test_closing_cancels_the_run_and_waits_for_its_end() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def run() -> dict[str, int]:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return {}

    job = make_job(run, Book())
    job.start()
    job.fire()
    await until(started.is_set)
    await job.close()
    assert ended.is_set()
    assert not job.running
    assert job.next_at is None
    await job.close()


async def test_missed_firings_of_one_minute_become_one_run() -> None:
    clock, runs = Clock(), [0]

    async def run() -> dict[str, int]:
        runs[0] += 1
        return {}

    job = make_job(run, Book(), clock=clock)
    job.start()
    for _ in range(4):
        job._tick()
        await job.wait()
    assert runs[0] == 1
    clock.time = clock.time.replace(minute=1)
    job._tick()
    await job.wait()
    assert runs[0] == 2
    assert job.next_at == datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
    await job.close()
    job._tick()
    assert runs[0] == 2
