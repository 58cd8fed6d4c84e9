"""The connection to MongoDB, Cosmos DB or the embedded database: one client, replaceable while running."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import WriteConcern
from pymongo.errors import ConfigurationError, InvalidURI
from pymongo.monitoring import CommandListener

from sentiment_service.errors import ConfigError, DatabaseUnavailableError
from sentiment_service.histograms import Histogram
from sentiment_service.models import utc_now
from sentiment_service.settings import MongoSettings
from sentiment_service.store.indexes import INDEXES, models
from sentiment_service.store.retries import Retries

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorCollection

T = TypeVar("T")
Document = dict[str, Any]

logger = logging.getLogger(__name__)

SELECTION_MS = 3000
HEARTBEAT_MS = 2000
IDLE_MS = 120_000
"""Cosmos DB drops connections that idle for four minutes."""
BAD_ADDRESS = "mongodb.uri: not an address the database driver accepts, expected mongodb://host:27017/"
JOURNALED = WriteConcern(w="majority", j=True)
NAIVE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=False)


class Database:
    """The database, whether it is there or not.

    Before :meth:`connect`, and while the server is away, every operation raises
    :class:`~sentiment_service.errors.DatabaseUnavailableError`; when it returns, so do they.

    :param settings: name, time limits and number of connections; the address comes with :meth:`connect`.
    :param listeners: told of every command, for tests and metrics.
    """

    def __init__(self, settings: MongoSettings, *, listeners: Sequence[CommandListener] = ()) -> None:
        self._settings = settings
        self._listeners = tuple(listeners)
        self._client: AsyncIOMotorClient[Document] | None = None
        self._prepared = False
        self._retries = Retries(
            timeout_s=settings.timeout_seconds, deadline_s=settings.retry_deadline_seconds
        )

    async def connect(self, uri: str) -> None:
        """Use this address from now on; does not wait for the server.

        :raises ConfigError: it is no address of a MongoDB.
        """
        loop = asyncio.get_running_loop()
        former = self._client
        # Made in a thread because the driver looks at files while it is made.
        self._client = await asyncio.to_thread(self._make_client, uri, loop)
        self._retries.reopen()
        if former is not None:
            await asyncio.to_thread(former.close)

    async def close(self) -> None:
        """Close all connections. Idempotent."""
        former, self._client = self._client, None
        if former is not None:
            await asyncio.to_thread(former.close)

    @property
    def name(self) -> str:
        """Its name on the server."""
        return self._settings.database

    @property
    def server(self) -> object:
        """Whom operations go to: another object once the address is new, as after a restart of the server."""
        return self._client

    @property
    def ready(self) -> bool:
        """Whether it was reached once and its indexes are prepared."""
        return self._prepared

    @property
    def retries(self) -> int:
        """Operations repeated since start."""
        return self._retries.count

    @property
    def throttled(self) -> int:
        """Times the server asked us to slow down since start."""
        return self._retries.throttled

    @property
    def seconds(self) -> Mapping[str, Histogram]:
        """What operations took, each attempt counted: ``read``, ``write`` or ``probe``."""
        return self._retries.seconds

    async def prepare(self) -> None:
        """Make indexes and the documents that always exist, whatever the schema version. Idempotent.

        :raises DatabaseUnavailableError: the database is away.
        """
        await self.make_indexes()
        await self._prepare_state("version", {"number": 0, "changed_at": utc_now()})
        self._prepared = True

    async def make_indexes(self) -> None:
        """Make the collections' indexes. Idempotent.

        :raises DatabaseUnavailableError: the database is away.
        """
        for name in INDEXES:
            await self._prepare_indexes(name)

    async def check(self) -> float:
        """Read a document; returns the seconds it took.

        A full disk leaves a server that answers pings and nothing else, so a ping would not do.

        :raises DatabaseUnavailableError: it did not answer.
        """
        began = time.perf_counter()
        await self._retries.once(
            "checking the database", lambda: self.collection("state").find_one({"_id": "version"})
        )
        return time.perf_counter() - began

    def collection(
        self, name: str, *, journaled: bool = False, naive: bool = False
    ) -> "AsyncIOMotorCollection[Document]":
        """A collection of the driver, valid for one attempt: a later one may have another client.

        :param journaled: a write to it counts as done when it, and all before it, are on disk.
        :param naive: times are read without their zone, which is UTC: giving it to them takes the driver
            longer than all else about an item. What :mod:`~.documents` makes of them is aware.
        :raises DatabaseUnavailableError: there is no address yet.
        """
        if self._client is None:
            raise DatabaseUnavailableError("the database is not connected")
        return self._client.get_database(self._settings.database).get_collection(
            name,
            codec_options=NAIVE if naive else None,
            write_concern=JOURNALED if journaled else None,
        )

    async def read(self, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        """Run a read of the driver; see :meth:`Retries.read`."""
        return await self._retries.read(what, operation)

    async def write(self, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        """Run a write that may be repeated; see :meth:`Retries.write`."""
        return await self._retries.write(what, operation)

    async def confirm(self) -> object:
        """Return when all earlier writes are on disk: a small journaled write after them.

        :returns: the :attr:`server` that did it; earlier writes to another one may be lost.
        :raises DatabaseUnavailableError: the database stayed away.
        """

        async def attempt() -> object:
            server = self.server
            await self.collection("state", journaled=True).update_one(
                {"_id": "confirm"}, {"$set": {"at": utc_now()}}, upsert=True
            )
            return server

        return await self.write("confirming writes", attempt)

    async def drop(self) -> None:
        """Delete the whole database. For tests and benchmarks."""
        if self._client is None:
            raise DatabaseUnavailableError("the database is not connected")
        await self._client.drop_database(self._settings.database)

    async def _prepare_indexes(self, name: str) -> None:
        await self._retries.once(
            f"preparing {name}", lambda: self.collection(name).create_indexes(models(INDEXES[name]))
        )

    async def _prepare_state(self, key: str, first: Document) -> None:
        await self._retries.once(
            "preparing the state",
            lambda: self.collection("state", journaled=True).update_one(
                {"_id": key}, {"$setOnInsert": first}, upsert=True
            ),
        )

    def _make_client(self, uri: str, loop: asyncio.AbstractEventLoop) -> "AsyncIOMotorClient[Document]":
        timeout_ms = int(self._settings.timeout_seconds * 1000)
        defaults: dict[str, Any] = {
            "appName": "sentiment_service",
            "w": "majority",
            "serverSelectionTimeoutMS": min(SELECTION_MS, timeout_ms),
            "connectTimeoutMS": min(SELECTION_MS, timeout_ms),
            "socketTimeoutMS": timeout_ms,
            "waitQueueTimeoutMS": timeout_ms,
            "wTimeoutMS": timeout_ms,
            "heartbeatFrequencyMS": HEARTBEAT_MS,
            "maxPoolSize": self._settings.max_connections,
        }
        # An option in the address wins over a default; what follows does not bend.
        given = {name.lower() for name, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)}
        options = {name: value for name, value in defaults.items() if name.lower() not in given}
        # The driver would take anything without a scheme for the name of a host.
        if not uri.startswith(("mongodb://", "mongodb+srv://")):
            raise ConfigError([BAD_ADDRESS])
        try:
            return AsyncIOMotorClient(
                uri,
                **options,
                retryWrites=False,
                retryReads=False,
                maxIdleTimeMS=IDLE_MS,
                tz_aware=True,
                tzinfo=UTC,
                event_listeners=list(self._listeners),
                io_loop=loop,
            )
        except (InvalidURI, ConfigurationError, ValueError):
            # The driver's words may quote parts of the address, and with them a password.
            raise ConfigError([BAD_ADDRESS]) from None
