"""Purging items, and the receipts that stay of them.

A receipt is written before its item is deleted and stays as a tombstone: an item that has one is kept
out of the store, for good or for a while (:meth:`Purges.barred`). Whoever writes items while others
purge compares :meth:`Purges.epoch` before and after: a purge raises it after its receipts and before
it deletes, so a writer that sees no change wrote before the deletion, and one that does looks again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument

from sentiment_service.deletion import FINAL, RETURN_AFTER, Reason, Receipt
from sentiment_service.models import position_of
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import COMMENTS, IDS_AT_ONCE, MAX_TIME_MS, POSTS, collection_of
from sentiment_service.store.positions import lower_bound, moment_of
from sentiment_service.store.trending import COLLECTION as TRENDING

COLLECTION = "deletions"
EPOCH_KEY = "purges"
RECEIPTS_KEPT = timedelta(days=365)
STEPS = tuple(timedelta(days=days) for days in (1, 7, 30, 400))


class Purges:
    """Deletes items for good.

    :param dirty: where the days that change are marked.
    """

    def __init__(self, database: Database, dirty: DirtyDays, now: Callable[[], datetime]) -> None:
        self._database = database
        self._dirty = dirty
        self._now = now

    async def epoch(self) -> int:
        """A number that every purge raises, between writing its receipts and deleting its items."""
        document = await self._database.read(
            "reading the purge epoch",
            lambda: self._database.collection("state").find_one({"_id": EPOCH_KEY}),
        )
        return document["number"] if document else 0

    async def advance(self) -> int:
        """Raise the epoch; returns it once it, and everything written before, is on disk."""
        document = await self._database.write(
            "raising the purge epoch",
            lambda: self._database.collection("state", journaled=True).find_one_and_update(
                {"_id": EPOCH_KEY},
                {"$inc": {"number": 1}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            ),
        )
        return int(document["number"])

    async def purge(self, reasons: Mapping[str, Reason]) -> list[Receipt]:
        """Delete items with their scores, the notes about them, and the topics that show them.

        Rollups follow with the next recomputation; answers kept in memory go when the data version is raised.

        :param reasons: why each item goes, by fullname.
        :returns: receipts of the items that were stored; the others leave no trace.
        :raises DatabaseUnavailableError: the database stayed away; the next attempt purges the rest.
        """
        held = [document for name in (POSTS, COMMENTS) for document in await self._held(name, reasons)]
        if not held:
            return []
        at = self._now()
        receipts = [Receipt(document["_id"], at, reasons[document["_id"]]) for document in held]
        await bulk.upsert(self._database, COLLECTION, [_upsert(receipt) for receipt in receipts])
        await self.advance()
        await self._delete(held)
        ids = [receipt.fullname for receipt in receipts]
        await self._in_parts("set_aside", "forgetting notes", ids)
        await self.drop_topics_of(ids)
        return receipts

    async def drop_topics_of(self, post_ids: Collection[str]) -> None:
        """Delete the trending topics that show any of these posts; the next set puts right the others."""
        topics = await self._database.read(
            "reading trending topics",
            lambda: self._database.collection(TRENDING).find({}, {"posts.id": 1}).to_list(None),
        )
        gone = set(post_ids)
        shown = [
            topic["_id"] for topic in topics if not gone.isdisjoint(post["id"] for post in topic["posts"])
        ]
        await self._in_parts(TRENDING, "forgetting topics", shown)

    async def barred(self, fullnames: Sequence[str], at: datetime) -> dict[str, Reason]:
        """The items that must not be stored although a source shows them, because they were purged.

        What its author deleted, or what was erased, is barred for as long as there is a receipt. Anything
        else may have been approved, so a sighting an hour after the purge brings it back.

        :param at: when the source showed them.
        """
        barred: dict[str, Reason] = {}
        ids = list(dict.fromkeys(fullnames))
        for start in range(0, len(ids), IDS_AT_ONCE):
            for found in await self._find({"_id": {"$in": ids[start : start + IDS_AT_ONCE]}}):
                if found["reason"] in FINAL or at < found["deleted_at"] + RETURN_AFTER:
                    barred[found["_id"]] = found["reason"]
        return barred

    async def receipts(self, *, limit: int, before: str | None = None) -> list[Receipt]:
        """Receipts, newest first.

        :param before: :func:`position_of_receipt` of the last receipt of the page before.
        """
        moment = self._now() + timedelta(seconds=1) if before is None else moment_of(before)
        found: list[Document] = []
        for step in STEPS:
            bounds = {"$gte": lower_bound(moment - step)} | ({} if before is None else {"$lt": before})
            found = await self._find({"position": bounds}, limit=limit)
            if len(found) == limit:
                break
        return [_receipt(document) for document in found]

    async def expire(self) -> None:
        """Delete receipts of more than a year ago, those of erased items excepted: they bar for ever."""
        bounds = {"$lt": lower_bound(self._now() - RECEIPTS_KEPT)}
        reasons: list[Reason] = ["deleted", "removed", "removed_by_reddit", "missing"]
        await self._database.write(
            "deleting old receipts",
            lambda: self._database.collection(COLLECTION).delete_many(
                {"position": bounds, "reason": {"$in": reasons}}
            ),
        )

    async def _held(self, name: str, fullnames: Iterable[str]) -> list[Document]:
        ids = [fullname for fullname in fullnames if collection_of(fullname) == name]
        held: list[Document] = []
        for start in range(0, len(ids), IDS_AT_ONCE):
            part = ids[start : start + IDS_AT_ONCE]

            async def find(part: list[str] = part) -> list[Document]:
                needed = {"subreddit_key": 1, "day": 1}
                cursor = self._database.collection(name).find({"_id": {"$in": part}}, needed)
                return await cursor.to_list(None)

            held += await self._database.read(f"looking for gone {name}", find)
        return held

    async def _delete(self, held: Sequence[Document]) -> None:
        places = {SubredditDay(document["subreddit_key"], document["day"]) for document in held}
        async with self._dirty.changing(places):
            for name in (POSTS, COMMENTS):
                ids = [document["_id"] for document in held if collection_of(document["_id"]) == name]
                await self._in_parts(name, f"purging {name}", ids)

    async def _in_parts(self, name: str, what: str, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), IDS_AT_ONCE):
            wanted = {"_id": {"$in": list(ids[start : start + IDS_AT_ONCE])}}

            async def delete(wanted: Mapping[str, Any] = wanted) -> None:
                await self._database.collection(name).delete_many(wanted)

            await self._database.write(what, delete)

    async def _find(self, wanted: Document, *, limit: int = 0) -> list[Document]:
        async def find() -> list[Document]:
            cursor = self._database.collection(COLLECTION).find(wanted, max_time_ms=MAX_TIME_MS)
            if limit:
                cursor.sort("position", -1).limit(limit).batch_size(limit)
            return await cursor.to_list(None)

        return await self._database.read("reading receipts", find)


def position_of_receipt(receipt: Receipt) -> str:
    """Where a receipt is in the list: it sorts by time of purge, then by id."""
    return position_of(receipt.deleted_at, receipt.fullname)


def _upsert(receipt: Receipt) -> bulk.Upsert:
    values = {
        "kind": receipt.kind,
        "deleted_at": receipt.deleted_at,
        "reason": receipt.reason,
        "position": position_of_receipt(receipt),
    }
    return bulk.Upsert(receipt.fullname, {"$set": values})


def _receipt(document: Document) -> Receipt:
    return Receipt(document["_id"], document["deleted_at"], document["reason"])
