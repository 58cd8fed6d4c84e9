"""Making the embedded database let go of what was deleted.

Its log keeps every write until the log's file, of 10 MB, is full and a checkpoint has been made: where
little is written, for days. So a scratch collection is filled until the file is full, and emptied. The
tables of posts and comments need nothing of the kind: a page whose items are gone is free, and is written
over when a page is needed, as every refresh needs many. Those about tools are hardly ever written, so
they are written anew, but only after a proposed name was withdrawn; and since that name was an ``_id``
too, so many others are inserted and deleted that the table of all ids has used up its free pages.
"""

from sentiment_service.store.audit import COLLECTION as AUDIT
from sentiment_service.store.bulk import Upsert, upsert
from sentiment_service.store.connection import Database
from sentiment_service.store.proposals import COLLECTION as PROPOSALS
from sentiment_service.store.state import STATE
from sentiment_service.store.tool_changes import COLLECTION as CHANGES
from sentiment_service.store.tools import COLLECTION as TOOLS

SCRATCH = "scratch"
DOCUMENTS = 3
DOCUMENT_BYTES = 4 * 1024 * 1024
"""Three of these are more than a file of the log holds, whatever is in it."""
CHECKPOINTS = 2
"""The first leaves the full file to the one before it."""
ABOUT_TOOLS = (TOOLS, CHANGES, PROPOSALS, AUDIT)
KEY = "scrub"
"""``_id`` of the document in ``state`` that is there when the tables about tools hold what was withdrawn."""
TOUCHES: tuple[dict[str, dict[str, object]], ...] = ({"$set": {KEY: True}}, {"$unset": {KEY: ""}})
REWRITES = 3
"""A page takes the place of one that was freed two checkpoints before."""

IDS = 500
ID_CHARACTERS = 3500
"""Ids so long that each takes a block of its own, of 4 kB, the smallest there is: none is left over."""


async def scrub(database: Database) -> None:
    """Have the files drop what was deleted before. Only for the embedded database; takes about 0.4 s.

    :raises DatabaseUnavailableError: the database stayed away.
    """
    for number in range(DOCUMENTS):
        await _fill(database, number)
    await database.write("emptying scratch", lambda: database.collection(SCRATCH).delete_many({}))
    for _ in range(CHECKPOINTS):
        await checkpoint(database)
    marked = await database.read(
        "reading whether names were withdrawn", lambda: database.collection(STATE).find_one({"_id": KEY})
    )
    if marked:
        await _write_anew(database)


async def note_withdrawn(database: Database) -> None:
    """Have the next :func:`scrub` write the tables about tools anew."""
    await database.write(
        "noting that names were withdrawn",
        lambda: database.collection(STATE, journaled=True).update_one(
            {"_id": KEY}, {"$set": {"tools": True}}, upsert=True
        ),
    )


async def checkpoint(database: Database) -> None:
    """Have the embedded database write its tables out.

    :raises DatabaseUnavailableError: the database stayed away.
    """
    await database.write(
        "making a checkpoint",
        lambda: database.collection(SCRATCH).database.client.admin.command("fsync"),
    )


async def _write_anew(database: Database) -> None:
    for _ in range(REWRITES):
        for update in TOUCHES:
            for name in ABOUT_TOOLS:
                await _update_all(database, name, update)
            await checkpoint(database)
    await _use_up_ids(database)
    await database.write(
        "noting that the tables are written anew", lambda: database.collection(STATE).delete_one({"_id": KEY})
    )


async def _use_up_ids(database: Database) -> None:
    keys = (str(number).ljust(ID_CHARACTERS, "-") for number in range(IDS))
    empty = {"$set": {"filler": b""}, "$setOnInsert": {"bytes": 0}}
    await upsert(database, SCRATCH, [Upsert(key, empty, likely_new=True) for key in keys])
    await checkpoint(database)
    await database.write("emptying scratch", lambda: database.collection(SCRATCH).delete_many({}))
    await checkpoint(database)


async def _update_all(database: Database, name: str, update: dict[str, dict[str, object]]) -> None:
    await database.write(f"writing {name} anew", lambda: database.collection(name).update_many({}, update))


async def _fill(database: Database, number: int) -> None:
    filler = {"$set": {"filler": bytes(DOCUMENT_BYTES)}}
    await database.write(
        "filling scratch",
        lambda: database.collection(SCRATCH).update_one({"_id": number}, filler, upsert=True),
    )
