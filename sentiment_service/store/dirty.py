"""Marks on the days whose rollups no longer match the items: one for each change of items, with its days.

A mark is set before items change, so that a crash in between leaves a mark too many and never one too
few. While the change is under way its mark says until when it may last; a recompute in the meantime
leaves such a mark in place, because it may have counted before the items arrived. A change that is over
never changes its mark again, so the marks that a recompute read as over are the ones it may clear.
"""

import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sentiment_service.models import utc_now
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database

COLLECTION = "dirty_days"
LONGEST_CHANGE = timedelta(minutes=15)
"""After this a writer that did not say that its change is over counts as crashed."""
PLACES_IN_MARK = 2000
"""Days in one document at most: some 60 KB."""


@dataclass(frozen=True, slots=True, order=True)
class SubredditDay:
    """One subreddit, in lower case, on one day (midnight, UTC)."""

    subreddit_key: str
    day: datetime

    @property
    def key(self) -> str:
        """How it is written in a mark."""
        return f"{self.subreddit_key}|{self.day:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as read."""

    id: str
    places: tuple[SubredditDay, ...]
    over: bool
    """Whether nobody is changing these days' items on account of it any more."""


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

        If the block raises, the change counts as under way until :data:`LONGEST_CHANGE` has passed.
        """
        marks = {uuid.uuid4().hex: part for part in _parts(sorted(set(places)))}
        await self._write(marks, self.now() + LONGEST_CHANGE)
        yield
        await self._write(marks, None)

    async def mark(self, places: Iterable[SubredditDay]) -> None:
        """Mark days whose items were changed before now."""
        await self._write({uuid.uuid4().hex: part for part in _parts(sorted(set(places)))}, None)

    async def all(self) -> list[Mark]:
        """Every mark."""
        documents = await self._database.read(
            "reading dirty days", lambda: self._database.collection(COLLECTION).find({}).to_list(None)
        )
        now = self.now()
        return [
            Mark(
                document["_id"],
                tuple(place_of(key) for key in document["places"]),
                over=document["until"] is None or document["until"] < now,
            )
            for document in documents
        ]

    async def clear(self, marks: Iterable[Mark]) -> None:
        """Clear the marks of changes that were over when they were read."""
        over = [mark.id for mark in marks if mark.over]
        for start in range(0, len(over), bulk.OPERATIONS):
            await _remove(self._database, over[start : start + bulk.OPERATIONS])

    async def _write(self, marks: dict[str, list[str]], until: datetime | None) -> None:
        # With its days each time: a change that outlasted its time may have lost its mark.
        values = [bulk.Upsert(key, {"$set": {"places": days, "until": until}}) for key, days in marks.items()]
        await bulk.upsert(self._database, COLLECTION, values)


async def keep_by_change(database: Database) -> None:
    """Migration: marks that were kept one for each day become the mark of one change that is over."""
    former = await database.read(
        "reading former marks",
        lambda: database.collection(COLLECTION).find({"places": None}, {"_id": 1}).to_list(None),
    )
    keys = [document["_id"] for document in former]
    await DirtyDays(database, utc_now).mark(place_of(key) for key in keys)
    for start in range(0, len(keys), bulk.OPERATIONS):
        await _remove(database, keys[start : start + bulk.OPERATIONS])


def place_of(key: str) -> SubredditDay:
    """A day as it is written in a mark."""
    subreddit, _, day = key.rpartition("|")
    return SubredditDay(subreddit, datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC))


async def _remove(database: Database, ids: Sequence[str]) -> None:
    await database.write(
        "clearing dirty days",
        lambda: database.collection(COLLECTION).delete_many({"_id": {"$in": ids}}),
    )


def _parts(places: Sequence[SubredditDay]) -> list[list[str]]:
    starts = range(0, len(places), PLACES_IN_MARK)
    return [[place.key for place in places[start : start + PLACES_IN_MARK]] for start in starts]
