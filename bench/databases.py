"""The database server that measured services use: the embedded one in its own process, or a given one."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from pydantic import SecretStr

from bench.options import Options
from sentiment_service.demo.embedded import EmbeddedDatabase
from sentiment_service.settings import MongoSettings, StorageSettings
from sentiment_service.store.stores import Store, open_store

CACHE_MB = StorageSettings().embedded_cache_mb
"""As a service starts it."""


@dataclass(slots=True)
class Server:
    """A database server, and the databases that were used on it."""

    uri: str
    pid: int | None
    """``None`` for a server that was given."""
    names: list[str] = field(default_factory=list)

    def fresh(self) -> str:
        """The name of an empty database, dropped at the end."""
        self.names.append(f"bench_{uuid.uuid4().hex[:12]}")
        return self.names[-1]

    @property
    def memory_mb(self) -> float | None:
        """What the server holds, if it is ours."""
        return None if self.pid is None else psutil.Process(self.pid).memory_info().rss / 2**20


@asynccontextmanager
async def database_server(options: Options, folder: Path) -> AsyncIterator[Server]:
    """A server while the block lasts."""
    if options.mongodb_uri:
        server = Server(options.mongodb_uri, None)
        try:
            yield server
        finally:
            for name in server.names:
                async with opened(server, name) as store:
                    await store.database.drop()
        return
    embedded = EmbeddedDatabase(folder, cache_mb=CACHE_MB, niceness=options.niceness)
    uri = await embedded.start()
    try:
        yield Server(uri, embedded.pid)
    finally:
        await embedded.close()


@asynccontextmanager
async def opened(server: Server, name: str) -> AsyncIterator[Store]:
    """The store of one database, from this process."""
    store = open_store(MongoSettings(uri=SecretStr(server.uri), database=name))
    await store.database.connect(server.uri)
    try:
        yield store
    finally:
        await store.database.close()
