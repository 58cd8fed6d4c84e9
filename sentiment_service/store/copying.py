"""A whole database into a backup file, over the wire, in constant memory.

What is copied is every collection, whatever is in it, document by document as it is. While a service
writes, the copy is of no single moment; the order makes it one that repairs itself. Watermarks come
before the items, so what is missing is collected again. Rollups and their marks come after the items,
and are recomputed from them after the restore.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from bson.raw_bson import RawBSONDocument

from sentiment_service import __version__
from sentiment_service.errors import BackupError, StoreError
from sentiment_service.models import utc_now
from sentiment_service.store.archive import RAW, ArchiveWriter, Batch, Header
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import COLLECTION as DIRTY_DAYS
from sentiment_service.store.migrations import RESTORING
from sentiment_service.store.rollup_documents import COLLECTION as ROLLUPS
from sentiment_service.store.state import LEASES, STATE
from sentiment_service.store.stores import Store
from sentiment_service.store.watermarks import COLLECTION as WATERMARKS

Progress = Callable[[str, int, int], None]
"""Told what is done, and of how many documents it is done with how many."""

DOCUMENTS = 500
BYTES = 2**20
"""Documents and bytes that are held at once: a batch ends at whichever comes first."""
FIRST = (STATE, LEASES, WATERMARKS)
LAST = (DIRTY_DAYS, ROLLUPS)


async def collections(database: Database) -> list[str]:
    """The names of all collections, in the order in which they are copied."""
    names = await database.read(
        "listing collections", lambda: database.collection(STATE).database.list_collection_names()
    )
    rest = sorted(name for name in names if name not in {*FIRST, *LAST} and not name.startswith("system."))
    return [name for name in (*FIRST, *rest, *LAST) if name in names]


async def count(database: Database, name: str) -> int:
    """The documents of a collection, counted."""
    wanted = {"_id": {"$ne": RESTORING}} if name == STATE else {}
    return await database.read(f"counting {name}", lambda: database.collection(name).count_documents(wanted))


async def dump(store: Store, path: Path, *, alone: bool, progress: Progress) -> dict[str, int]:
    """Write everything into a new file; returns the number of documents by collection.

    :param alone: nothing else can write to the database meanwhile.
    :raises BackupError: the file exists or cannot be written, or there is nothing to back up.
    :raises StoreError: the database failed; no file is left behind.
    """
    database = store.database
    if await store.schema.half_restored():
        raise BackupError(f"the database {database.name} is only half restored: finish that first")
    counts = {name: await count(database, name) for name in await collections(database)}
    if not any(counts.values()):
        raise BackupError(f"the database {database.name} is empty: there is nothing to back up")
    writer = await asyncio.to_thread(ArchiveWriter, path)
    try:
        schema_version = await store.schema.found()
        header = Header(schema_version, __version__, database.name, utc_now(), alone, counts)
        await asyncio.to_thread(writer.begin, header)
        done, total = 0, sum(counts.values())
        for name in counts:
            async for batch in _batches(database, name):
                await asyncio.to_thread(writer.add, batch)
                done += len(batch.documents)
                progress("backing up", done, max(done, total))
        return await asyncio.to_thread(writer.finish)
    finally:
        await asyncio.to_thread(writer.abandon)


async def _batches(database: Database, name: str) -> AsyncIterator[Batch]:
    """All documents of a collection by ``_id``; a cursor that is lost is taken up where it was."""
    scan = _Scan(database, name)
    held: list[RawBSONDocument] = []
    size = 0
    try:
        while documents := await database.write(f"reading {name}", scan.next):
            for document in documents:
                if document["_id"] == RESTORING and name == STATE:
                    continue
                if held and (len(held) == DOCUMENTS or size + len(document.raw) > BYTES):
                    yield Batch(name, held)
                    held, size = [], 0
                held.append(document)
                size += len(document.raw)
        if held:
            yield Batch(name, held)
    finally:
        await scan.close()


class _Scan:
    """Reads a collection to its end, however often the cursor is lost."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._cursor: Any = None
        self._last: Any = None

    async def next(self) -> list[RawBSONDocument]:
        """The next documents, none at the end; an attempt that failed may be repeated."""
        cursor, self._cursor = self._cursor or self._open(), None
        documents: list[RawBSONDocument] = await cursor.to_list(DOCUMENTS)
        self._cursor = cursor
        if documents:
            self._last = documents[-1]["_id"]
        return documents

    async def close(self) -> None:
        """Give the cursor back."""
        if self._cursor is not None:
            await self._cursor.close()

    def _open(self) -> Any:
        if not isinstance(self._last, str | None):
            # A range on _id sees values of one type only, so others could be passed over.
            raise StoreError(f"reading {self._name} broke off: try again")
        after = {} if self._last is None else {"_id": {"$gt": self._last}}
        collection = self._database.collection(self._name).with_options(RAW)
        return collection.find(after).sort("_id", 1).batch_size(DOCUMENTS)
