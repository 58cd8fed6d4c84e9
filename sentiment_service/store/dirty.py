"""Marks on the days whose rollups no longer match the items.

A mark is set before items change, so that a crash in between leaves a mark too many and never one too
few. While a change is under way its mark names the writer and until when it may last; a recompute in
the meantime leaves such a mark in place, because it may have counted before the items arrived. Each
change gives the mark a new token, and only a mark with the token that was read is cleared.
"""

import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import DeleteOne

from sentiment_service.store import bulk
from sentiment_service.store.connection import Database

COLLECTION = "dirty_days"
LONGEST_CHANGE = timedelta(minutes=15)
"""After this a writer that did not take its name off the mark counts as crashed."""


@dataclass(frozen=True, slots=True, order=True)
class SubredditDay:
    """One subreddit, in lower case, on one day (midnight, UTC)."""

    subreddit_key: str
    day: datetime

    @property
    def key(self) -> str:
        """Its mark's ``_id``."""
        return f"{self.subreddit_key}|{self.day:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as read."""

    place: SubredditDay
    token: str
    clearable: bool
    """Whether nobody is changing the day's items right now."""


class DirtyDays:
    """The marks.

    :param now: the clock; those of all instances should agree within a few minutes.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.now = now
        self._database = database

    @asynccontextmanager
    async def changing(self, places: Iterable[SubredditDay]) -> AsyncIterator[None]:
        """Mark days while their items are changed inside the block.

        If the block raises, the marks stay and name the writer until :data:`LONGEST_CHANGE` has passed.
        """
        marked = sorted(set(places))
        writer = uuid.uuid4().hex
        until = self.now() + LONGEST_CHANGE
        await self._mark(marked, {"$set": {"token": writer, f"writers.{writer}": until}})
        yield
        await self._mark(marked, {"$set": {"token": uuid.uuid4().hex}, "$unset": {f"writers.{writer}": ""}})

    async def all(self) -> list[Mark]:
        """Every mark, by subreddit and day."""
        documents = await self._database.read(
            "reading dirty days", lambda: self._database.collection(COLLECTION).find({}).to_list(None)
        )
        now = self.now()
        return sorted(
            (
                Mark(
                    _place(document["_id"]),
                    document["token"],
                    clearable=all(until < now for until in document.get("writers", {}).values()),
                )
                for document in documents
            ),
            key=lambda mark: mark.place,
        )

    async def clear(self, marks: Iterable[Mark]) -> None:
        """Clear marks that nobody renewed since they were read."""
        requests = [
            DeleteOne({"_id": mark.place.key, "token": mark.token}) for mark in marks if mark.clearable
        ]
        for start in range(0, len(requests), bulk.OPERATIONS):
            await self._delete(requests[start : start + bulk.OPERATIONS])

    async def _delete(self, requests: list[DeleteOne]) -> None:
        await self._database.write(
            "clearing dirty days",
            lambda: self._database.collection(COLLECTION).bulk_write(requests, ordered=False),
        )

    async def _mark(self, places: list[SubredditDay], update: dict[str, dict[str, object]]) -> None:
        await bulk.upsert(self._database, COLLECTION, [bulk.Upsert(place.key, update) for place in places])


def _place(key: str) -> SubredditDay:
    subreddit, _, day = key.rpartition("|")
    return SubredditDay(subreddit, datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC))
