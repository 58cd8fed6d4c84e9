"""Writing posts and comments: idempotent upserts by fullname, and what could not be used."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sentiment_service.breath import breathe
from sentiment_service.deletion import RefreshPlan, author_hash
from sentiment_service.models import (
    Item,
    Known,
    Post,
    ScoredItem,
    SetAside,
    Sighting,
    Written,
    day_of,
    digest_of,
    hour_of,
    position_of,
)
from sentiment_service.store import bulk, documents, expiry, raw_texts, retagging
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import COMMENTS, POSTS, ItemQueries
from sentiment_service.tools import LabelOf

SIGHTING_DISTANCE = timedelta(minutes=15)
"""The least time between two sightings: closer ones say nothing about growth."""
BUILT_AT_ONCE = 4
"""Writes prepared in one turn of the event loop: some 0.1 ms, which no read notices."""


class Items(ItemQueries):
    """Posts and comments.

    :param dirty: where the days that change are marked.
    """

    def __init__(self, database: Database, dirty: DirtyDays, now: Callable[[], datetime]) -> None:
        super().__init__(database, now)
        self._dirty = dirty

    async def write(
        self,
        scored: Sequence[ScoredItem],
        known: Mapping[str, Known],
        *,
        seen_at: datetime,
        plan: RefreshPlan = RefreshPlan(),  # noqa: B008 (frozen)
    ) -> Written:
        """Store items; doing it twice changes nothing. Counts as done after :meth:`confirm`.

        An item whose text, score, counts, author, flair and edit time are as in ``known`` is not written.
        What the database can never store is in ``refused`` of the answer, and the rest is written.

        :param known: what :meth:`known` said of these items.
        :param seen_at: when the source showed them.
        :param plan: when new items are to be read again.
        :raises DatabaseUnavailableError: the database stayed away; some of the items may be written.
        """
        operations: dict[str, list[bulk.Upsert]] = {POSTS: [], COMMENTS: []}
        places: set[SubredditDay] = set()
        new = updated = unchanged = 0
        for index, one in enumerate(scored):
            if index % BUILT_AT_ONCE == BUILT_AT_ONCE - 1:
                await breathe()
            held = known.get(one.item.fullname)
            digest = digest_of(one.item)
            if held is not None and _unchanged(one, held, digest):
                unchanged += 1
                continue
            if held is None or _counts_differently(one, held, digest):
                places.add(SubredditDay(one.item.subreddit.lower(), day_of(one.item.created_at)))
            update = _update(one, held, digest, seen_at, plan)
            operations[POSTS if isinstance(one.item, Post) else COMMENTS].append(
                bulk.Upsert(one.item.fullname, update, likely_new=held is None)
            )
            new, updated = (new + 1, updated) if held is None else (new, updated + 1)
        refused = await self._write(operations, places)
        for failure in refused:
            new, updated = (new, updated - 1) if failure.fullname in known else (new - 1, updated)
        return Written(new, updated, unchanged, tuple(refused))

    async def confirm(self) -> None:
        """Return when all earlier writes are on disk: a small journaled write after them.

        :raises DatabaseUnavailableError: the database stayed away.
        """
        await self._database.confirm()

    async def thread_opened(self, post_id: str, comment_count: int) -> None:
        """Note that a post's thread was read, and how many comments the source counted then.

        :raises DatabaseUnavailableError: the database stayed away.
        """
        await self._database.write(
            "noting an opened thread",
            lambda: self._database.collection(POSTS).update_one(
                {"_id": post_id}, {"$set": {"thread_count": comment_count}}
            ),
        )

    def delete_before(self, cutoff: datetime, *, batch: int) -> AsyncIterator[int]:
        """Delete posts older than the cutoff with all their comments, and older comments.

        :param batch: items deleted at once.
        :returns: the number of items deleted, batch by batch; stop anywhere and go on later.
        """
        return expiry.delete_before(self._database, self._dirty, cutoff, batch)

    def retag(
        self, tool_ids: Collection[str], targets: Mapping[str, str], label_of: LabelOf
    ) -> AsyncIterator[int]:
        """Resolve anew the mentions of all items that name any of these tools or count for one of them.

        Doing it twice changes nothing. Rollups follow with the next recomputation.

        :param tool_ids: the tools whose links or existence changed.
        :param targets: by tool, the one that what is said of it counts for.
        :returns: the number of items changed, batch by batch; stop anywhere and start again later.
        """
        return retagging.retag(self._database, self._dirty, tool_ids, targets, label_of)

    async def retag_items(
        self, fullnames: Sequence[str], targets: Mapping[str, str], label_of: LabelOf
    ) -> int:
        """The same for some items; returns how many changed."""
        return await retagging.retag_items(self._database, self._dirty, fullnames, targets, label_of)

    def drop_texts(self, cutoff: datetime, *, batch: int) -> AsyncIterator[int]:
        """Drop titles and texts of items older than the cutoff; scores, counts and digests stay.

        :param batch: items changed at once.
        :returns: the number of items changed, batch by batch; stop anywhere and go on later.
        """
        return raw_texts.drop_before(self._database, cutoff, batch)

    async def set_aside(self, items: Sequence[SetAside], *, cycle_id: str, at: datetime) -> None:
        """Note items that could not be used; one note for each item, however often it fails."""
        operations = [
            bulk.Upsert(
                one.fullname,
                {
                    "$set": {
                        "error": one.error,
                        "detail": documents.wire(one.detail),
                        "stage": one.stage,
                        "cycle_id": cycle_id,
                        "at": at,
                    },
                    "$setOnInsert": {"first_at": at},
                    "$inc": {"times": 1},
                },
            )
            for one in items
        ]
        await bulk.upsert(self._database, "set_aside", operations)

    async def _write(
        self, operations: Mapping[str, Sequence[bulk.Upsert]], places: set[SubredditDay]
    ) -> list[SetAside]:
        refused: list[SetAside] = []
        async with self._dirty.changing(places):
            for name, upserts in operations.items():
                refused += [
                    SetAside(one.key, one.error, one.detail, "store")
                    for one in await bulk.upsert(self._database, name, upserts)
                ]
        return refused


def _unchanged(one: ScoredItem, held: Known, digest: str) -> bool:
    item = one.item
    return (
        not _counts_differently(one, held, digest)
        and held.digest == digest
        and (item.score, item.upvotes, _comment_count(item)) == (held.score, held.upvotes, held.comment_count)
        and (item.author, item.flair) == (held.author, held.flair)
        and _cut(item.edited_at) == held.edited_at
    )


def _counts_differently(one: ScoredItem, held: Known, digest: str) -> bool:
    """Whether the item's part in a rollup changes."""
    if one.keep_sentiment:
        counts = (one.item.upvotes, _comment_count(one.item))
        return bool(held.tools) and counts != (held.upvotes, held.comment_count)
    if one.mentions or held.tools:
        return True
    if one.sentiment is None:
        return held.has_sentiment
    return held.digest != digest or one.sentiment.scorer != held.scorer


