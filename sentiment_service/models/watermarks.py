"""How far each subreddit was read, and of what hours nothing is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sentiment_service.models.moments import Span

SubredditStatus = Literal["ok", "private", "banned", "not_found", "error"]


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of time in which a subreddit could not be read, and why."""

    start: datetime
    end: datetime
    reason: str
    """The kind of a ``SourceError``, or ``gap``: more was written than Reddit still listed."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An item near the newest end of what was collected."""

    fullname: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListingMark:
    """How far one listing of one subreddit was collected."""

    anchors: tuple[Anchor, ...] = ()
    """The newest items seen, newest first, at most ten: several, so that a deleted one does not matter."""
    covered: tuple[Span, ...] = ()
    """When this listing is known to be complete; the time between two spans is a gap."""

    @property
    def newest_at(self) -> datetime | None:
        """Creation time of the newest item seen."""
        return self.anchors[0].created_at if self.anchors else None


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far one subreddit was collected, and how its source is doing."""

    subreddit: str
    """As spelled in the settings."""
    posts: ListingMark = ListingMark()
    comments: ListingMark = ListingMark()
    status: SubredditStatus = "ok"
    last_error: str | None = None
    last_collected_at: datetime | None = None
    """Start of the last walk that reached everything it should."""
    last_item_at: datetime | None = None
    checked_at: datetime | None = None
    """When it was last asked for by itself, outside a group listing."""
    failures: int = 0
    """Reads that failed in a row."""
    retry_at: datetime | None = None
    """Until then its breaker is open: scheduled collections leave it alone."""
    outages: tuple[Outage, ...] = ()
    """When and why it could not be read; time that was covered later stays in here and does not matter."""
