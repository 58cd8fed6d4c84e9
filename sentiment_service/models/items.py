"""What is fetched, scored and stored: posts, comments, their scores and mentions."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

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
