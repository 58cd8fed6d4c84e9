"""Dropping what people wrote while the numbers stay: scores, counts, times, and a digest that tells edits."""

from collections.abc import AsyncIterator
from datetime import datetime

from pymongo import UpdateOne

from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, unwire, wire, without_excerpts, without_slug
from sentiment_service.store.expiry import ranges_before
from sentiment_service.store.item_queries import COMMENTS, POSTS

ADDRESSES = ("url", "permalink")
NEEDED = dict.fromkeys((*ADDRESSES, "mentions"), 1)


async def drop_before(database: Database, cutoff: datetime, batch: int) -> AsyncIterator[int]:
    """Drop the texts of items older than the cutoff.

    Items that have none any more are told by ``bare``; each day is looked through every time, because an
    item can arrive late and a text can be written again while it is dropped.

    :returns: items changed, batch by batch.
    """
    for bounds in await ranges_before(database, cutoff):
        for name in (POSTS, COMMENTS):
            while found := await _find(database, name, bounds, batch):
                for start in range(0, len(found), bulk.OPERATIONS):
                    await _strip(database, name, found[start : start + bulk.OPERATIONS])
                yield len(found)


async def _find(database: Database, name: str, bounds: dict[str, str], limit: int) -> list[Document]:
    wanted = {"position": bounds, "bare": None}
    return await database.read(
        f"looking for old texts of {name}",
        lambda: database.collection(name).find(wanted, NEEDED).limit(limit).batch_size(limit).to_list(None),
    )


async def _strip(database: Database, name: str, found: list[Document]) -> None:
    # Excerpts are dropped by writing the mentions anew; where they changed meanwhile, the next search
    # finds the item again.
    updates = [
        UpdateOne(
            {"_id": document["_id"]} | ({"mentions": said} if (said := document.get("mentions")) else {}),
            {"$set": _bare(document)},
        )
        for document in found
    ]

    async def write() -> None:
        await database.collection(name).bulk_write(updates, ordered=False)

    await database.write(f"dropping texts of {name}", write)


def _bare(document: Document) -> Document:
    addresses = {key: wire(without_slug(unwire(document[key]))) for key in ADDRESSES if key in document}
    said = document.get("mentions")
    return (
        {"text": "", "bare": True}
        | addresses
        | ({"title": ""} if "url" in document else {})
        | ({"mentions": without_excerpts(said)} if said else {})
    )
