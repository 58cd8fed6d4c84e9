"""Answers made before anybody asks: when, which, and what happens when it fails or takes too long."""

import asyncio
from datetime import UTC, datetime

import pytest

from sentiment_service.api.cache import MOST_AHEAD, AnswerCache
from sentiment_service.api.kept_answer import Answer
from sentiment_service.api.problems import not_found
from sentiment_service.api.responses import Encoding
from sentiment_service.errors import DatabaseUnavailableError
from sentiment_service.models import DataVersion
from sentiment_service.store.version import VersionWatch
from tests.waiting import until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
JSON = Encoding.of("application/json")


def version(number: int) -> DataVersion:
    return DataVersion(number, NOON)


class Reads:
    """A cache whose answers are the number that the database holds, and who asks it."""

    def __init__(self) -> None:
        self.data = 1
        self.made: list[str] = []
        self.failure: Exception | None = None
        self.going = asyncio.Event()
        self.going.set()
        self.watch = VersionWatch(self.stored)
        self.watch.current = version(1)
        self.cache = AnswerCache(self.watch, lambda: NOON)
        self.watch.get_ready = self.cache.get_ready

    async def stored(self) -> DataVersion:
        return version(self.data)

    async def ask(self, question: str, *, ahead: bool = True) -> bytes:
        """Ask as a handler does."""
        form = self.cache.find(f"/{question}", "")
        if form is None:

            async def make(end: datetime | None) -> Answer:
                self.made.append(question)
                await self.going.wait()
                if self.failure is not None:
                    raise self.failure
                return Answer(question, str(self.data).encode(), "", JSON, end)

            answer = await self.cache.answer(question, "version", make, ahead=ahead)
            form = await answer.form(accepts_gzip=False)
            self.cache.remember(answer, form, f"/{question}", "")
        return form.body

    async def write(self) -> None:
        """A write of this process, to its end."""
        self.data += 1
        await self.watch.raised(version(self.data))


@pytest.fixture
async def reads() -> Reads:
    return Reads()


async def test_what_was_asked_for_lately_is_there_when_a_write_ends(reads: Reads) -> None:
    for _ in range(3):
        assert [await reads.ask(each) for each in "abc"] == [str(reads.data).encode()] * 3
        await reads.write()
    assert (reads.cache.misses, reads.cache.hits, reads.cache.ahead) == (3, 6, 9)
    assert reads.made == [*"abc", *"cba", *"cba", *"cba"]  # what was asked for last comes first


async def test_a_write_of_another_process_is_got_ready_for_before_it_is_seen(reads: Reads) -> None:
    await reads.ask("a")
    reads.data += 1
    reads.going.clear()
    poll = asyncio.create_task(reads.watch.poll())
    await until(lambda: len(reads.made) == 2)
    assert await reads.ask("a") == b"1"
    assert reads.watch.current == version(1)
    reads.going.set()
    await poll
    assert await reads.ask("a") == b"2"
    assert reads.made == ["a", "a"]


async def test_what_nobody_asked_for_lately_or_what_takes_long_is_not_made_ahead(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reads.ask("long", ahead=False)
    await reads.write()
    assert reads.made == ["long"]
    await reads.ask("a")
    monkeypatch.setattr("sentiment_service.api.cache.LATELY_S", -1.0)
    await reads.write()
    assert reads.made == ["long", "a"]


async def test_as_many_as_are_made_ahead_are_bounded(reads: Reads) -> None:
    questions = [f"q{number}" for number in range(MOST_AHEAD + 9)]
    for question in questions:
        await reads.ask(question)
    reads.made.clear()
    await reads.write()
    assert set(reads.made) == set(questions[9:])
    await reads.ask(questions[-1])
    assert (len(reads.made), len(reads.cache)) == (MOST_AHEAD, MOST_AHEAD)


async def test_a_write_does_not_wait_long_for_a_slow_database(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reads.ask("a")
    monkeypatch.setattr("sentiment_service.store.version.READY_LIMIT_S", 0.01)
    reads.going.clear()
    await reads.write()
    assert reads.watch.current == version(2)
    reads.going.set()
    assert await reads.ask("a") == b"2"
    assert reads.made == ["a", "a", "a"]


async def test_what_is_there_no_more_is_left_to_who_asks_next(reads: Reads) -> None:
    await reads.ask("a")
    reads.failure = not_found("post")
    await reads.write()
    reads.failure = None
    assert await reads.ask("a") == b"2"
    assert reads.cache.ahead == 0


async def test_a_database_that_is_away_is_not_hidden(reads: Reads) -> None:
    await reads.ask("a")
    reads.failure = DatabaseUnavailableError("away")
    await reads.write()
    assert reads.watch.current is None


async def test_a_mistake_in_a_handler_is_in_the_log_and_stops_no_write(
    reads: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    await reads.ask("a")
    reads.failure = RuntimeError("a mistake")
    await reads.write()
    assert reads.watch.current == version(2)
    (record,) = caplog.records
    assert (record.levelname, record.exc_info and record.exc_info[1]) == ("ERROR", reads.failure)


async def test_a_write_that_is_stopped_is_seen_all_the_same(reads: Reads) -> None:
    await reads.ask("a")
    reads.going.clear()
    writing = asyncio.create_task(reads.write())
    await until(lambda: len(reads.made) == 2)
    writing.cancel()
    await asyncio.wait({writing})
    assert writing.cancelled()
    assert reads.watch.current == version(2)
    reads.going.set()
    assert await reads.ask("a") == b"2"
