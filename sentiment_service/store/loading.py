"""A backup file into a database, over the wire, in constant memory: checked first as a whole.

What was purged or erased after a backup was made stays gone: a restore keeps the receipts it finds, and
leaves out the items they are of.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne
from pymongo.errors import BulkWriteError

from sentiment_service.errors import BackupError
from sentiment_service.models import utc_now
from sentiment_service.store import erasures, purges
from sentiment_service.store.archive import Batch, Header, read_batches, read_header
from sentiment_service.store.audit import COLLECTION as AUDIT
from sentiment_service.store.bulk import DUPLICATE_KEY
from sentiment_service.store.connection import Database
from sentiment_service.store.copying import Progress, collections, count
from sentiment_service.store.dirty import DirtyDays, place_of
from sentiment_service.store.item_queries import COMMENTS, POSTS
from sentiment_service.store.migrations import RESTORING
from sentiment_service.store.retries import PartlyRefusedError, Verdict, judge_code, worst
from sentiment_service.store.rollup_documents import COLLECTION as ROLLUPS
from sentiment_service.store.state import LEASES, STATE
from sentiment_service.store.stores import Store
from sentiment_service.store.tools import KEY as CATALOGUE
from sentiment_service.store.trending import COLLECTION as TRENDING

KEPT = (purges.COLLECTION, erasures.COLLECTION, AUDIT)
"""What a restore adds to and never removes: receipts of purges, authors who were erased, who changed what."""
OF_ITEMS = (POSTS, COMMENTS, "set_aside")


async def verify(path: Path, *, supported: int, progress: Progress) -> tuple[Header, dict[str, int]]:
    """Read a whole backup; returns its header and the number of documents by collection.

    :param supported: the newest schema version that can be restored.
    :raises BackupError: it is no backup, damaged, cut short, or of a newer version.
    """
    header = await asyncio.to_thread(read_header, path)
    if header.schema_version > supported:
        raise BackupError(
            f"{path} has schema version {header.schema_version}, and this sentiment_service supports up to "
            f"{supported}: restore it with version {header.service_version} or a newer one"
        )
    counts: Counter[str] = Counter()
    async for batch in _read(path):
        counts[batch.collection] += len(batch.documents)
        done = counts.total()
        progress("checking", done, max(done, sum(header.counts.values())))
    return header, dict(counts)


async def occupied(database: Database) -> bool:
    """Whether anything but bookkeeping is stored."""
    for name in await collections(database):
        if name not in {STATE, LEASES} and await _estimate(database, name):
            return True
    return False


async def _estimate(database: Database, name: str) -> int:
    return await database.read(
        f"counting {name}", lambda: database.collection(name).estimated_document_count()
    )


async def load(
    store: Store, path: Path, header: Header, counts: Mapping[str, int], *, progress: Progress
) -> dict[str, int]:
    """Replace everything by what is in a verified backup; returns the documents that were left out.

    Until it is done the database is marked, so that no service runs on a half.

    :param counts: the documents in the backup, by collection.
    :raises StoreError: the database failed; restore again.
    :raises BackupError: the file changed meanwhile, or not all documents arrived; restore again.
    """
    database = store.database
    former = (await store.state.version()).number
    tools = await store.tools.number()
    await _mark(database, path)
    await _clear(database)
    await database.make_indexes()
    gone = await _read_gone(database, header.created_at)
    done, total = 0, sum(counts.values())
    async for batch in _read(path):
        await _insert(database, batch.collection, await gone.without(batch))
        done += len(batch.documents)
        progress("restoring", done, total)
    await _check_counts(database, counts, gone.left_out)
    await _recount_later(database, gone, everything=not header.alone)
    await _raise_version(database, former)
    await _raise_number_of_tools(database, tools)
    await database.write(
        "finishing the restore",
        lambda: database.collection(STATE, journaled=True).delete_one({"_id": RESTORING}),
    )
    return dict(gone.left_out)


@dataclass(slots=True)
class _Gone:
    """What was purged or erased after a backup was made.

    :param since: when that was.
    :param authors: hashes of the authors who were erased.
    """

    database: Database
    since: datetime
    authors: frozenset[str]
    left_out: Counter[str] = field(default_factory=Counter)
    days: set[str] = field(default_factory=set)
    """Keys of the days the items left out are of."""

    async def without(self, batch: Batch) -> Sequence[RawBSONDocument]:
        """The documents of a batch that may be restored."""
        if batch.collection not in OF_ITEMS:
            return batch.documents
        ids = [document["_id"] for document in batch.documents]
        wanted = {"_id": {"$in": ids}, "deleted_at": {"$gt": self.since}}
        receipts = await self.database.read(
            "reading receipts",
            lambda: self.database.collection(purges.COLLECTION).find(wanted, {"_id": 1}).to_list(None),
        )
        gone = {receipt["_id"] for receipt in receipts}
        return [document for document in batch.documents if not self._is_gone(batch, document, gone)]

    def _is_gone(self, batch: Batch, document: RawBSONDocument, purged: set[str]) -> bool:
        if document["_id"] not in purged and document.get("author_key") not in self.authors:
            return False
        self.left_out[batch.collection] += 1
        if "day" in document:
            self.days.add(f"{document['subreddit_key']}|{document['day']:%Y-%m-%d}")
        return True


async def _read_gone(database: Database, since: datetime) -> _Gone:
    wanted = {"erased_at": {"$gt": since}}
    erased = await database.read(
        "reading erased authors",
        lambda: database.collection(erasures.COLLECTION).find(wanted, {"_id": 1}).to_list(None),
    )
    return _Gone(database, since, frozenset(each["_id"] for each in erased))


async def _read(path: Path) -> AsyncIterator[Batch]:
    batches = read_batches(path)
    try:
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            yield batch
    finally:
        await asyncio.to_thread(batches.close)  # type: ignore[attr-defined]


async def _mark(database: Database, path: Path) -> None:
    await database.write(
        "beginning the restore",
        lambda: database.collection(STATE, journaled=True).update_one(
            {"_id": RESTORING}, {"$set": {"file": path.name, "began_at": utc_now()}}, upsert=True
        ),
    )


async def _clear(database: Database) -> None:
    for name in await collections(database):
        if name not in {STATE, *KEPT}:
            await database.write(f"removing {name}", _dropping(database, name))
    await database.write(
        "removing the state", lambda: database.collection(STATE).delete_many({"_id": {"$ne": RESTORING}})
    )


def _dropping(database: Database, name: str) -> Callable[[], Awaitable[None]]:
    async def drop() -> None:
        await database.collection(name).drop()

    return drop


async def _insert(database: Database, name: str, documents: Sequence[RawBSONDocument]) -> None:
    """Insert documents; one that is there came with an attempt whose answer was lost, or is kept."""
    pending = list(documents)

    async def attempt() -> None:
        nonlocal pending
        if not pending:
            return
        # An InsertOne sends these bytes as they are, which its type does not say.
        requests = [InsertOne[Any](document) for document in pending]
        try:
            await database.collection(name).bulk_write(requests, ordered=False)
        except BulkWriteError as error:
            pending, verdict = _unsettled(pending, error)
            if verdict is not None:
                raise PartlyRefusedError(verdict) from error

    await database.write(f"restoring {name}", attempt)


def _unsettled(
    pending: Sequence[RawBSONDocument], error: BulkWriteError
) -> tuple[list[RawBSONDocument], Verdict | None]:
    """What has to be tried again after a bulk, and why to pause before.

    :raises BulkWriteError: the same, for a document that the server will never take.
    """
    details: Mapping[str, Any] = error.details or {}
    failures = [one for one in details.get("writeErrors", ()) if one.get("code") != DUPLICATE_KEY]
    verdicts = [judge_code(one.get("code"), str(one.get("errmsg", ""))) for one in failures]
    if not all(verdict.repeatable for verdict in verdicts):
        raise error
    if details.get("writeConcernErrors"):
        return list(pending), worst(verdicts) or Verdict("transient")
    return [pending[one["index"]] for one in failures], worst(verdicts)


async def _check_counts(database: Database, counts: Mapping[str, int], left_out: Mapping[str, int]) -> None:
    for name, stored in counts.items():
        there, wanted = await count(database, name), stored - left_out.get(name, 0)
        if there < wanted or (there > wanted and name not in KEPT):
            raise BackupError(
                f"of {wanted} documents of {name}, {there} are there: restore again with --replace"
            )


async def _recount_later(database: Database, gone: _Gone, *, everything: bool) -> None:
    """Mark the days whose rollups may not match the items, and forget topics that show what is gone.

    :param everything: whether all days are meant, because somebody wrote while the backup was made.
    """
    keys = set(gone.days)
    if everything:
        rollups = await database.read(
            "reading rollups",
            lambda: database.collection(ROLLUPS).find({"kind": "subreddit"}, {"_id": 1}).to_list(None),
        )
        keys |= {str(rollup["_id"]).removeprefix("subreddit:") for rollup in rollups}
    await DirtyDays(database, utc_now).mark(place_of(key) for key in keys)
    if gone.left_out:
        await database.write("forgetting topics", lambda: database.collection(TRENDING).delete_many({}))


async def _raise_version(database: Database, former: int) -> None:
    """Have a data version no reader has seen: what was cached before the restore is not served after it."""
    found = await database.read(
        "reading the data version", lambda: database.collection(STATE).find_one({"_id": "version"})
    )
    number = max(former, found["number"] if found else 0) + 1
    await database.write(
        "raising the data version",
        lambda: database.collection(STATE, journaled=True).update_one(
            {"_id": "version"}, {"$set": {"number": number, "changed_at": utc_now()}}, upsert=True
        ),
    )


async def _raise_number_of_tools(database: Database, former: int) -> None:
    """The same for the catalogue of tools, when there is one in the backup."""
    states = database.collection(STATE, journaled=True)
    await database.write(
        "raising the number of the catalogue",
        lambda: states.update_one({"_id": CATALOGUE}, {"$inc": {"number": former + 1}}),
    )
