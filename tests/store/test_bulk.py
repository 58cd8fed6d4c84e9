"""Bulks come through although single operations are refused, for now or for ever."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext

import pytest
import pytest_asyncio

from sentiment_service.errors import DatabaseUnavailableError
from sentiment_service.store import bulk
from tests.plugins.database import MakeSettings
from tests.store.faults import StingyDatabase

OVER_BUDGET = (16500, "Error=16500, RetryAfterMs=2, Details='TooManyRequests'")
Refuses = Callable[[int, int], tuple[int, str] | None]
Open = Callable[..., Awaitable[StingyDatabase]]


@pytest_asyncio.fixture
async def stingy(mongo_settings: MakeSettings, mongodb_uri: str) -> AsyncIterator[Open]:
    databases: list[StingyDatabase] = []

    async def make(refuses: Refuses, **changes: object) -> StingyDatabase:
        database = StingyDatabase(mongo_settings(**changes), refuses)
        await database.connect(mongodb_uri)
        databases.append(database)
        return database

    yield make
    for database in databases:
        await database.drop()
        await database.close()


def upserts(count: int, *, likely_new: bool = True) -> list[bulk.Upsert]:
    return [
        bulk.Upsert(f"id{n}", {"$set": {"n": n}, "$setOnInsert": {"first": True}}, likely_new=likely_new)
        for n in range(count)
    ]


async def numbers(database: StingyDatabase) -> list[int]:
    return sorted([one["n"] async for one in database.collection("things").find({"first": True})])


@pytest.mark.parametrize("likely_new", [True, False])
async def test_only_the_operations_over_budget_are_repeated(stingy: Open, likely_new: bool) -> None:
    database = await stingy(lambda index, turn: OVER_BUDGET if turn < 2 and index % 3 == 0 else None)
    assert await bulk.upsert(database, "things", upserts(30, likely_new=likely_new)) == []
    assert database.sent == [30, 10, 4]
    assert (database.retries, database.throttled) == (2, 2)
    assert await numbers(database) == list(range(30))


async def test_a_refused_operation_beside_one_over_budget_is_handed_back(stingy: Open) -> None:
    def refuses(index: int, turn: int) -> tuple[int, str] | None:
        if turn == 0:
            return {0: (2, "bad value"), 1: OVER_BUDGET}.get(index)
        return None

    database = await stingy(refuses)
    assert await bulk.upsert(database, "things", upserts(5)) == [
        bulk.Refused("id0", "database error 2", "bad value")
    ]
    assert database.sent == [5, 1]
    assert await numbers(database) == [1, 2, 3, 4]


async def test_a_budget_that_stays_used_up_ends_at_the_deadline(stingy: Open) -> None:
    database = await stingy(lambda index, turn: OVER_BUDGET, retry_deadline_seconds=0.2)
    with pytest.raises(DatabaseUnavailableError, match="writing things"):
        await bulk.upsert(database, "things", upserts(3))
    assert len(database.sent) > 1


async def test_documents_that_are_there_already_are_updated(stingy: Open) -> None:
    database = await stingy(lambda index, turn: None)
    await bulk.upsert(database, "things", upserts(3))
    changed = [
        bulk.Upsert(f"id{n}", {"$set": {"n": -n}, "$setOnInsert": {"first": False}}, likely_new=True)
        for n in range(5)
    ]
    assert await bulk.upsert(database, "things", changed) == []
    assert await numbers(database) == [-2, -1, 0]


async def test_what_is_set_each_time_can_be_inserted_too(stingy: Open) -> None:
    database = await stingy(lambda index, turn: None)
    for factor in (1, -1):
        values = [
            bulk.Upsert(f"id{n}", {"$set": {"n": factor * n, "first": True}}, likely_new=True)
            for n in range(3)
        ]
        assert await bulk.upsert(database, "things", values) == []
        assert await numbers(database) == sorted(factor * n for n in range(3))


async def test_a_lost_race_for_a_new_key_is_repeated(stingy: Open) -> None:
    duplicate = (11000, "E11000 duplicate key error")
    database = await stingy(lambda index, turn: duplicate if turn == 0 and index == 1 else None)
    assert await bulk.upsert(database, "things", upserts(3, likely_new=False)) == []
    assert await numbers(database) == [0, 1, 2]


async def test_long_lists_are_cut_into_bulks(stingy: Open) -> None:
    database = await stingy(lambda index, turn: None)
    await bulk.upsert(database, "things", upserts(bulk.OPERATIONS * 2 + 1))
    assert database.sent == [bulk.OPERATIONS, bulk.OPERATIONS, 1]


async def test_nothing_to_write_sends_nothing(stingy: Open) -> None:
    database = await stingy(lambda index, turn: None)
    assert await bulk.upsert(database, "things", []) == []
    assert database.sent == []


@pytest.mark.parametrize(("restarts", "comes_through"), [(0, True), (2, True), (bulk.TRIES, False)])
async def test_updates_are_written_again_when_the_server_was_started_anew_meanwhile(
    stingy: Open, monkeypatch: pytest.MonkeyPatch, restarts: int, comes_through: bool
) -> None:
    database = await stingy(lambda *_: None)
    confirm, answers = database.confirm, iter([False] * restarts)

    async def confirmed() -> object:
        return await confirm() if next(answers, True) else object()

    monkeypatch.setattr(database, "confirm", confirmed)
    with nullcontext() if comes_through else pytest.raises(DatabaseUnavailableError, match="anew"):
        assert await bulk.upsert(database, "things", upserts(3, likely_new=False)) == []
    assert database.sent == [3] * min(restarts + 1, bulk.TRIES)
