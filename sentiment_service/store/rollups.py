"""Tallies by scope, day and hour: recomputed from the items, never incremented, so repeating is harmless.

One document for each scope and day. Scope ``all`` of a day is the sum of the day's subreddits.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sentiment_service.models import DayRollup, Tally, scope_of
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.counting import counted_by, tally_of_group
from sentiment_service.store.dirty import DirtyDays, Mark
from sentiment_service.store.documents import Document, tally_document, tally_of
from sentiment_service.store.item_queries import COMMENTS, MAX_TIME_MS, POSTS
from sentiment_service.store.positions import lower_bound

COLLECTION = "rollups"
ONE_DAY = timedelta(days=1)
LONGEST_RUN = 10
"""Days counted by one aggregation at most, so that none takes long."""
SUM_DIGITS = 9
"""Sums are rounded to this many digits: adding floats in another order then gives the same."""

Hours = dict[int, Tally]


class Rollups:
    """The rollups."""

    def __init__(self, database: Database, dirty: DirtyDays) -> None:
        self._database = database
        self._dirty = dirty
        self._one_at_a_time = asyncio.Lock()

    async def recompute_dirty(self) -> int:
        """Recompute every dirty day of every subreddit, then scope ``all`` of those days.

        :returns: the days of subreddits that were recomputed.
        :raises DatabaseUnavailableError: the database stayed away; what is not done is still marked.
        """
        async with self._one_at_a_time:
            marks = await self._dirty.all()
            if not marks:
                return 0
            for run in _runs(marks):
                await self._recompute(run)
            for first, last in _stretches({mark.place.day for mark in marks}):
                await self._sum(first, last)
            await self._dirty.clear(marks)
            return len(marks)

    async def read(self, scope: str, first_day: datetime, last_day: datetime) -> list[DayRollup]:
        """Rollups of a scope from the first to the last day, both included, oldest first.

        Days on which nothing was said are absent.
        """
        held = await self._find({"scope": scope}, first_day, last_day)
        return [_rollup(document) async for document in _in_turns(held, 10)]

    async def _recompute(self, run: Sequence[Mark]) -> None:
        """Count the items of one subreddit on consecutive days, and write the days' rollups."""
        subreddit = run[0].place.subreddit_key
        days: dict[datetime, Hours] = {mark.place.day: {} for mark in run}
        for name in (POSTS, COMMENTS):
            groups = await self._groups(name, subreddit, run[0].place.day, run[-1].place.day)
            async for group in _in_turns(groups, 100):
                hour: datetime = group["_id"]["by"]
                hours = days[hour.replace(hour=0)]
                hours[hour.hour] = hours.get(hour.hour, Tally()) + tally_of_group(group, posts=name == POSTS)
        await self._write("subreddit", scope_of(subreddit), days)

    async def _groups(self, name: str, subreddit: str, first: datetime, last: datetime) -> list[Document]:
        pipeline: list[Mapping[str, Any]] = [
            {
                "$match": {
                    "subreddit_key": subreddit,
                    "position": {"$gte": lower_bound(first), "$lt": lower_bound(last + ONE_DAY)},
                }
            },
            counted_by("hour"),
        ]
        return await self._database.read(
            f"counting {name}",
            lambda: self._database.collection(name).aggregate(pipeline, maxTimeMS=MAX_TIME_MS).to_list(None),
        )

    async def _sum(self, first: datetime, last: datetime) -> None:
        """Write scope ``all`` from the subreddits' rollups."""
        days: dict[datetime, Hours] = {first + n * ONE_DAY: {} for n in range((last - first).days + 1)}
        async for document in _in_turns(await self._find({"kind": "subreddit"}, first, last), 5):
            hours = days[document["day"]]
            for hour, tally in _rollup(document).hours.items():
                hours[hour] = hours.get(hour, Tally()) + tally
        await self._write("all", scope_of(None), days)

    async def _write(self, kind: str, scope: str, days: Mapping[datetime, Hours]) -> None:
        filled = {day: hours for day, hours in days.items() if hours}
        await bulk.upsert(
            self._database, COLLECTION, [_upsert(kind, scope, day, hours) for day, hours in filled.items()]
        )
        empty = [_key(scope, day) for day in days if day not in filled]
        if empty:
            await self._database.write(
                "removing empty rollups",
                lambda: self._database.collection(COLLECTION).delete_many({"_id": {"$in": empty}}),
            )

    async def _find(self, equal: Document, first: datetime, last: datetime) -> list[Document]:
        wanted = {**equal, "day": {"$gte": first, "$lte": last}}
        return await self._database.read(
            "reading rollups",
            lambda: (
                self._database.collection(COLLECTION)
                .find(wanted, max_time_ms=MAX_TIME_MS)
                .sort("day", 1)
                .batch_size(1000)
                .to_list(None)
            ),
        )


async def _in_turns(documents: Sequence[Document], at_once: int) -> AsyncIterator[Document]:
    """The documents, with the others on the event loop getting their turn now and then."""
    for index, document in enumerate(documents):
        if index % at_once == 0:
            await asyncio.sleep(0)
        yield document


def _rounded(tally: Tally) -> Tally:
    return replace(
        tally,
        polarity_sum=round(tally.polarity_sum, SUM_DIGITS) + 0.0,
        polarity_square_sum=round(tally.polarity_square_sum, SUM_DIGITS) + 0.0,
    )


def _key(scope: str, day: datetime) -> str:
    return f"{scope}|{day:%Y-%m-%d}"


def _upsert(kind: str, scope: str, day: datetime, hours: Hours) -> bulk.Upsert:
    rounded = {hour: _rounded(hours[hour]) for hour in sorted(hours)}
    whole = _rounded(sum(rounded.values(), Tally()))
    values: Document = {
        "kind": kind,
        "scope": scope,
        "day": day,
        "whole": tally_document(whole),
        "hours": {str(hour): tally_document(tally) for hour, tally in rounded.items()},
    }
    return bulk.Upsert(_key(scope, day), {"$set": values})


def _rollup(document: Document) -> DayRollup:
    return DayRollup(
        scope=document["scope"],
        day=document["day"],
        whole=tally_of(document["whole"]),
        hours={int(hour): tally_of(tally) for hour, tally in document["hours"].items()},
    )


def _runs(marks: Iterable[Mark]) -> Iterator[list[Mark]]:
    """Marks of one subreddit on consecutive days, at most :data:`LONGEST_RUN` together."""
    by_subreddit: dict[str, dict[datetime, Mark]] = defaultdict(dict)
    for mark in marks:
        by_subreddit[mark.place.subreddit_key][mark.place.day] = mark
    for days in by_subreddit.values():
        for first, last in _stretches(days):
            length = (last - first).days + 1
            yield [days[first + n * ONE_DAY] for n in range(length)]


def _stretches(days: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """First and last of consecutive days, at most :data:`LONGEST_RUN` together."""
    ordered = sorted(set(days))
    runs = itertools.groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0] * ONE_DAY)
    for _, run in runs:
        members = [day for _, day in run]
        for start in range(0, len(members), LONGEST_RUN):
            part = members[start : start + LONGEST_RUN]
            yield part[0], part[-1]
