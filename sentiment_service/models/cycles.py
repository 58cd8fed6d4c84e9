"""What jobs do and leave: collections, leases, trending topics."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sentiment_service.models.tallies import Tally

CycleStatus = Literal["running", "completed", "partial", "failed", "abandoned"]


@dataclass(frozen=True, slots=True)
class CycleProblem:
    """Something that went wrong in a cycle."""

    subreddit: str | None
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """One collection, from its start to its end."""

    id: str
    status: CycleStatus
    trigger: Literal["schedule", "admin", "command"]
    start_time: datetime
    end_time: datetime | None = None
    subreddits_processed: tuple[str, ...] = ()
    posts_collected: int = 0
    comments_collected: int = 0
    items_new: int = 0
    items_updated: int = 0
    items_set_aside: int = 0
    api_requests: int = 0
    gaps: int = 0
    percentage: float = 0.0
    errors: tuple[CycleProblem, ...] = ()

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from start to end; ``None`` while running."""
        return None if self.end_time is None else (self.end_time - self.start_time) / timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do something alone until it expires.

    ``fence`` grows with every grant: a writer that lost its lease is recognised by its older number.
    """

    name: str
    owner: str
    fence: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DataVersion:
    """Counts every change to what the API reads."""

    number: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TrendingPost:
    """A post of a trending topic."""

    id: str
    title: str
    permalink: str
    engagement_velocity: float


@dataclass(frozen=True, slots=True)
class TrendingTopic:
    """What many people talk about right now."""

    id: str
    theme: str
    topic: str
    keywords: tuple[str, ...]
    posts: tuple[TrendingPost, ...]
    """At most ten, highest velocity first."""
    engagement_velocity: float
    """Upvotes and comments an hour, summed over the topic's posts, recency boost included."""
    mentions: int
    """Posts and stored comments of the topic."""
    sentiment: Tally
    subreddits: tuple[str, ...]
    peak_time: datetime
    """The hour in which most of the topic's posts were written."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """How the last run of a job ended."""

    job: str
    started_at: datetime
    ended_at: datetime
    status: Literal["completed", "failed", "timed_out", "cancelled"]
    detail: str = ""
    counts: dict[str, int] = field(default_factory=dict)
