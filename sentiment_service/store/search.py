"""Posts by the words in them.

There is no index of words: it would be one entry for each word of each post, and makes writing posts many
times slower on every server (fifteen times on the embedded one). Posts are read from the newest back
instead, as many as a limit allows; where the limit ends a search, the next page goes on from there. So a
common word is answered from a few pages, and a rare one from all posts of the window. Nothing is stored
that would have to be forgotten when a post is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from sentiment_service.models import Label, StoredPost, position_of
from sentiment_service.store import documents
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import POSTS
from sentiment_service.store.scanning import pages_back
from sentiment_service.store.words import SoughtWords

MAX_SCANNED = 20_000
"""Posts one search looks at."""
CHARACTERS_AT_ONCE = 100_000
"""Characters looked at before others get their turn on the event loop."""
POST_OVERHEAD = 500
"""What a post costs beside its text, in characters that could be looked at meanwhile."""
AT_ONCE = 2
"""Searches that read at once; others wait for them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found."""

    posts: tuple[StoredPost, ...]
    """Newest first."""
    goes_on_after: str | None
    """Position after which the next page begins; ``None`` when the window was looked through."""


class Search:
    """Looks for posts.

    :param max_scanned: posts one search looks at.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], *, max_scanned: int = MAX_SCANNED
    ) -> None:
        self.under_way = 0
        """Searches that read or wait for their turn."""
        self._database = database
        self._now = now
        self._max_scanned = max_scanned
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def posts(
        self,
        sought: SoughtWords,
        *,
        since: datetime,
        limit: int,
        before: str | None = None,
        subreddit: str | None = None,
        label: Label | None = None,
        tool: str | None = None,
    ) -> Found:
        """Posts whose title and text together have all the words, newest first.

        :param since: none older than this second.
        :param before: where the page before ended.
        :raises DatabaseUnavailableError: the database is away.
        """
        equal = equalities(subreddit=subreddit, label=label, tool=tool)
        self.under_way += 1
        try:
            async with self._turn:
                pages = pages_back(self._database, POSTS, equal, now=self._now(), since=since, before=before)
                async with aclosing(pages):
                    return await self._look(pages, sought, limit)
        finally:
            self.under_way -= 1

    async def _look(self, pages: AsyncIterator[list[Document]], sought: SoughtWords, limit: int) -> Found:
        """Look until one more is found than is wanted, which tells that there is a next page."""
        found: list[StoredPost] = []
        scanned = characters = 0
        async for page in pages:
            for document in page:
                text = f"{documents.unwire(document['title'])}\n{documents.unwire(document['text'])}"
                if sought.are_in(text):
                    if len(found) == limit:
                        return Found(tuple(found), _position(found[-1]))
                    found.append(documents.stored_post(document))
                characters += len(text) + POST_OVERHEAD
                if characters > CHARACTERS_AT_ONCE:
                    await asyncio.sleep(0)
                    characters = 0
            scanned += len(page)
            if scanned >= self._max_scanned:
                return Found(tuple(found), page[-1]["position"])
        return Found(tuple(found), None)


def equalities(*, subreddit: str | None, label: Label | None, tool: str | None) -> Document:
    """What the fields of the items equal that are asked for."""
    equal: Document = {}
    if subreddit is not None:
        equal["subreddit_key"] = subreddit.lower()
    if label is not None:
        equal["sentiment.label"] = label.value
    if tool is not None:
        equal["tools"] = tool
    return equal


def _position(stored: StoredPost) -> str:
    return position_of(stored.post.created_at, stored.post.fullname)
