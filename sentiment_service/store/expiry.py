"""Deleting what is too old, in batches, newest data untouched.

Items are looked for day by day, as the rollups know them, because a search for "everything older"
would make the embedded server read everything older for each batch. A last search without a lower
bound finds what no rollup knows.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import COMMENTS, POSTS
from sentiment_service.store.positions import lower_bound

IDS_AT_ONCE = 25
"""More in one ``$in`` make the embedded server slower, since it compares each document with each id."""
POSTS_AT_ONCE = 20
"""Posts whose comments are looked for together."""
NEEDED = {"subreddit_key": 1, "day": 1}


async def delete_before(
    database: Database, dirty: DirtyDays, cutoff: datetime, batch: int
) -> AsyncIterator[int]:
    """Delete posts older than the cutoff with all their comments, then older comments, then old notes.

    :returns: items deleted, batch by batch.
    """
    ranges = await ranges_before(database, cutoff)
    for bounds in ranges:
        while posts := await _find(database, POSTS, {"position": bounds}, batch):
            # Comments first: a crash in between leaves the posts, by which the rest is found again.
            async for comments in _comments_of(database, posts, batch):
                yield await _delete(database, dirty, COMMENTS, comments)
            yield await _delete(database, dirty, POSTS, posts)
    for bounds in ranges:
        while comments := await _find(database, COMMENTS, {"position": bounds}, batch):
            yield await _delete(database, dirty, COMMENTS, comments)
    await database.write(
        "deleting old notes", lambda: database.collection("set_aside").delete_many({"at": {"$lt": cutoff}})
    )


async def _comments_of(
    database: Database, posts: Sequence[Document], batch: int
) -> AsyncIterator[list[Document]]:
    """The comments of posts, a batch at a time; each batch has to be gone before the next is asked for."""
    gathered: list[Document] = []
    for start in range(0, len(posts), POSTS_AT_ONCE):
        ids = [post["_id"] for post in posts[start : start + POSTS_AT_ONCE]]
        while found := await _find(database, COMMENTS, {"post_id": {"$in": ids}}, batch):
            gathered += found
            full = len(found) == batch
            if full or len(gathered) >= batch:
                yield gathered
                gathered = []
            if not full:
                break
    if gathered:
        yield gathered


async def ranges_before(database: Database, cutoff: datetime) -> list[dict[str, str]]:
    """Ranges of positions that together are everything before the cutoff."""
    rollups = await database.read(
        "reading the oldest days",
        lambda: (
            database.collection("rollups")
            .find({"kind": "all", "day": {"$lt": cutoff}}, {"day": 1})
            .sort("day", 1)
            .to_list(None)
        ),
    )
    ranges = [
        {"$gte": lower_bound(day), "$lt": lower_bound(min(day + timedelta(days=1), cutoff))}
        for day in (rollup["day"] for rollup in rollups)
    ]
    return [*ranges, {"$lt": lower_bound(cutoff)}]


async def _find(database: Database, name: str, wanted: Mapping[str, Any], limit: int) -> list[Document]:
    return await database.read(
        f"looking for old {name}",
        lambda: database.collection(name).find(wanted, NEEDED).limit(limit).batch_size(limit).to_list(None),
    )


async def _delete(database: Database, dirty: DirtyDays, name: str, found: Sequence[Document]) -> int:
    places = {SubredditDay(document["subreddit_key"], document["day"]) for document in found}
    ids = [document["_id"] for document in found]
    async with dirty.changing(places):
        for start in range(0, len(ids), IDS_AT_ONCE):
            await _delete_ids(database, name, ids[start : start + IDS_AT_ONCE])
    return len(ids)


async def _delete_ids(database: Database, name: str, ids: Sequence[str]) -> None:
    await database.write(
        f"deleting old {name}", lambda: database.collection(name).delete_many({"_id": {"$in": ids}})
    )
