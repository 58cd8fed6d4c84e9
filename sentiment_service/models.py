"""The domain: what is fetched, what is scored, what is stored. Everything here is frozen.

Times are aware and in UTC. A *fullname* is Reddit's id with its kind: ``t3_…`` is a post,
``t1_…`` a comment.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

LOW_SAMPLE = 10
"""Fewer scored items than this make a figure a low sample."""

PLACEHOLDERS = frozenset({"[deleted]", "[removed]", "[ Removed by Reddit ]"})
"""What Reddit shows instead of a text that is gone."""


class Label(StrEnum):
    """What a text feels like, in three classes."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class Listing(StrEnum):
    """A subreddit's two streams of new content; the value is the last part of Reddit's path."""

    POSTS = "new"
    COMMENTS = "comments"


SubredditStatus = Literal["ok", "private", "banned", "not_found", "error"]
CycleStatus = Literal["running", "completed", "partial", "failed", "abandoned"]


def utc_now() -> datetime:
    """The current time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """A post as its source gave it; text byte for byte, never escaped or cleaned."""

    fullname: str
    subreddit: str
    author: str | None
    """``None`` when the account or the post was deleted."""
    title: str
    text: str
    url: str
    permalink: str
    """Absolute address on Reddit."""
    flair: str | None
    created_at: datetime
    edited_at: datetime | None
    upvotes: int
    score: int
    comment_count: int
    """Comments as Reddit counts them, not as stored."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as its source gave it."""

    fullname: str
    post_id: str
    """Fullname of the post."""
    parent_id: str
    """Fullname of the post or comment it answers."""
    subreddit: str
    author: str | None
    text: str
    permalink: str
    flair: str | None
    """The author's flair."""
    created_at: datetime
    edited_at: datetime | None
    upvotes: int
    score: int


Item = Post | Comment


def position_of(created_at: datetime, fullname: str) -> str:
    """Creation time and fullname as one string that sorts like the pair: ``2026-11-23T16:00:00Z|t3_abc``.

    One sortable field serves ranges on time, sorting and keyset paging with a single flat filter.
    """
    return f"{created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}|{fullname}"


def digest_of(item: Item) -> str:
    """16 hexadecimal digits that change when the scored text of an item does."""
    whole = f"{item.title}\x00{item.text}" if isinstance(item, Post) else item.text
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SetAside:
    """An item that could not be used: its id and the class of the error, never its body."""

    fullname: str
    error: str
    detail: str
    stage: Literal["parse", "score", "store"]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a listing: items newest first, the ones set aside, and where the next page begins."""

    items: tuple[Item, ...]
    set_aside: tuple[SetAside, ...]
    after: str | None
    """Cursor of the next (older) page; ``None`` on the last."""
    raw_count: int
    """Things the source sent, usable or not: tells a full page from a short one."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The score of one text."""

    label: Label
    polarity: float
    """From -1 (negative) to 1 (positive)."""
    subjectivity: float
    """From 0 (objective) to 1 (subjective)."""
    confidence: float
    """From 0 to 1: how sure the scorer is of the label."""
    scorer: str
    """``name@version`` of the scorer."""
    analyzed_at: datetime


