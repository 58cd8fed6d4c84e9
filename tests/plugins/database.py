"""Fixtures around a real database server: the embedded one, one for each test worker."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from sentiment_service.demo.embedded import EmbeddedDatabase
from sentiment_service.settings import MongoSettings
from sentiment_service.store.stores import Store, open_store

MakeSettings = Callable[..., MongoSettings]


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a database server that runs for the whole session and accepts fail points.

    Its owner is a loop in a thread of its own, because the loops of tests come and go.
    """
    folder: Path = tmp_path_factory.mktemp("database")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="database of the tests", daemon=True)
    thread.start()
    database = EmbeddedDatabase(folder, cache_mb=64, extra_arguments=("--enable-test-commands",))
    uri = asyncio.run_coroutine_threadsafe(database.start(), loop).result(90)
    yield f"{uri}&heartbeatFrequencyMS=500"
    asyncio.run_coroutine_threadsafe(database.close(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def mongo_settings(mongodb_uri: str) -> MakeSettings:
    """Makes settings of a fresh database on the session's server; keywords override."""

    def make(**changes: object) -> MongoSettings:
        values: dict[str, object] = {
            "uri": SecretStr(mongodb_uri),
            "database": f"test_{uuid.uuid4().hex[:16]}",
            "timeout_seconds": 5.0,
            "retry_deadline_seconds": 5.0,
        }
        return MongoSettings.model_validate(values | changes)

    return make


@pytest_asyncio.fixture
async def store(mongo_settings: MakeSettings, mongodb_uri: str) -> AsyncIterator[Store]:
    """A store on a fresh database, dropped afterwards."""
    store = open_store(mongo_settings())
    await store.database.connect(mongodb_uri)
    await store.database.prepare()
    yield store
    await store.database.drop()
    await store.database.close()
