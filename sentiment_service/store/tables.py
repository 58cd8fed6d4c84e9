"""Making the embedded database's tables before anything is written that counts.

It makes the table that a collection lies in with the first write to it, without a checkpoint. A server that
is killed a moment later may leave half a table, and then never starts again: ``Invalid argument``, for a
table that ``cannot be used until all column groups are created``. So all of them are made while there is
nothing to lose, and a checkpoint follows.
"""

from contextlib import suppress
from functools import partial

from pymongo.errors import CollectionInvalid

from sentiment_service.store.audit import COLLECTION as AUDIT
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import COLLECTION as DIRTY_DAYS
from sentiment_service.store.erasures import COLLECTION as ERASURES
from sentiment_service.store.indexes import INDEXES
from sentiment_service.store.proposals import COLLECTION as PROPOSALS
from sentiment_service.store.scrub import SCRATCH, checkpoint
from sentiment_service.store.state import LEASES, OUTCOMES, STATE
from sentiment_service.store.tool_changes import COLLECTION as CHANGES
from sentiment_service.store.tools import COLLECTION as TOOLS
from sentiment_service.store.watermarks import COLLECTION as WATERMARKS

COLLECTIONS = frozenset(INDEXES) | {
    AUDIT, CHANGES, DIRTY_DAYS, ERASURES, LEASES, OUTCOMES, PROPOSALS, SCRATCH, STATE, TOOLS, WATERMARKS,
}  # fmt: skip
"""All that the service ever writes to."""


async def make_tables(database: Database) -> None:
    """Make the collections that are missing, and a checkpoint. Only for the embedded database. Idempotent.

    :raises DatabaseUnavailableError: the database is away; the next call makes the rest.
    """
    handle = database.collection(STATE).database
    there = await database.read("reading which collections there are", handle.list_collection_names)
    missing = sorted(COLLECTIONS.difference(there))
    for name in missing:
        await database.write(f"making {name}", partial(_make, database, name))
    if missing:
        await checkpoint(database)


async def _make(database: Database, name: str) -> None:
    with suppress(CollectionInvalid):  # it is there: the answer to the first try was lost
        await database.collection(name).database.create_collection(name)