@dataclass(frozen=True, slots=True)
class MentionPart:
    """What one text says of one tool under its own name."""

    tool_id: str
    polarity: float
    """From -1 (negative) to 1 (positive)."""
    label: Label
    excerpt: str
    """The words it was read from, at most 200 characters; empty when the text is not kept."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What one text says of one tool, those linked to it included."""

    tool_id: str
    polarity: float
    """The mean of its parts."""
    label: Label
    excerpt: str
    """That of the first part."""
    parts: tuple[MentionPart, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The counts of a post at one moment, for growth between two moments."""

    at: datetime
    upvotes: int
    comment_count: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the store already holds of an item; enough to tell new from changed from unchanged."""

    fullname: str
    digest: str
    scorer: str | None
    score: int
    upvotes: int
    comment_count: int
    """0 for comments."""
    seen_at: datetime
    has_sentiment: bool
    author: str | None = None
    flair: str | None = None
    edited_at: datetime | None = None
    seen: Sighting | None = None
    """The stored sighting; at ``seen_at``, with the counts of then."""
    bare: bool = False
    """Whether its text was dropped to keep the numbers only; it is not stored again."""
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An item with its score; ``sentiment`` is ``None`` when there is no text to score."""

    item: Item
    sentiment: Sentiment | None
    keep_sentiment: bool = False
    """Whether the text did not change, so that what was read from it stands and the rest is to be ignored."""
    mentions: tuple[Mention, ...] = ()
    language: str | None = None
    """``en``, ``other`` or ``und`` (too little to tell); ``None`` where the scorer does not look."""


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as stored."""

    post: Post
    sentiment: Sentiment | None
    collected_at: datetime
    seen: Sighting
    """The latest sighting."""
    previous: Sighting | None
    """The sighting before, at least 15 minutes older than the latest."""
    tools: tuple[str, ...] = ()
    thread_count: int | None = None
    """``comment_count`` when the thread was last opened for missing comments; ``None`` when it never was."""
    mentions: tuple[Mention, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class StoredComment:
    """A comment as stored."""

    comment: Comment
    sentiment: Sentiment | None
    collected_at: datetime
    tools: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What one write did."""

    new: int
    updated: int
    unchanged: int
    refused: tuple[SetAside, ...] = ()
    """Items the database can never store, counted nowhere else."""


class Tally(NamedTuple):
    """Counts and sums of the scored items of one bucket; adding two gives the tally of both.

    For a tool, of its mentions: labels and polarities are those of the mentions, not of whole items.
    A named tuple, because windows are added up from thousands of them and these are made twice as fast.
    """

    posts: int = 0
    comments: int = 0
    positive: int = 0
    negative: int = 0
    neutral: int = 0
    unscored: int = 0
    """Items without a text to score; not part of ``total``."""
    polarity_sum: float = 0.0
    polarity_square_sum: float = 0.0
    scorers: frozenset[str] = frozenset()
    comment_sum: int = 0
    """Comments of the posts, as Reddit counts them; only for tools."""
    upvote_sum: int = 0
    """Upvotes of posts and comments; only for tools."""

    @property
    def total(self) -> int:
        """Scored items."""
        return self.positive + self.negative + self.neutral

    @property
    def avg_sentiment(self) -> float:
        """Mean polarity in [-1, 1]; 0.0 when nothing was scored, which ``total`` tells."""
        return self.polarity_sum / self.total if self.total else 0.0

    @property
    def avg_interval_95(self) -> tuple[float, float] | None:
        """95 % interval of the mean: mean ± 1.96 · s/√n with the sample standard deviation s, cut to [-1, 1].

        ``None`` below two scored items, where no spread can be estimated.
        """
        n = self.total
        if n < 2:
            return None
        mean = self.polarity_sum / n
        variance = max(0.0, (self.polarity_square_sum - n * mean * mean) / (n - 1))
        half = 1.96 * math.sqrt(variance / n)
        return max(-1.0, mean - half), min(1.0, mean + half)

    @property
    def low_sample(self) -> bool:
        """Whether there are too few items to trust the figures."""
        return self.total < LOW_SAMPLE

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]
        return Tally(
            self.posts + other.posts,
            self.comments + other.comments,
            self.positive + other.positive,
            self.negative + other.negative,
            self.neutral + other.neutral,
            self.unscored + other.unscored,
            self.polarity_sum + other.polarity_sum,
            self.polarity_square_sum + other.polarity_square_sum,
            self.scorers | other.scorers,
            self.comment_sum + other.comment_sum,
            self.upvote_sum + other.upvote_sum,
        )


@dataclass(frozen=True, slots=True)
class DayRollup:
    """The rollup of one scope and one UTC day: the whole day, and the hours in which something was said."""

    scope: str
    """``all``, ``subreddit:<name in lower case>``, ``tool:<id>``, or the latter two joined by ``|``."""
    day: datetime
    """Midnight, UTC."""
    whole: Tally
    hours: dict[int, Tally]
    """By hour of the day, 0 to 23; hours without items are absent."""


def scope_of(subreddit: str | None) -> str:
    """The rollup scope of a subreddit, or of everything."""
    return "all" if subreddit is None else f"subreddit:{subreddit.lower()}"


def day_of(moment: datetime) -> datetime:
    """Midnight UTC of the day a moment is in."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def hour_of(moment: datetime) -> datetime:
    """The full hour, UTC, a moment is in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, start included, end not."""

    start: datetime
    end: datetime


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The same time as ascending spans that neither overlap nor touch."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        elif span.start < span.end:
            merged.append(span)
    return merged


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
