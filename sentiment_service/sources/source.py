"""What every source of posts and comments offers; ``reddit.RedditSource`` is the first."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from sentiment_service.models import Listing, Page, SubredditStatus
from sentiment_service.sources.usage import Usage


class Source(Protocol):
    """A place where posts and comments come from.

    Every call raises ``SourceError`` when the source refuses, fails or answers nonsense.
    """

    async def open(self) -> None:
        """Make ready; idempotent. Does not wait for the source to answer."""
        ...

    async def close(self) -> None:
        """Give everything back; idempotent."""
        ...

    async def listing(
        self, subreddits: Sequence[str], listing: Listing, *, after: str | None = None, limit: int = 100
    ) -> Page:
        """One page of new content of one or several subreddits, newest first."""
        ...

    def thread(self, post_id: str, *, max_requests: int) -> AsyncIterator[Page]:
        """A post and its comments, in as many pages as they need."""
        ...

    async def info(self, fullnames: Sequence[str]) -> Page:
        """The items with these fullnames, at most 100; the ones that do not exist are absent."""
        ...

    async def probe(self, subreddit: str) -> SubredditStatus:
        """How a subreddit is doing, asked for alone."""
        ...

    @property
    def usage(self) -> Usage:
        """What requests cost so far."""
        ...
