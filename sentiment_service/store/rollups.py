"""Tallies by scope, day and hour: recomputed from the items, never incremented, so repeating is harmless.

One document for each scope and day. Scope ``all`` of a day is the sum of the day's subreddits, and that of
a tool the sum of what was said of it in each of them. One more document a day holds the day's tallies of all
tools, for whoever compares them.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sentiment_service.breath import breathe
from sentiment_service.models import DayRollup, Span, Tally, scope_of
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.consecutive import runs, stretches
from sentiment_service.store.counting import counted_with_mentions, tally_of_group
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import COMMENTS, MAX_TIME_MS, POSTS
from sentiment_service.store.positions import lower_bound
from sentiment_service.store.rollup_documents import (
    COLLECTION,
    TOOLS_OF_DAY,
    Hours,
    Kind,
    ToolSums,
    day_upsert,
    key_of,
    rollup_of,
    upserts_of_tools,
)
from sentiment_service.tools import scope_of_tool

NOTE = "recomputed"
"""``_id`` of the document in ``state`` that says when."""
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
AT_ONCE = 50
"""Documents looked at before others get their turn on the event loop."""

Piece = Callable[[], AbstractAsyncContextManager[None]]
Days = dict[datetime, Hours]
T = TypeVar("T")


@dataclass(slots=True)
class _Recomputed:
    """What one recomputation has counted so far."""

    places: set[SubredditDay] = field(default_factory=set)
    tools: set[str] = field(default_factory=set)
    """Keys of the documents written for tools in these places; any other there is out of date."""


class Rollups:
    """The rollups."""

    def __init__(self, database: Database, dirty: DirtyDays) -> None:
        self._database = database
        self._dirty = dirty
        self._one_at_a_time = asyncio.Lock()

    async def recompute_dirty(self, piece: Piece = nullcontext) -> int:
        """Recompute every dirty day of every subreddit, then scope ``all`` and the tools of those days.

        :param piece: entered for each piece of the work, which may let it wait for its turn.
        :returns: the days of subreddits that were recomputed.
        :raises DatabaseUnavailableError: the database stayed away; what is not done is still marked.
        """
        async with self._one_at_a_time:
            marks = await self._dirty.all()
            if not marks:
                return 0
            done = _Recomputed({place for mark in marks for place in mark.places})
            for run in runs(done.places):
                async with piece():
                    done.tools |= await self._recompute(run)
            for first, last in stretches({place.day for place in done.places}):
                async with piece():
                    await self._sum(first, last)
                async with piece():
                    await self._sum_tools(first, last, done)
            await self._dirty.clear(marks)
            await self._note()
            return len(done.places)

    async def recomputed_at(self) -> datetime | None:
        """When rollups were last recomputed; ``None`` before the first time."""
        noted = await self._database.read(
            "reading when rollups were recomputed",
            lambda: self._database.collection("state").find_one({"_id": NOTE}),
        )
        return noted["at"] if noted else None

    async def read(
        self, scope: str, first: datetime, last: datetime, *, hours_of: Collection[datetime] | None = None
    ) -> list[DayRollup]:
        """Rollups of a scope from the first to the last day, both included, oldest first.

        Days on which nothing was said are absent.

        :param hours_of: days that shall have their hours; all when not given.
        """
        return await self._read({"scope": scope}, first, last, hours_of)

    async def read_all(self, kind: Kind, first: datetime, last: datetime) -> list[DayRollup]:
        """The same of all subreddits, or of all tools, at once: for few days."""
        return await self._read({"kind": kind}, first, last, None)

    async def read_window(self, scope: str, window: Span) -> list[DayRollup]:
        """Rollups of the days that a window of whole hours touches, oldest first.

        Only days that it cuts have their hours.
        """
        first, last = window.start.replace(hour=0), (window.end - ONE_HOUR).replace(hour=0)
        cut = {edge.replace(hour=0) for edge in (window.start, window.end) if edge.hour}
        return await self.read(scope, first, last, hours_of=cut)

    async def tools(self, window: Span, only: Collection[str] | None = None) -> dict[str, Tally]:
        """What was said of each tool in a window of whole hours that ends with a day, or now.

        Tools of which nothing was said are absent.

        :param only: ids of the tools that are wanted; all when not given.
        """
        first = window.start.replace(hour=0)
        last = (window.end - ONE_HOUR).replace(hour=0)
        sums = ToolSums(only)
        if window.start > first:
            async for document in _in_turns(await self._find({"kind": "tool"}, first, first)):
                sums.add_hours(document, window.start.hour)
            first += ONE_DAY
        async for document in _in_turns(await self._find({"scope": TOOLS_OF_DAY}, first, last)):
            sums.add_day(document)
        return sums.tallies()

    async def _note(self) -> None:
        await self._database.write(
            "noting that rollups were recomputed",
            lambda: self._database.collection("state").update_one(
                {"_id": NOTE}, {"$set": {"at": self._dirty.now()}}, upsert=True
            ),
        )

    async def _recompute(self, run: Sequence[SubredditDay]) -> set[str]:
        """Count the items of one subreddit on consecutive days, and write the days' rollups.

        :returns: the keys of the documents written for tools.
        """
        subreddit = run[0].subreddit_key
        days: Days = {place.day: {} for place in run}
        tools: dict[str, Days] = defaultdict(lambda: defaultdict(dict))
        for name in (POSTS, COMMENTS):
            counted = await self._count(name, subreddit, run[0].day, run[-1].day)
            async for group in _in_turns(counted["items"], 20):
                _add(days, group, posts=name == POSTS)
            async for group in _in_turns(counted["mentions"], 20):
                _add(tools[group["_id"]["tool"]], group, posts=name == POSTS)
        held = await self._find({"scope": scope_of(subreddit)}, run[0].day, run[-1].day)
        new = days.keys() - {document["day"] for document in held}
        in_subreddit = [
            day_upsert(
                "tool_in_subreddit", scope_of_tool(tool_id, subreddit), day, hours,
                likely_new=day in new, tool_id=tool_id, subreddit_key=subreddit,
            )
            async for tool_id, of_tool in _in_turns([*tools.items()], 1)
            for day, hours in of_tool.items()
        ]  # fmt: skip
        await self._write("subreddit", scope_of(subreddit), days, in_subreddit, new=new)
        return {each.key for each in in_subreddit}

    async def _count(self, name: str, subreddit: str, first: datetime, last: datetime) -> Document:
        pipeline: list[Mapping[str, Any]] = [
            {
                "$match": {
                    "subreddit_key": subreddit,
                    "position": {"$gte": lower_bound(first), "$lt": lower_bound(last + ONE_DAY)},
                }
            },
            counted_with_mentions("hour"),
        ]
        (counted,) = await self._database.read(
            f"counting {name}",
            lambda: self._database.collection(name).aggregate(pipeline, maxTimeMS=MAX_TIME_MS).to_list(None),
        )
        return dict(counted)

    async def _sum(self, first: datetime, last: datetime) -> None:
        """Write scope ``all`` from the subreddits' rollups."""
        days: Days = {first + n * ONE_DAY: {} for n in range((last - first).days + 1)}
        async for document in _in_turns(await self._find({"kind": "subreddit"}, first, last), 3):
            _merge(days[document["day"]], rollup_of(document, hours=True).hours)
        await self._write("all", scope_of(None), days)

    async def _sum_tools(self, first: datetime, last: datetime, done: _Recomputed) -> None:
        """Write the tools' rollups from those of each subreddit, and remove the ones that are out of date."""
        stale: list[str] = []
        tools: dict[str, Days] = defaultdict(lambda: defaultdict(dict))
        async for document in _in_turns(await self._find({"kind": "tool_in_subreddit"}, first, last), 3):
            place = SubredditDay(document["subreddit_key"], document["day"])
            if place in done.places and document["_id"] not in done.tools:
                stale.append(document["_id"])
            else:
                _merge(tools[document["tool_id"]][document["day"]], rollup_of(document, hours=True).hours)
        upserts = [
            day_upsert("tool", scope_of_tool(tool_id), day, hours, tool_id=tool_id)
            async for tool_id, days in _in_turns([*tools.items()], 1)
            for day, hours in days.items()
        ]
        upserts += upserts_of_tools(upserts)
        held = {document["_id"]: document for document in await self._held_of_tools(first, last)}
        new = {each.key for each in upserts} - held.keys()
        changed = [
            replace(each, likely_new=each.key in new)
            async for each in _in_turns(upserts)
            if held.pop(each.key, {}) != {"_id": each.key} | each.update["$set"]
        ]
        await bulk.upsert(self._database, COLLECTION, changed)
        await self._remove([*stale, *held])

    async def _held_of_tools(self, first: datetime, last: datetime) -> list[Document]:
        """What is stored of tools in all subreddits together."""
        kinds: tuple[Kind, ...] = ("tool", "tools")
        found = [await self._find({"kind": kind}, first, last) for kind in kinds]
        return [document for documents in found for document in documents]

    async def _write(
        self,
        kind: Kind,
        scope: str,
        days: Mapping[datetime, Hours],
        besides: Sequence[bulk.Upsert] = (),
        *,
        new: Collection[datetime] = (),
    ) -> None:
        """Write the documents of a scope, and remove those of days on which nothing was said.

        :param new: days of which there was none.
        """
        filled = {day: hours for day, hours in days.items() if hours}
        upserts = [
            day_upsert(kind, scope, day, hours, likely_new=day in new) for day, hours in filled.items()
        ]
        await bulk.upsert(self._database, COLLECTION, [*upserts, *besides])
        await self._remove([key_of(scope, day) for day in days if day not in filled])

    async def _remove(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), bulk.OPERATIONS):
            wanted = {"_id": {"$in": list(keys[start : start + bulk.OPERATIONS])}}

            async def delete(wanted: Mapping[str, Any] = wanted) -> None:
                await self._database.collection(COLLECTION).delete_many(wanted)

            await self._database.write("removing empty rollups", delete)

    async def _read(
        self, equal: Document, first: datetime, last: datetime, hours_of: Collection[datetime] | None
    ) -> list[DayRollup]:
        held = await self._find(equal, first, last)
        return [
            rollup_of(document, hours=hours_of is None or document["day"] in hours_of)
            async for document in _in_turns(held)
        ]

    async def _find(self, equal: Document, first: datetime, last: datetime) -> list[Document]:
        """Whole documents, oldest first: the embedded database copies what it is to show less of."""
        wanted = {**equal, "day": {"$gte": first, "$lte": last}}

        async def find() -> list[Document]:
            cursor = self._database.collection(COLLECTION).find(wanted, max_time_ms=MAX_TIME_MS)
            return await cursor.batch_size(1000).to_list(None)

        held = await self._database.read("reading rollups", find)
        return sorted(held, key=lambda document: document["day"])


async def _in_turns(documents: Sequence[T], at_once: int = AT_ONCE) -> AsyncIterator[T]:
    """Documents or the like, with the others on the event loop getting their turn now and then."""
    for index, document in enumerate(documents):
        if index % at_once == 0:
            await breathe()
        yield document


def _add(days: Days, group: Document, *, posts: bool) -> None:
    """Count a group of one hour in."""
    hour: datetime = group["_id"]["by"]
    _merge(days[hour.replace(hour=0)], {hour.hour: tally_of_group(group, posts=posts)})


def _merge(hours: Hours, more: Mapping[int, Tally]) -> None:
    for hour, tally in more.items():
        hours[hour] = hours.get(hour, Tally()) + tally
