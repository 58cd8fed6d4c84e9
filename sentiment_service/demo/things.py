"""What the look-alike holds: communities, posts and comments, kept small.

A generated thing carries no text: that is written when somebody asks, from the thing's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, NamedTuple

Access = Literal["open", "private", "banned", "quarantined"]
ListingName = Literal["new", "comments"]


class Ending(Enum):
    """What can become of a thing."""

    DELETED = "deleted by its author"
    REMOVED = "removed by a moderator"
    REMOVED_BY_REDDIT = "removed by Reddit"
    ACCOUNT_GONE = "its author's account was deleted, the text stays"
    VANISHED = "nowhere to be found any more"


UNLISTED = frozenset({Ending.DELETED, Ending.REMOVED, Ending.VANISHED})
"""Endings that take a thing out of listings and counts."""


class Fate(NamedTuple):
    """What becomes of a thing, and when (Unix seconds)."""

    ending: Ending
    at: float


class Edit(NamedTuple):
    """A change of text; ``text`` is ``None`` when the writer is to make one up."""

    at: float
    text: str | None


class Words(NamedTuple):
    """What a person wrote, and what others thought of it in the end."""

    title: str
    """Empty for a comment."""
    text: str
    author: str | None
    flair: str | None
    link: str | None
    """Where a link post leads; ``None`` for a text post or a comment."""
    score: int
    """Score that the thing reaches with time."""


@dataclass(slots=True, eq=False)
class Community:
    """A subreddit and everything in it, oldest first."""

    name: str
    access: Access = "open"
    subscribers: int = 1000
    posts: list[Post] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Thing:
    """A post or a comment."""

    id: str
    created: float
    """Unix seconds."""
    community: Community
    key: int
    """From which everything about the thing is drawn that is not given."""
    fate: Fate | None = None
    edit: Edit | None = None
    words: Words | None = None
    """Given words; ``None`` when the writer makes them up."""
    raw: Mapping[str, Any] | None = None
    """Recorded data, served as it is."""

    def ending(self, at: float) -> Ending | None:
        """What has become of it by then."""
        fate = self.fate
        return fate.ending if fate is not None and fate.at <= at else None

    def listed(self, at: float) -> bool:
        """Whether listings show it then."""
        fate = self.fate
        return fate is None or fate.at > at or fate.ending not in UNLISTED

    def vanished(self, at: float) -> bool:
        """Whether nothing is left of it then, not even a placeholder."""
        return self.ending(at) is Ending.VANISHED


@dataclass(slots=True, eq=False)
class Post(Thing):
    """A post with its comments, oldest first."""

    comments: list[Comment] = field(default_factory=list)

    @property
    def fullname(self) -> str:
        """Reddit's name for it."""
        return f"t3_{self.id}"

    def comment_count(self, at: float) -> int:
        """Comments that exist then; deleted and removed ones do not count."""
        return sum(1 for comment in self.comments if comment.created <= at and comment.listed(at))


@dataclass(slots=True, eq=False)
class Comment(Thing):
    """A comment; ``post`` and ``parent`` are ``None`` when a corpus lacks them."""

    post: Post | None = None
    parent: Comment | None = None
    depth: int = 0

    @property
    def fullname(self) -> str:
        """Reddit's name for it."""
        return f"t1_{self.id}"

    @property
    def parent_id(self) -> str:
        """Fullname of what it answers."""
        if self.parent is not None:
            return self.parent.fullname
        return self.post.fullname if self.post is not None else ""
