"""The connection through outages, new addresses and refusals."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from sentiment_service.errors import ConfigError, DatabaseUnavailableError, StoreError
from sentiment_service.models import Watermark
from sentiment_service.store.connection import Database
from sentiment_service.store.indexes import INDEXES
from sentiment_service.store.stores import Store, open_store
from tests.plugins.database import MakeSettings
from tests.store.conftest import OpenStore
from tests.store.content import NOON, post, scored
from tests.store.faults import FailPoints
from tests.store.test_items import write
from tests.waiting import until

SELECTION = "serverSelectionTimeoutMS=200"


@pytest_asyncio.fixture
async def database(mongo_settings: MakeSettings) -> AsyncIterator[Database]:
    """A database that is not connected yet."""
    database = Database(mongo_settings())
    yield database
    await database.close()


def dead_address() -> str:
    """An address at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"mongodb://127.0.0.1:{listener.getsockname()[1]}/?directConnection=true&{SELECTION}"


async def test_before_it_is_connected_every_operation_is_unavailable(mongo_settings: MakeSettings) -> None:
    store = open_store(mongo_settings())
    assert not store.database.ready
    for operation in (
        store.database.check(),
        store.database.prepare(),
        store.database.drop(),
        store.items.post("t3_1"),
        store.items.confirm(),
        store.state.version(),
        store.rollups.recompute_dirty(),
    ):
        with pytest.raises(DatabaseUnavailableError):
            await operation


async def test_it_is_ready_once_prepared_and_preparing_again_is_harmless(
    database: Database, mongodb_uri: str
) -> None:
    await database.connect(mongodb_uri)
    assert not database.ready
    await database.prepare()
    await database.prepare()
    assert database.ready
    assert await database.check() >= 0
    for name, keys in INDEXES.items():
        made = await database.collection(name).index_information()
        assert {tuple(field for field, _ in index["key"]) for index in made.values()} == {("_id",), *keys}
    await database.drop()


async def test_a_dead_address_is_unavailable_and_a_good_one_later_works(
    database: Database, mongodb_uri: str
) -> None:
    await database.connect(dead_address())
    with pytest.raises(DatabaseUnavailableError, match="no database server answered"):
        await database.check()
    await database.connect(mongodb_uri)
    await database.prepare()
    assert await database.check() >= 0
    await database.drop()


async def test_a_write_that_waits_for_the_database_uses_its_new_address(
    opened: OpenStore, mongodb_uri: str
) -> None:
    store = await opened(retry_deadline_seconds=60.0)
    await store.database.connect(dead_address())
    writing = asyncio.create_task(store.items.write([scored(post())], {}, seen_at=NOON))
    await until(lambda: store.database.retries > 0)
    await store.database.connect(mongodb_uri)
    assert (await writing).new == 1
    assert await store.items.post("t3_1") is not None


async def test_closing_twice_is_harmless_and_ends_operations(database: Database, mongodb_uri: str) -> None:
    await database.connect(mongodb_uri)
    await database.close()
    await database.close()
    with pytest.raises(DatabaseUnavailableError, match="not connected"):
        await database.check()


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://user:hunter2@host:99999999/",
        "mongodb://user:hun/ter2@host/",
        "hunter2",
        "mongodb://:hunter2@",
    ],
)
async def test_a_bad_address_is_a_mistake_in_the_settings_and_not_quoted(
    database: Database, uri: str
) -> None:
    with pytest.raises(ConfigError, match=r"mongodb\.uri") as caught:
        await database.connect(uri)
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


async def test_options_of_the_address_win_except_those_the_store_relies_on(
    database: Database, mongodb_uri: str
) -> None:
    await database.connect(f"{mongodb_uri}&appName=mine&retryWrites=true&maxIdleTimeMS=1&maxPoolSize=3")
    client = database._client
    assert client is not None
    options: Any = client.options
    assert options.pool_options.appname == "mine"
    assert options.pool_options.max_pool_size == 3
    assert options.pool_options.max_idle_time_seconds == 120
    assert not options.retry_writes


async def test_a_closed_connection_is_not_noticed_by_a_read(victim: Store, fail_points: FailPoints) -> None:
    async with fail_points.failing("find", times=1, closeConnection=True):
        assert await victim.items.post("t3_1") is None
    assert victim.database.retries == 1


@pytest.mark.parametrize(
    "error",
    [
        {"errorCode": 16500},
        {"closeConnection": True},
        {"errorCode": 11600},
        {"writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}},
    ],
)
async def test_a_write_survives_transient_errors(
    victim: Store, fail_points: FailPoints, error: dict[str, object]
) -> None:
    async with fail_points.failing("insert", "update", times=3, **error):
        assert (await write(victim, scored(post()))).new == 1
        await victim.items.confirm()
    assert victim.database.retries == 3
    assert await victim.items.post("t3_1") is not None


async def test_reads_fail_during_an_outage_and_a_write_outlasts_it(
    opened: OpenStore, fail_points: FailPoints
) -> None:
    victim = await opened(options=f"&appName=victim&{SELECTION}", retry_deadline_seconds=60.0)
    commands = ("hello", "isMaster", "ismaster", "find", "insert", "update")
    async with fail_points.failing(*commands, closeConnection=True):
        with pytest.raises(DatabaseUnavailableError):
            await victim.items.post("t3_1")
        with pytest.raises(DatabaseUnavailableError):
            await victim.database.check()
        before = victim.database.retries
        writing = asyncio.create_task(victim.items.write([scored(post())], {}, seen_at=NOON))
        await until(lambda: victim.database.retries > before)
    assert (await writing).new == 1


async def test_a_server_that_hangs_is_unavailable(opened: OpenStore, fail_points: FailPoints) -> None:
    victim = await opened(options="&appName=victim", timeout_seconds=0.3)
    async with fail_points.failing("find", blockConnection=True, blockTimeMS=1500):
        with pytest.raises(DatabaseUnavailableError, match="in time"):
            await victim.database.check()


@pytest.mark.parametrize("code", [1, 13, 18])
async def test_a_server_that_cannot_or_will_not_serve_us_is_unavailable(
    victim: Store, fail_points: FailPoints, code: int
) -> None:
    async with fail_points.failing("find", errorCode=code):
        with pytest.raises(DatabaseUnavailableError, match=str(code)):
            await victim.database.check()


async def test_a_refused_read_is_an_error_of_the_store(victim: Store, fail_points: FailPoints) -> None:
    async with fail_points.failing("find", errorCode=2):
        with pytest.raises(StoreError) as caught:
            await victim.items.post("t3_1")
    assert not isinstance(caught.value, DatabaseUnavailableError)


async def test_errors_that_a_lease_does_not_expect_pass_through(
    victim: Store, fail_points: FailPoints
) -> None:
    async with fail_points.failing("findAndModify", "update", errorCode=2):
        with pytest.raises(StoreError):
            await victim.state.acquire("collect", "me", 60)
        with pytest.raises(StoreError):
            await victim.watermarks.save(Watermark("aws"), fence=1)


async def test_a_lease_whose_answer_was_lost_is_still_ours(victim: Store, fail_points: FailPoints) -> None:
    async with fail_points.failing(
        "findAndModify", times=1, writeConcernError={"code": 91, "errmsg": "shutting down"}
    ):
        lease = await victim.state.acquire("collect", "me", 60)
    assert lease is not None
    assert await victim.state.holder("collect") == lease
