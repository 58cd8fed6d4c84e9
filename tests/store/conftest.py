"""Fixtures of the store's tests."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from motor.motor_asyncio import AsyncIOMotorClient

from sentiment_service.store.connection import Database, Document
from sentiment_service.store.stores import Store, store_on
from tests.plugins.database import MakeSettings
from tests.store.commands import SeenCommands
from tests.store.content import NOON
from tests.store.faults import VICTIM, FailPoints

OpenStore = Callable[..., Awaitable[Store]]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    """The clock of the stores of a test."""
    return Clock()


@pytest.fixture
def seen() -> SeenCommands:
    """The commands that the stores of a test send."""
    return SeenCommands()


@pytest_asyncio.fixture
async def opened(
    mongo_settings: MakeSettings, mongodb_uri: str, clock: Clock, seen: SeenCommands
) -> AsyncIterator[OpenStore]:
    """Opens stores on one fresh database; keywords go to the settings, ``options`` to the address."""
    name = mongo_settings().database
    databases: list[Database] = []

    async def open_one(*, options: str = "", prepare: bool = True, **changes: object) -> Store:
        database = Database(mongo_settings(**({"database": name} | changes)), listeners=[seen])
        databases.append(database)
        await database.connect(mongodb_uri + options)
        if prepare:
            await database.prepare()
        return store_on(database, now=clock)

    yield open_one
    if databases:
        await databases[0].connect(mongodb_uri)
        await databases[0].drop()
    for database in databases:
        await database.close()


@pytest_asyncio.fixture
async def fail_points(mongodb_uri: str) -> AsyncIterator[FailPoints]:
    """Switches fail points that hit clients named :data:`~tests.store.faults.VICTIM`."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongodb_uri)
    points = FailPoints(client)
    yield points
    await points.off()
    client.close()


@pytest_asyncio.fixture
async def victim(opened: OpenStore) -> Store:
    """A store that fail points hit."""
    return await opened(options=f"&appName={VICTIM}")


@pytest_asyncio.fixture
async def store(opened: OpenStore) -> Store:
    """A store on a fresh database with a clock of the test's own; its commands are in ``seen``."""
    return await opened()


@pytest.fixture
def documents(store: Store) -> Callable[[str], Awaitable[list[Document]]]:
    """Reads a whole collection, by ``_id``."""

    async def read(name: str) -> list[dict[str, Any]]:
        found = await store.database.collection(name).find({}).to_list(None)
        return sorted(found, key=lambda document: str(document["_id"]))

    return read
