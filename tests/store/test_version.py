"""What a process knows of the data version: its own changes at once, others' soon, nothing while away."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from sentiment_service.errors import DatabaseUnavailableError, StoreError
from sentiment_service.models import DataVersion
from sentiment_service.resources import background
from sentiment_service.store.stores import Store
from sentiment_service.store.version import VersionWatch
from tests.store.conftest import OpenStore
from tests.store.content import NOON
from tests.waiting import until


def version(number: int) -> DataVersion:
    return DataVersion(number, NOON)


class Server:
    """Answers with what it had when it was asked, as soon as it is told to."""

    def __init__(self) -> None:
        self.number = 1
        self.failure: StoreError | None = None
        self.answering = asyncio.Event()
        self.answering.set()
        self.asked = 0

    def was_asked(self, times: int) -> bool:
        return self.asked >= times

    async def read(self) -> DataVersion:
        answer = version(self.number)
        self.asked += 1
        await self.answering.wait()
        if self.failure is not None:
            raise self.failure
        return answer


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def watch(server: Server) -> VersionWatch:
    return VersionWatch(server.read)


@pytest.fixture
async def watched(store: Store) -> AsyncIterator[Store]:
    """A store whose version is watched."""
    async with background(store.state.watch.run(), "watch"):
        await store.state.watch.changed(None)
        yield store


async def test_a_change_made_here_is_known_when_it_is_done(watched: Store) -> None:
    raised = await watched.state.bump_version()
    assert watched.state.watch.current == raised


async def test_a_change_of_another_process_is_noticed(watched: Store, opened: OpenStore) -> None:
    other = await opened()
    raised = await other.state.bump_version()
    await until(lambda: watched.state.watch.current == raised)


async def test_nothing_is_known_while_the_database_is_away(watched: Store, mongodb_uri: str) -> None:
    watch = watched.state.watch
    before = watch.current
    await watched.database.close()
    await until(lambda: watch.current is None)
    await watched.database.connect(mongodb_uri)
    await until(lambda: watch.current == before)


async def test_nothing_is_known_before_it_was_asked_for_or_after_the_watch_ended(store: Store) -> None:
    watch = store.state.watch
    await store.state.bump_version()
    assert watch.current is None
    async with background(watch.run(), "watch"):
        await watch.changed(None)
    assert watch.current is None


async def test_an_answer_from_before_a_change_does_not_hide_it(watch: VersionWatch, server: Server) -> None:
    for known_before in (False, True):
        server.answering.clear()
        poll = asyncio.create_task(watch.poll())
        asked = 2 if known_before else 1
        await until(partial(server.was_asked, asked))
        assert (watch.current is not None) is known_before
        server.number += 1
        watch.announce(version(server.number))
        server.answering.set()
        await poll
        assert watch.current == version(server.number)


async def test_announcements_that_overtake_each_other_leave_the_newest(watch: VersionWatch) -> None:
    await watch.poll()
    watch.announce(version(7))
    watch.announce(version(6))
    assert watch.current == version(7)


async def test_a_database_that_went_back_is_believed(watch: VersionWatch, server: Server) -> None:
    await watch.poll()
    watch.announce(version(9))
    server.number = 3
    await watch.poll()
    assert watch.current == version(3)


async def test_an_unchanged_version_stays_the_same_object(watch: VersionWatch) -> None:
    await watch.poll()
    known = watch.current
    await watch.poll()
    assert watch.current is known


async def test_a_failure_or_a_doubt_makes_it_unknown_until_the_next_answer(
    watch: VersionWatch, server: Server
) -> None:
    await watch.poll()
    server.failure = DatabaseUnavailableError("away")
    await watch.poll()
    assert watch.current is None
    server.failure = None
    await watch.poll()
    server.answering.clear()
    poll = asyncio.create_task(watch.poll())
    await until(lambda: server.asked == 4)
    watch.doubt()
    server.answering.set()
    await poll
    assert watch.current is None
    await watch.poll()
    assert watch.current == version(1)


async def test_a_database_that_hangs_makes_it_unknown(
    watch: VersionWatch, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watch.poll()
    monkeypatch.setattr("sentiment_service.store.version.POLL_LIMIT_S", 0.01)
    server.answering.clear()
    await watch.poll()
    assert watch.current is None


async def test_who_waits_for_a_change_gets_the_newest(watch: VersionWatch) -> None:
    waiting = asyncio.create_task(watch.changed(None))
    await watch.poll()
    assert await waiting == version(1)
    later = asyncio.create_task(watch.changed(version(1)))
    watch.announce(version(2))
    watch.announce(version(3))
    assert await later == version(3)
