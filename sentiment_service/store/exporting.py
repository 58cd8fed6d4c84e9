"""Everything of a window, page by page: for exports, whose size has no limit."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime

from sentiment_service.models import Label, StoredComment, StoredPost
from sentiment_service.store import documents
from sentiment_service.store.connection import Database
from sentiment_service.store.item_queries import COMMENTS, POSTS
from sentiment_service.store.scanning import pages_back
from sentiment_service.store.search import equalities


class Exports:
    """Reads what is exported. Nothing is read ahead: a page is read when it is asked for."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def posts(
        self,
        *,
        since: datetime,
        subreddit: str | None = None,
        label: Label | None = None,
        tool: str | None = None,
    ) -> AsyncGenerator[list[StoredPost], None]:
        """Pages of posts, newest first, none older than ``since``.

        :raises DatabaseUnavailableError: the database is away, or went away meanwhile.
        """
        equal = equalities(subreddit=subreddit, label=label, tool=tool)
        async for page in pages_back(self._database, POSTS, equal, now=self._now(), since=since, before=None):
            yield [documents.stored_post(document) for document in page]

    async def comments(
        self,
        *,
        since: datetime,
        subreddit: str | None = None,
        label: Label | None = None,
        tool: str | None = None,
    ) -> AsyncGenerator[list[StoredComment], None]:
        """The same of comments."""
        equal = equalities(subreddit=subreddit, label=label, tool=tool)
        async for page in pages_back(
            self._database, COMMENTS, equal, now=self._now(), since=since, before=None
        ):
            yield [documents.stored_comment(document) for document in page]
