"""The migration of rollups to schema version 3: tallies that were documents in another are packed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from sentiment_service.models import utc_now
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import DirtyDays
from sentiment_service.store.documents import Document, tally_of
from sentiment_service.store.rollup_documents import COLLECTION, packed_tools
from sentiment_service.store.tally_rows import packed

FIRST = ("all", "subreddit", "tool", "tools")
"""Kinds that are few enough to ask all of them for their days."""
KINDS = (*FIRST, "tool_in_subreddit")


async def pack_rollups(database: Database) -> None:
    """Pack what is not packed yet, day by day."""
    await bulk.confirmed(database, "packing rollups", lambda: _pack_all(database))


async def _pack_all(database: Database) -> None:
    for day in await _days(database):
        for kind in KINDS:
            wanted = {"kind": kind, "day": {"$gte": day, "$lte": day}}
            updates = [
                _update(document, name)
                for document in await _find(database, wanted)
                for name in FORMER
                if name in document
            ]
            for start in range(0, len(updates), bulk.OPERATIONS):
                await _write(database, updates[start : start + bulk.OPERATIONS])


async def _days(database: Database) -> list[datetime]:
    """Every day with a rollup: one that its day's others went before is still marked."""
    marks = await DirtyDays(database, utc_now).all()
    days = {place.day for mark in marks for place in mark.places}
    for kind in FIRST:
        days.update(document["day"] for document in await _find(database, {"kind": kind}, {"day": 1}))
    return sorted(days)


async def _find(database: Database, wanted: Document, shown: Document | None = None) -> list[Document]:
    return await database.read(
        "reading former rollups", lambda: database.collection(COLLECTION).find(wanted, shown).to_list(None)
    )


async def _write(database: Database, updates: Sequence[UpdateOne]) -> None:
    async def write() -> None:
        await database.collection(COLLECTION).bulk_write(updates, ordered=False)

    await database.write("packing rollups", write)


def _update(document: Document, name: str) -> UpdateOne:
    """Pack a field, while the document still has it: a later one may be newer than what was read."""
    wanted = {"_id": document["_id"], name: {"$exists": True}}
    return UpdateOne(wanted, {"$set": FORMER[name](document[name]), "$unset": {name: ""}})


def _packed_hours(former: Mapping[str, Any]) -> Document:
    return packed({int(hour): tally_of(tally) for hour, tally in former.items()})


def _packed_tools(former: Sequence[Mapping[str, Any]]) -> Document:
    return packed_tools({each["tool_id"]: tally_of(each["tally"]) for each in former})


FORMER: Mapping[str, Callable[[Any], Document]] = {"hours": _packed_hours, "tools": _packed_tools}
"""Fields with tallies as they were, and what becomes of them."""