def _update(
    one: ScoredItem, held: Known | None, digest: str, seen_at: datetime, plan: RefreshPlan
) -> Document:
    item, bare = one.item, held is not None and held.bare
    values: Document = {
        "subreddit": item.subreddit,
        "subreddit_key": item.subreddit.lower(),
        "author": documents.wire_or_none(item.author),
        "author_key": None if item.author is None else author_hash(item.author),
        "flair": documents.wire_or_none(item.flair),
        "created_at": item.created_at,
        "edited_at": item.edited_at,
        "upvotes": item.upvotes,
        "score": item.score,
        "position": position_of(item.created_at, item.fullname),
        "hour": hour_of(item.created_at),
        "day": day_of(item.created_at),
        "digest": digest,
        # Said with every text, so that a text written while texts are dropped is found again.
        "bare": bare or None,
    }
    if isinstance(item, Post):
        values |= documents.post_fields(item, bare=bare)
    else:
        values |= documents.comment_fields(item, bare=bare)
    sighting = documents.sighting_document(Sighting(seen_at, item.upvotes, _comment_count(item)))
    # What an insert needs besides, also of an item that is known: it may have been deleted meanwhile.
    first: Document = {
        "collected_at": seen_at,
        "sentiment": None,
        "language": None,
        "seen": sighting,
        "previous": None,
        "refresh_at": plan.next_after(item.created_at, seen_at),
        **documents.tagging_fields(()),
    }
    if not one.keep_sentiment:
        sentiment = one.sentiment
        values["sentiment"] = None if sentiment is None else documents.sentiment_document(sentiment)
        values["language"] = one.language
        values |= documents.tagging_fields(one.mentions, bare=bare)
    if held is not None and held.seen is not None and seen_at - held.seen.at >= SIGHTING_DISTANCE:
        values |= {"seen": sighting, "previous": documents.sighting_document(held.seen)}
    return {"$set": values, "$setOnInsert": {key: first[key] for key in first.keys() - values.keys()}}


def _comment_count(item: Item) -> int:
    return item.comment_count if isinstance(item, Post) else 0


def _cut(moment: datetime | None) -> datetime | None:
    return None if moment is None else documents.milliseconds(moment)
