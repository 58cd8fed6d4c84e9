"""When stored items are to be read again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from pymongo import UpdateOne

from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import COMMENTS, MAX_TIME_MS, POSTS, collection_of

NEEDED = {"created_at": 1, "refresh_at": 1, "missing_since": 1}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
EDGES_HOURS = (768, 384, 192, 96, 72, 60, 48, 36, 24, 18, 12, 9, 6, 5, 4, 3, 2, 1, 0)
"""How long ago the stretches end that overdue items are looked for in, the oldest stretch first: a server
that reads everything a filter matches before it looks at the limit then reads little, whatever piled up."""


@dataclass(frozen=True, slots=True)
class Due:
    """A stored item that is to be read again."""

    fullname: str
    created_at: datetime
    due_at: datetime
    missing_since: datetime | None
    """When its source first did not show it any more; ``None`` while it does."""


class Refreshes:
    """Keeps when each item is due."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def due(self, *, limit: int) -> list[Due]:
        """Items that are due, most overdue first; items that say nothing about it come before all others."""
        found: list[Document] = []
        for wanted in (None, *_windows(self._now())):
            for name in (POSTS, COMMENTS):
                found += await self._find(name, {"refresh_at": wanted}, limit)
            if len(found) >= limit:
                break
        due = [
            Due(
                document["_id"],
                document["created_at"],
                document.get("refresh_at") or LONG_AGO,
                document.get("missing_since"),
            )
            for document in found
        ]
        return sorted(due, key=lambda each: (each.due_at, each.fullname))[:limit]

    async def seen(self, next_at: Mapping[str, datetime]) -> None:
        """Note that the source showed items, and when each is due next."""
        await self._update(
            (fullname, {"refresh_at": at, "missing_since": None}) for fullname, at in next_at.items()
        )

    async def missing(self, items: Sequence[Due], *, again_at: datetime) -> None:
        """Note that the source did not show items, and when to ask again."""
        now = self._now()
        await self._update(
            (each.fullname, {"refresh_at": again_at, "missing_since": each.missing_since or now})
            for each in items
        )

    async def _update(self, changes: Iterable[tuple[str, Document]]) -> None:
        """Change items that are there; one that was purged meanwhile must not come back."""
        by_collection: dict[str, list[UpdateOne]] = {POSTS: [], COMMENTS: []}
        for fullname, values in changes:
            by_collection[collection_of(fullname)].append(UpdateOne({"_id": fullname}, {"$set": values}))
        for name, updates in by_collection.items():
            for start in range(0, len(updates), bulk.OPERATIONS):
                await self._bulk(name, updates[start : start + bulk.OPERATIONS])

    async def _bulk(self, name: str, updates: list[UpdateOne]) -> None:
        async def write() -> None:
            await self._database.collection(name).bulk_write(updates, ordered=False)

        await self._database.write("noting a refresh", write)

    async def _find(self, name: str, wanted: Mapping[str, Any], limit: int) -> list[Document]:
        async def find() -> list[Document]:
            cursor = self._database.collection(name).find(wanted, NEEDED, max_time_ms=MAX_TIME_MS)
            return await cursor.sort("refresh_at", 1).limit(limit).to_list(None)

        return await self._database.read("looking for items to refresh", find)


def _windows(now: datetime) -> list[Document]:
    """Everything up to now, as ranges from the oldest to the newest."""
    edges = [now - timedelta(hours=hours) for hours in EDGES_HOURS]
    return [{"$lte": edges[0]}, *({"$gt": start, "$lte": end} for start, end in pairwise(edges))]
