"""Reading stored items in the order of their writing, and giving them other scores and mentions.

A score is written only beside the text it was made from: an item that was edited or purged meanwhile is left
as it is, for whoever changed it has scored it by then.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne

from sentiment_service.models import day_of
from sentiment_service.reanalysis import Checkpoint, Rescored, Stored
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.documents import (
    Document,
    sentiment_document,
    stored_comment,
    stored_post,
    tagging_fields,
)
from sentiment_service.store.item_queries import COMMENTS, CONVERTED_AT_ONCE, MAX_TIME_MS, POSTS
from sentiment_service.store.positions import lower_bound, moment_of

FIRST_STEP = timedelta(hours=6)
LONGEST_STEP = timedelta(days=16)
STEP_GROWTH = 4


class Rescoring:
    """Pages of stored items, oldest first, posts before comments."""

    def __init__(self, database: Database, dirty: DirtyDays) -> None:
        self._database = database
        self._dirty = dirty
        self._step = FIRST_STEP

    async def page(
        self, after: Checkpoint | None, *, start: datetime, end: datetime, limit: int
    ) -> tuple[list[Stored], Checkpoint | None]:
        """The next items after a checkpoint, and the checkpoint behind them; ``None`` behind the last.

        :param start: none written before.
        :param end: none written then or later.
        :raises DatabaseUnavailableError: the database stayed away.
        """
        after = after or Checkpoint("posts", lower_bound(start))
        found = await self._collect(after.collection, after.position, end, limit)
        if found:
            return found, Checkpoint(after.collection, found[-1].position)
        if after.collection == POSTS:
            return await self.page(
                Checkpoint("comments", lower_bound(start)), start=start, end=end, limit=limit
            )
        return [], None

    async def write(self, rescored: Sequence[Rescored]) -> int:
        """Give items their new scores and mentions; returns how many still had the text that was scored.

        Rollups follow with the next recomputation.

        :raises DatabaseUnavailableError: the database stayed away; some may be written, all are marked.
        """
        items = [one.stored.item for one in rescored]
        places = {SubredditDay(item.subreddit.lower(), day_of(item.created_at)) for item in items}
        async with self._dirty.changing(places):
            return await bulk.confirmed(self._database, "rescoring", lambda: self._write_all(rescored))

    async def _write_all(self, rescored: Sequence[Rescored]) -> int:
        written = 0
        for name, prefix in ((POSTS, "t3_"), (COMMENTS, "t1_")):
            mine = [one for one in rescored if one.stored.item.fullname.startswith(prefix)]
            for start in range(0, len(mine), bulk.OPERATIONS):
                written += await self._write(name, mine[start : start + bulk.OPERATIONS])
        return written

    async def _write(self, name: str, rescored: Sequence[Rescored]) -> int:
        updates = [_update(one) for one in rescored]

        async def write() -> int:
            items: Any = self._database.collection(name)
            return int((await items.bulk_write(updates, ordered=False)).matched_count)

        return await self._database.write(f"rescoring {name}", write)

    async def _collect(self, name: str, after: str, end: datetime, limit: int) -> list[Stored]:
        """Up to ``limit`` items; the range that is read grows over stretches in which nothing was written."""
        last = lower_bound(end)
        while after < last:
            upper = min(last, lower_bound(min(end, moment_of(after) + self._step)))
            found = await self._find(name, {"$gt": after, "$lt": upper}, limit)
            if found:
                self._step = max(FIRST_STEP, self._step / STEP_GROWTH) if len(found) == limit else self._step
                return found
            after, self._step = upper, min(LONGEST_STEP, self._step * STEP_GROWTH)
        return []

    async def _find(self, name: str, bounds: Document, limit: int) -> list[Stored]:
        async def find() -> list[Document]:
            cursor = self._database.collection(name).find({"position": bounds}, max_time_ms=MAX_TIME_MS)
            return await cursor.sort("position", 1).limit(limit).batch_size(limit).to_list(None)

        stored: list[Stored] = []
        for document in await self._database.read(f"rereading {name}", find):
            stored.append(_stored(document))
            if len(stored) % CONVERTED_AT_ONCE == 0:
                await asyncio.sleep(0)
        return stored


def _stored(document: Document) -> Stored:
    is_post = document["_id"].startswith("t3_")
    return Stored(
        item=stored_post(document).post if is_post else stored_comment(document).comment,
        position=document["position"],
        digest=document["digest"],
        bare=bool(document.get("bare")),
        tool_ids=frozenset(document["found"]),
    )


def _update(one: Rescored) -> UpdateOne:
    sentiment = None if one.sentiment is None else sentiment_document(one.sentiment)
    values = {"sentiment": sentiment, "language": one.language, **tagging_fields(one.mentions)}
    wanted = {"_id": one.stored.item.fullname, "digest": one.stored.digest, "bare": None}
    return UpdateOne(wanted, {"$set": values})
