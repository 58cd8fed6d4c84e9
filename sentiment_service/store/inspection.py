"""What can be seen of a database from outside the daily work: for the ``doctor`` command."""

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from sentiment_service.errors import StoreError
from sentiment_service.models import utc_now
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.indexes import INDEXES
from sentiment_service.store.retries import judge
from sentiment_service.store.state import STATE

SCRATCH = "doctor_scratch"
"""Where the scratch document goes in a database that has no collections yet; removed afterwards."""


@dataclass(frozen=True, slots=True)
class Server:
    """A database server."""

    product: str
    """Its name and version."""
    setup: str
    """Alone, a replica set, or a sharded cluster."""
    read_only: bool
    clock_ahead_s: float | None
    """How far its clock is ahead of ours, in seconds; ``None`` when it does not tell the time."""


async def server(database: Database) -> Server:
    """Ask a server what it is.

    :raises DatabaseUnavailableError: it does not answer, or refuses us.
    """
    # The newer name, hello, is not known to every server that can be used.
    asked = utc_now()
    told = await _command(database, "isMaster")
    halfway = asked + (utc_now() - asked) / 2
    build = await _command(database, "buildInfo")
    local: datetime | None = told.get("localTime")
    if local is not None:
        local = local if local.tzinfo else local.replace(tzinfo=UTC)
    return Server(
        product=_product(build),
        setup="a sharded cluster"
        if told.get("msg") == "isdbgrid"
        else f"replica set {told['setName']}"
        if "setName" in told
        else "a single server",
        read_only=bool(told.get("readOnly")) or not told.get("ismaster", True),
        clock_ahead_s=None if local is None else (local - halfway).total_seconds(),
    )


async def missing_indexes(database: Database) -> dict[str, int] | None:
    """How many of the wanted indexes are missing, by collection; ``None`` of a database without any.

    :raises DatabaseUnavailableError: it does not answer, or refuses us.
    """
    there = await _collections(database)
    if not there:
        return None
    missing: dict[str, int] = {}
    for name, wanted in INDEXES.items():
        made = await _indexes(database, name) if name in there else set()
        if lacking := set(wanted) - made:
            missing[name] = len(lacking)
    return missing


async def write_and_read_back(database: Database) -> float:
    """Write a document that is on disk when this goes on, read it back, remove it; the seconds it took.

    Nothing is left behind, also when reading fails.

    :raises StoreError: it came back different, or not at all.
    :raises DatabaseUnavailableError: the database does not answer, or refuses us.
    """
    name = STATE if STATE in await _collections(database) else SCRATCH
    key = f"doctor:{uuid.uuid4().hex}"
    document: Document = {
        "_id": key,
        "at": utc_now().replace(microsecond=0),
        "text": "ß 世 🙂",
        "bytes": b"\x00",
    }
    began = time.perf_counter()
    try:
        await database.write(
            "writing a scratch document",
            lambda: database.collection(name, journaled=True).update_one(
                {"_id": key}, {"$set": {k: v for k, v in document.items() if k != "_id"}}, upsert=True
            ),
        )
        found = await database.read(
            "reading a scratch document back", lambda: database.collection(name).find_one({"_id": key})
        )
        seconds = time.perf_counter() - began
    finally:
        await _remove(database, name, key)
    if found != document:
        raise StoreError("a scratch document came back different from what was written")
    return seconds


def advice_on(error: StoreError) -> str:
    """What to do about an error of the database."""
    cause = error.__cause__
    code = getattr(cause, "code", None)
    if code in {18, 8000}:
        return "check the user and password in mongodb.uri"
    if code == 13:
        return "give the user in mongodb.uri the role readWrite on the database (mongodb.database)"
    verdict = judge(cause) if cause is not None else None
    if verdict is not None and verdict.kind == "throttled":
        return "raise the request units of the database, or wait until it is less busy"
    if verdict is not None and verdict.kind in {"away", "transient"}:
        return "check mongodb.uri, that the server runs, and that its firewall lets this machine in"
    return "check mongodb.uri and what the server logs"


async def _remove(database: Database, name: str, key: str) -> None:
    await database.write(
        "removing a scratch document", lambda: database.collection(name).delete_one({"_id": key})
    )
    if name == SCRATCH:
        await database.write("removing the scratch collection", lambda: _drop(database))


async def _drop(database: Database) -> None:
    await database.collection(SCRATCH).drop()


async def _collections(database: Database) -> set[str]:
    return set(
        await database.read(
            "listing collections", lambda: database.collection(STATE).database.list_collection_names()
        )
    )


async def _indexes(database: Database, name: str) -> set[tuple[str, ...]]:
    made = await database.read(
        f"reading the indexes of {name}", lambda: database.collection(name).index_information()
    )
    return {tuple(field for field, _ in index["key"]) for index in made.values()}


async def _command(database: Database, name: str) -> Document:
    return await database.read(
        f"asking for {name}", lambda: database.collection(STATE).database.command(name)
    )


def _product(build: Document) -> str:
    if "secantusVersion" in build:
        return f"SecantusDB {build['secantusVersion']} (embedded)"
    return f"MongoDB {build.get('version', 'of unknown version')}"
