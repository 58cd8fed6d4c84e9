"""The schema version of a database: steps, crashes between them, several at once, and versions too new."""

import asyncio
from collections.abc import Callable

import pytest

from sentiment_service.errors import DatabaseUnavailableError, StartupError
from sentiment_service.store.connection import Database
from sentiment_service.store.migrations import LEASE, RESTORING, STEPS, Schema, Step
from sentiment_service.store.stores import Store
from tests.plugins.database import MakeSettings
from tests.store.conftest import OpenStore
from tests.waiting import until


class CrashError(Exception):
    """Stands for the end of the process."""


class Recorder:
    """Migrations for tests: each notes its version in the database, once however often it runs."""

    def __init__(self, last: int) -> None:
        self.ran: list[int] = []
        self.crash_in: int | None = None
        self.go = asyncio.Event()
        self.go.set()
        self.steps = tuple(
            Step(version, f"adds {version}", self._step(version)) for version in range(2, last + 1)
        )

    def _step(self, version: int) -> Callable[[Database], "asyncio.Future[None]"]:
        async def run(database: Database) -> None:
            self.ran.append(version)
            await database.collection("migrated").update_one(
                {"_id": "all"}, {"$addToSet": {"versions": version}}, upsert=True
            )
            await self.go.wait()
            if self.crash_in == version:
                raise CrashError

        return run  # type: ignore[return-value]


async def stored_version(store: Store) -> int:
    """The number in the database."""
    document = await store.database.collection("state").find_one({"_id": "schema"})
    assert document is not None
    return int(document["version"])


async def migrated(store: Store) -> list[int]:
    """What the migrations of :class:`Recorder` left, in the order in which it came."""
    document = await store.database.collection("migrated").find_one({"_id": "all"})
    return document["versions"] if document else []


@pytest.fixture
async def old(opened: OpenStore) -> Store:
    """A store on a database of version 1 that was in use."""
    store = await opened(prepare=False)
    await Schema(store.database, store.state, steps=()).prepare()
    await store.state.bump_version()
    assert await stored_version(store) == 1
    return store


async def test_a_new_database_begins_at_the_newest_version(opened: OpenStore) -> None:
    store = await opened(prepare=False)
    recorder = Recorder(3)
    schema = Schema(store.database, store.state, steps=recorder.steps)
    await schema.prepare()
    assert (recorder.ran, await stored_version(store)) == ([], 3)
    assert store.database.ready


async def test_steps_are_taken_in_order_once(old: Store) -> None:
    recorder = Recorder(4)
    schema = Schema(old.database, old.state, steps=recorder.steps)
    await schema.prepare()
    await schema.prepare()
    assert recorder.ran == await migrated(old) == [2, 3, 4]
    assert await stored_version(old) == 4
    assert await old.state.holder(LEASE) is None


async def test_a_database_in_use_without_a_version_counts_as_the_first(old: Store) -> None:
    await old.database.collection("state").delete_one({"_id": "schema"})
    recorder = Recorder(2)
    await Schema(old.database, old.state, steps=recorder.steps).prepare()
    assert (recorder.ran, await stored_version(old)) == ([2], 2)


@pytest.mark.parametrize("crash_in", [2, 3, 4])
async def test_after_a_crash_the_next_start_goes_on_where_it_stopped(old: Store, crash_in: int) -> None:
    recorder = Recorder(4)
    recorder.crash_in = crash_in
    schema = Schema(old.database, old.state, steps=recorder.steps)
    with pytest.raises(CrashError):
        await schema.prepare()
    assert await stored_version(old) == crash_in - 1
    recorder.crash_in, recorder.ran = None, []
    await schema.prepare()
    assert recorder.ran == list(range(crash_in, 5))
    assert await migrated(old) == [2, 3, 4]
    assert await stored_version(old) == 4


