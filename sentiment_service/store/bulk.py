"""Bulks of upserts and deletes that come through piece by piece when the server refuses some of them.

Cosmos DB refuses single operations of a bulk when its budget is used up; only those are repeated.
An operation that can never succeed (a document too large, a number that does not fit) is handed
back, and the others go on without it.

What comes through is on disk. The embedded server syncs a journaled bulk of updates once for each of them,
which takes several times as long as the updates. So they are written without, one journaled write follows,
and all is written again if the server was started anew in between, because a server that is killed forgets
what it only acknowledged. A bulk of inserts is synced once as it is.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import bson
from bson.errors import InvalidDocument
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DocumentTooLarge

from sentiment_service.errors import DatabaseUnavailableError, StoreError
from sentiment_service.store.connection import Database
from sentiment_service.store.retries import PartlyRefusedError, Verdict, judge_code, worst

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorCollection

T = TypeVar("T")

OPERATIONS = 200
"""Operations in one bulk: few enough that encoding them never holds up the event loop noticeably."""
TRIES = 5
LARGEST_BYTES = 15 * 1024 * 1024
DUPLICATE_KEY = 11000

UNENCODABLE = (InvalidDocument, DocumentTooLarge, OverflowError, UnicodeEncodeError)


@dataclass(frozen=True, slots=True)
class Upsert:
    """One upsert: the ``_id`` and the update."""

    key: str
    update: Mapping[str, Any]
    likely_new: bool = False
    """Try a plain insert first, which is several times faster; the update follows when the document is there.

    Only for updates of ``$set``, and ``$setOnInsert`` where there is one.
    """


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that can never succeed."""

    key: str
    error: str
    detail: str


@dataclass(slots=True)
class _Progress:
    pending: list[Upsert]
    refused: list[Refused] = field(default_factory=list)


async def upsert(database: Database, name: str, operations: Sequence[Upsert]) -> list[Refused]:
    """Write upserts in unordered bulks; returns those that can never succeed.

    :param name: the collection.
    :raises DatabaseUnavailableError: the database stayed away until the deadline; some may be written.
    """
    if len(operations) <= 1 or all(one.likely_new for one in operations):
        return await _write(database, name, operations, journaled=True)
    return await confirmed(
        database, f"writing {name}", lambda: _write(database, name, operations, journaled=False)
    )


async def confirmed(database: Database, what: str, write: Callable[[], Awaitable[T]]) -> T:
    """Run writes that are not journaled, and once more if the server that took them was started anew.

    :param write: may be run again; its last result is returned when all it wrote is on disk.
    :raises DatabaseUnavailableError: the database stayed away.
    """
    for _ in range(TRIES):
        server = database.server
        result = await write()
        if await database.confirm() is server:
            return result
    raise DatabaseUnavailableError(f"{what}: the database was started anew {TRIES} times meanwhile")


async def _write(
    database: Database, name: str, operations: Sequence[Upsert], *, journaled: bool
) -> list[Refused]:
    refused: list[Refused] = []
    for start in range(0, len(operations), OPERATIONS):
        progress = _Progress(list(operations[start : start + OPERATIONS]))

        async def attempt(progress: _Progress = progress) -> None:
            await _attempt(database.collection(name, journaled=journaled), progress)

        await database.write(f"writing {name}", attempt)
        refused += progress.refused
    return refused


async def _attempt(collection: "AsyncIOMotorCollection[dict[str, Any]]", progress: _Progress) -> None:
    """Try what is pending; whatever is settled, written or refused, is taken from it."""
    if not progress.pending:
        return
    requests = [_request(one) for one in progress.pending]
    try:
        await collection.bulk_write(requests, ordered=False)
    except BulkWriteError as error:
        verdict = _settle(progress, dict(error.details or {}))
        if verdict is not None:
            raise PartlyRefusedError(verdict) from error
        await _attempt(collection, progress)
    except UNENCODABLE as error:
        _drop_unencodable(progress, error)
        await _attempt(collection, progress)


def _request(operation: Upsert) -> InsertOne[dict[str, Any]] | UpdateOne:
    if operation.likely_new:
        values, first = operation.update["$set"], operation.update.get("$setOnInsert", {})
        return InsertOne({"_id": operation.key, **values, **first})
    return UpdateOne({"_id": operation.key}, operation.update, upsert=True)


def _settle(progress: _Progress, details: Mapping[str, Any]) -> Verdict | None:
    """Sort out the failures of a bulk; returns why to pause before the rest is tried again, if at all."""
    again: list[Upsert] = []
    verdicts: list[Verdict] = []
    for failure in details.get("writeErrors", ()):
        operation = progress.pending[failure["index"]]
        code, text = failure.get("code"), str(failure.get("errmsg", ""))
        verdict = judge_code(code, text)
        if code == DUPLICATE_KEY and operation.likely_new:
            again.append(replace(operation, likely_new=False))
        elif code == DUPLICATE_KEY:
            # Two upserts of one new key at once: the loser finds the document when it tries again.
            again.append(operation)
            verdicts.append(Verdict("transient"))
        elif verdict.repeatable:
            again.append(operation)
            verdicts.append(verdict)
        else:
            progress.refused.append(Refused(operation.key, f"database error {code}", text[:200]))
    if details.get("writeConcernErrors"):
        # Written, but not by as many servers as it takes: all of them are written again.
        refused = {one.key for one in progress.refused}
        again = [replace(one, likely_new=False) for one in progress.pending if one.key not in refused]
        verdicts.append(Verdict("transient"))
    progress.pending = again
    return worst(verdicts)


def _drop_unencodable(progress: _Progress, cause: Exception) -> None:
    fine: list[Upsert] = []
    for operation in progress.pending:
        problem = _problem(operation)
        if problem is None:
            fine.append(operation)
        else:
            progress.refused.append(Refused(operation.key, *problem))
    if len(fine) == len(progress.pending):
        raise StoreError(f"a bulk could not be encoded: {type(cause).__name__}") from cause
    progress.pending = fine


def _problem(operation: Upsert) -> tuple[str, str] | None:
    try:
        size = len(bson.encode({"_id": operation.key, "update": operation.update}))
    except UNENCODABLE as error:
        return type(error).__name__, "a value the database cannot store"
    return ("DocumentTooLarge", f"{size} bytes") if size > LARGEST_BYTES else None
