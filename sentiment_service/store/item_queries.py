"""Reading posts and comments.

A list is one range on ``position`` beside equalities. The range is as wide as should fill the limit by
what earlier reads found, an hour at first, and moves into the past until it is filled: a server that reads
everything a filter matches before it looks at the limit then reads little too.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sentiment_service.breath import breathe
from sentiment_service.models import Known, Label, StoredComment, StoredPost, Tally
from sentiment_service.store import documents
from sentiment_service.store.connection import Database
from sentiment_service.store.counting import counted_by, tally_of_group
from sentiment_service.store.documents import Document
from sentiment_service.store.pace import Pace, next_reach
from sentiment_service.store.positions import lower_bound, moment_of

POSTS = "posts"
COMMENTS = "comments"
IDS_AT_ONCE = 50
"""The embedded server compares every document with every id of an ``$in``."""
PAGE = 250
"""Documents read at once."""
CONVERTED_AT_ONCE = 50
"""Documents turned into objects before others get their turn on the event loop."""
MAX_TIME_MS = 8000


def collection_of(fullname: str) -> str:
    """Where an item is kept."""
    return POSTS if fullname.startswith("t3_") else COMMENTS


class ItemQueries:
    """Reads of posts and comments."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._pace = Pace()

    async def known(self, fullnames: Sequence[str]) -> dict[str, Known]:
        """What is already held of these items; those not stored are absent."""
        found: dict[str, Known] = {}
        for name in (POSTS, COMMENTS):
            ids = [fullname for fullname in dict.fromkeys(fullnames) if collection_of(fullname) == name]
            for start in range(0, len(ids), IDS_AT_ONCE):
                held = await self._find(
                    name,
                    {"_id": {"$in": ids[start : start + IDS_AT_ONCE]}},
                    projection=documents.KNOWN_FIELDS,
                )
                found.update((document["_id"], documents.known(document)) for document in held)
        return found

    async def recent_posts(
        self,
        *,
        since: datetime,
        limit: int,
        before: str | None = None,
        subreddit: str | None = None,
        label: Label | None = None,
        tool: str | None = None,
    ) -> list[StoredPost]:
        """Posts, newest first.

        :param since: none older than this second.
        :param before: position of the last post of the page before.
        """
        equal = _equalities(subreddit, label, tool)
        return [
            documents.stored_post(document)
            async for page in self._newest(POSTS, equal, since=since, before=before, limit=limit)
            for document in page
        ]

    async def recent_comments(
        self,
        *,
        since: datetime,
        limit: int,
        before: str | None = None,
        subreddit: str | None = None,
        label: Label | None = None,
        tool: str | None = None,
    ) -> list[StoredComment]:
        """The same as :meth:`recent_posts` of comments."""
        equal = _equalities(subreddit, label, tool)
        return [
            documents.stored_comment(document)
            async for page in self._newest(COMMENTS, equal, since=since, before=before, limit=limit)
            for document in page
        ]

    async def posts_between(self, start: datetime, end: datetime, *, limit: int) -> list[StoredPost]:
        """Posts of a stretch of time, start included, end not, newest first."""
        before = lower_bound(end)
        return [
            documents.stored_post(document)
            async for page in self._newest(POSTS, {}, since=start, before=before, limit=limit)
            for document in page
        ]

    async def engaging_posts(
        self, tool: str, *, since: datetime, offset: int, limit: int
    ) -> tuple[int, list[StoredPost]]:
        """Posts that speak of a tool, those with most comments and upvotes first: how many, and some of them.

        Few are read whole and put in order here. Of many, what orders them is read first.

        :param since: none older than this second.
        """
        wanted = {"tools": tool, "position": {"$gte": lower_bound(since)}}
        span, name = self._now() - since, _name(POSTS, {"tools": tool})
        if (self._pace.expected(name, span) or 0) < PAGE:
            few = await self._find(POSTS, wanted, limit=PAGE)
            self._pace.note(name, len(few), span)
            if len(few) < PAGE:
                page = _by_engagement(few)[offset : offset + limit]
                return len(few), [documents.stored_post(post) for post in page]
        ranked = _by_engagement(
            await self._find(POSTS, wanted, projection={"comment_count": 1, "upvotes": 1, "position": 1})
        )
        self._pace.note(name, len(ranked), span)
        return len(ranked), await self.posts([post["_id"] for post in ranked[offset : offset + limit]])

    async def posts(self, fullnames: Sequence[str]) -> list[StoredPost]:
        """Those of these posts that are stored, in the order of their names."""
        held: dict[str, Document] = {}
        for start in range(0, len(fullnames), IDS_AT_ONCE):
            part = list(fullnames[start : start + IDS_AT_ONCE])
            held.update((one["_id"], one) for one in await self._find(POSTS, {"_id": {"$in": part}}))
        return [documents.stored_post(held[name]) for name in fullnames if name in held]

    async def post(self, fullname: str) -> StoredPost | None:
        """One post, if it is stored."""
        held = await self._find(POSTS, {"_id": fullname}, limit=1)
        return documents.stored_post(held[0]) if held else None

    async def comments_of(self, post_id: str, *, limit: int, after: str | None = None) -> list[StoredComment]:
        """Stored comments of a post, oldest first.

        :param after: position of the last comment of the page before.
        """
        wanted: Document = {"post_id": post_id}
        if after is not None:
            wanted["position"] = {"$gt": after}
        held = await self._find(COMMENTS, wanted, order=1, limit=limit)
        return [documents.stored_comment(document) for document in held]

    async def comment_counts(self, post_ids: Sequence[str]) -> dict[str, int]:
        """Stored comments by post; posts without any are absent."""
        return {post_id: tally.comments for post_id, tally in (await self.comment_tallies(post_ids)).items()}

    async def comment_tallies(self, post_ids: Sequence[str]) -> dict[str, Tally]:
        """What stored comments say, by post; posts without any are absent."""
        tallies: dict[str, Tally] = {}
        ids = list(dict.fromkeys(post_ids))
        for start in range(0, len(ids), IDS_AT_ONCE):
            for group in await self._count_by_post(ids[start : start + IDS_AT_ONCE]):
                post_id = group["_id"]["by"]
                tallies[post_id] = tallies.get(post_id, Tally()) + tally_of_group(group, posts=False)
        return tallies

    async def _count_by_post(self, post_ids: Sequence[str]) -> list[Document]:
        pipeline: list[Mapping[str, Any]] = [
            {"$match": {"post_id": {"$in": post_ids}}},
            counted_by("post_id"),
        ]

        async def count() -> list[Document]:
            comments = self._database.collection(COMMENTS)
            return await comments.aggregate(pipeline, maxTimeMS=MAX_TIME_MS).to_list(None)

        return await self._database.read("counting comments", count)

    async def _newest(
        self, name: str, equal: Document, *, since: datetime, before: str | None, limit: int
    ) -> AsyncIterator[list[Document]]:
        """Pages of documents, newest first, from ``before`` back to ``since``."""
        start = moment = self._now() if before is None else moment_of(before)
        list_name, upper, found = _name(name, equal), before, 0
        reach = self._pace.reach(list_name, min(limit, PAGE))
        while found < limit:
            moment = since if moment - since <= reach else moment - reach
            bounds = {"$gte": lower_bound(moment)} | ({} if upper is None else {"$lt": upper})
            wanted = min(limit - found, PAGE)
            page = await self._find(name, {**equal, "position": bounds}, order=-1, limit=wanted)
            found += len(page)
            for first in range(0, len(page), CONVERTED_AT_ONCE):
                yield page[first : first + CONVERTED_AT_ONCE]
                await breathe()
            if len(page) == wanted:
                upper = page[-1]["position"]
                moment = moment_of(upper)
            elif moment <= since:
                break
            else:
                upper = bounds["$gte"]
            reach = next_reach(reach, start - moment, found, min(limit - found, PAGE))
        self._pace.note(list_name, found, start - moment)

    async def _find(
        self,
        name: str,
        wanted: Document,
        *,
        projection: Mapping[str, Any] | None = None,
        order: int | None = None,
        limit: int = 0,
    ) -> list[Document]:
        async def find() -> list[Document]:
            cursor = self._database.collection(name, naive=True).find(
                wanted, projection, max_time_ms=MAX_TIME_MS
            )
            if order is not None:
                cursor.sort("position", order)
            if limit:
                cursor.limit(limit).batch_size(limit)
            return await cursor.to_list(None)

        return await self._database.read(f"reading {name}", find)


def _equalities(subreddit: str | None, label: Label | None, tool: str | None) -> Document:
    equal: Document = {}
    if subreddit is not None:
        equal["subreddit_key"] = subreddit.lower()
    if label is not None:
        equal["sentiment.label"] = label.value
    if tool is not None:
        equal["tools"] = tool
    return equal


def _name(name: str, equal: Document) -> tuple[object, ...]:
    """What a list is known by where densities are remembered."""
    return (name, *sorted(equal.items()))


def _by_engagement(posts: list[Document]) -> list[Document]:
    """Posts with most comments and upvotes first."""
    return sorted(
        posts, key=lambda post: (post["comment_count"] + post["upvotes"], post["position"]), reverse=True
    )