async def test_of_several_instances_one_migrates_and_the_others_wait(old: Store, opened: OpenStore) -> None:
    recorder = Recorder(3)
    recorder.go.clear()
    others = [await opened(prepare=False) for _ in range(2)]
    schemas = [Schema(one.database, one.state, steps=recorder.steps) for one in (old, *others)]
    for number, schema in enumerate(schemas):
        schema._owner = f"instance {number}"
    preparing = [asyncio.create_task(schema.prepare()) for schema in schemas]
    await until(lambda: bool(recorder.ran))
    recorder.go.set()
    await asyncio.gather(*preparing)
    assert recorder.ran == [2, 3]
    assert await stored_version(old) == 3


async def test_an_instance_that_loses_its_lease_stops_migrating(
    old: Store, monkeypatch: pytest.MonkeyPatch, clock: Callable[[], object]
) -> None:
    monkeypatch.setattr("sentiment_service.store.migrations.LEASE_S", 0.03)
    monkeypatch.setattr("sentiment_service.store.migrations.POLL_S", 0.01)
    recorder = Recorder(2)
    recorder.go.clear()
    schema = Schema(old.database, old.state, steps=recorder.steps)
    preparing = asyncio.create_task(schema.prepare())
    await until(lambda: bool(recorder.ran))
    # Another instance took the lease after it had expired, and finishes the work.
    leases = old.database.collection("leases")
    await leases.update_one({"_id": LEASE}, {"$set": {"owner": "another"}, "$inc": {"fence": 1}})
    await old.database.collection("state").update_one({"_id": "schema"}, {"$set": {"version": 2}})
    await preparing
    assert recorder.ran == [2]


async def test_a_newer_database_is_refused_in_one_line_and_left_alone(
    opened: OpenStore, old: Store, mongo_settings: MakeSettings
) -> None:
    await Schema(old.database, old.state, steps=Recorder(7).steps).prepare()
    await old.database.collection("posts").drop_indexes()
    before = await old.database.collection("posts").index_information()
    with pytest.raises(StartupError) as caught:
        await old.schema.prepare()
    assert "schema version 7" in str(caught.value)
    assert f"supports up to {old.schema.supported}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert await stored_version(old) == 7
    assert await old.database.collection("posts").index_information() == before


async def test_a_version_that_is_no_number_is_refused(old: Store) -> None:
    await old.database.collection("state").update_one({"_id": "schema"}, {"$set": {"version": "two"}})
    with pytest.raises(StartupError, match="no readable schema version"):
        await old.schema.prepare()


async def test_a_half_restored_database_is_refused(old: Store) -> None:
    await old.database.collection("state").insert_one({"_id": RESTORING})
    with pytest.raises(StartupError, match="half restored"):
        await old.schema.prepare()


async def test_a_long_migration_goes_on_behind_and_says_what_it_does(old: Store) -> None:
    recorder = Recorder(2)
    recorder.go.clear()
    schema = Schema(old.database, old.state, steps=recorder.steps)
    preparing = asyncio.create_task(schema.prepare_within(30))
    await until(lambda: bool(recorder.ran))
    with pytest.raises(DatabaseUnavailableError, match="from schema version 1 to 2"):
        await schema.prepare_within(0)
    recorder.go.set()
    await preparing
    await schema.prepare_within(30)
    assert (recorder.ran, await stored_version(old)) == ([2], 2)


async def test_closing_ends_what_goes_on_behind(old: Store) -> None:
    recorder = Recorder(2)
    recorder.go.clear()
    schema = Schema(old.database, old.state, steps=recorder.steps)
    with pytest.raises(DatabaseUnavailableError):
        await schema.prepare_within(0)
    await schema.close()
    await schema.close()
    assert await stored_version(old) == 1


async def test_a_database_that_is_away_is_tried_again(mongo_settings: MakeSettings, old: Store) -> None:
    schema = Schema(Database(mongo_settings()), old.state)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailableError, match="not connected"):
            await schema.prepare_within(5)


def test_migrations_are_numbered_without_a_gap(old: Store) -> None:
    with pytest.raises(ValueError, match="gap"):
        Schema(old.database, old.state, steps=Recorder(4).steps[1:])
    assert [step.version for step in STEPS] == list(range(2, 2 + len(STEPS)))
