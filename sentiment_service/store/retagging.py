"""Resolving stored mentions anew after tools were linked, parted, merged or deleted.

What an item says of each tool under its own name is kept in its mentions, so that no text is read again.
Items are looked for day by day, because a search over all time would make the embedded server read every
mention for each batch. An item is changed only as it was read: one that changed meanwhile is read again.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne

from sentiment_service.errors import StoreError
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.documents import Document, mentions_in, tagging_fields
from sentiment_service.store.item_queries import COMMENTS, IDS_AT_ONCE, MAX_TIME_MS, POSTS, collection_of
from sentiment_service.store.positions import lower_bound
from sentiment_service.tools import LabelOf, mentions_of

NEEDED = dict.fromkeys(("mentions", "tools", "found", "bare", "subreddit_key", "day"), 1)
TRIES = 10
"""How often items that change under our hands are read again."""


Searches = Mapping[str, Sequence[Document]]
"""Filters of items, by collection."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """How mentions follow from their parts."""

    targets: Mapping[str, str]
    label_of: LabelOf

    def changed(self, document: Document) -> Document | None:
        """The fields that an item should have, unless it has them."""
        parts = [part for mention in mentions_in(document) for part in mention.parts]
        mentions = mentions_of(parts, self.targets, self.label_of)
        fields = tagging_fields(mentions, bare=bool(document.get("bare")))
        held = {name: document.get(name, []) for name in fields}
        return None if fields == held else fields


async def retag(
    database: Database,
    dirty: DirtyDays,
    tool_ids: Collection[str],
    targets: Mapping[str, str],
    label_of: LabelOf,
) -> AsyncIterator[int]:
    """See :meth:`~sentiment_service.store.items.Items.retag`."""
    rule = _Rule(targets, label_of)
    ids = sorted(set(tool_ids))
    for day in await _days(database, dirty):
        bounds = {"$gte": lower_bound(day), "$lt": lower_bound(day + timedelta(days=1))}
        wanted: Searches = {
            name: [{"found": tool_id, "position": bounds} for tool_id in ids] for name in (POSTS, COMMENTS)
        }
        changed = await _settle(database, dirty, wanted, rule)
        if changed:
            yield changed


async def retag_items(
    database: Database,
    dirty: DirtyDays,
    fullnames: Sequence[str],
    targets: Mapping[str, str],
    label_of: LabelOf,
) -> int:
    """See :meth:`~sentiment_service.store.items.Items.retag_items`."""
    wanted: dict[str, list[Document]] = {}
    for name in (POSTS, COMMENTS):
        ids = [fullname for fullname in fullnames if collection_of(fullname) == name]
        wanted[name] = [
            {"_id": {"$in": ids[start : start + IDS_AT_ONCE]}} for start in range(0, len(ids), IDS_AT_ONCE)
        ]
    return await _settle(database, dirty, wanted, _Rule(targets, label_of))


async def _days(database: Database, dirty: DirtyDays) -> list[datetime]:
    """Every day with items: each has a rollup or, until it is counted, a mark."""
    # Marks first: a day that is counted in between has its rollup before it loses its mark.
    marked = {place.day for mark in await dirty.all() for place in mark.places}
    counted = await database.read(
        "reading the days with items",
        lambda: database.collection("rollups").find({"kind": "all"}, {"day": 1}).to_list(None),
    )
    return sorted(marked.union(rollup["day"] for rollup in counted), reverse=True)


async def _settle(database: Database, dirty: DirtyDays, searches: Searches, rule: _Rule) -> int:
    """Change what is found until nothing found is to be changed; returns how many items were.

    :raises StoreError: others kept changing them too.
    """
    changed = 0
    for _ in range(TRIES):
        work = {name: await _to_change(database, name, wanted, rule) for name, wanted in searches.items()}
        if not any(work.values()):
            return changed
        async with dirty.changing(_places(document for one in work.values() for document, _ in one)):
            for name, changes in work.items():
                changed += await _change(database, name, changes)
    raise StoreError("mentions kept changing while they were resolved anew")


async def _to_change(
    database: Database, name: str, searches: Sequence[Document], rule: _Rule
) -> list[tuple[Document, Document]]:
    """Items with the fields that they should have."""
    # By id: an item that speaks of two tools is found twice.
    found = {
        document["_id"]: document for wanted in searches for document in await _find(database, name, wanted)
    }
    return [
        (document, fields) for document in found.values() if (fields := rule.changed(document)) is not None
    ]


async def _find(database: Database, name: str, wanted: Document) -> list[Document]:
    return await database.read(
        f"looking for mentions in {name}",
        lambda: database.collection(name).find(wanted, NEEDED, max_time_ms=MAX_TIME_MS).to_list(None),
    )


async def _change(database: Database, name: str, work: Sequence[tuple[Document, Document]]) -> int:
    """Write fields of items that are as they were read.

    Not journaled, which is several times faster: the marks on their days are, after them, and then the items
    are read again, so what a killed server forgot is found and written again.
    """
    changed = 0
    for start in range(0, len(work), bulk.OPERATIONS):
        updates = [
            UpdateOne(
                {"_id": document["_id"], "mentions": document["mentions"], "bare": document.get("bare")},
                {"$set": fields},
            )
            for document, fields in work[start : start + bulk.OPERATIONS]
        ]

        async def write(updates: list[UpdateOne] = updates) -> int:
            items: Any = database.collection(name)
            return int((await items.bulk_write(updates, ordered=False)).matched_count)

        changed += await database.write(f"resolving mentions in {name}", write)
    return changed


def _places(documents: Iterable[Document]) -> set[SubredditDay]:
    return {SubredditDay(document["subreddit_key"], document["day"]) for document in documents}
