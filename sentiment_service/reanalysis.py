"""Reanalysis: stored items are scored and searched for tools again. Everything here is frozen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sentiment_service.models import Item, Sentiment
from sentiment_service.tools import Mention

ReanalysisStatus = Literal["queued", "running", "completed", "failed", "cancelled"]
TriggerType = Literal["manual", "automatic", "command"]

ACTIVE: tuple[ReanalysisStatus, ...] = ("queued", "running")
MAX_BATCH = 1000


@dataclass(frozen=True, slots=True)
class ReanalysisParameters:
    """What is analysed again.

    :param start: items written before this moment are left alone; ``None`` for the oldest there is.
    :param end: items written at this moment or later are left alone; ``None`` for up to the job's start.
    :param tool_ids: with tools named, every text is searched again but only items that name one of these
        tools, before or after, are changed; without, every item is.
    """

    start: datetime | None = None
    end: datetime | None = None
    tool_ids: tuple[str, ...] = ()
    batch_size: int = 200


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a job is: everything up to this item is done, posts before comments."""

    collection: Literal["posts", "comments"]
    position: str


@dataclass(frozen=True, slots=True)
class Tallied:
    """What became of the items of a job so far; adding two gives both."""

    processed: int = 0
    """Items looked at."""
    changed: int = 0
    """Items whose score or mentions were written anew."""
    tools_detected: int = 0
    """Mentions found."""
    errors: int = 0
    """Items that could not be scored; they keep what they had."""
    categorized: int = 0
    """Items that speak of a tool."""
    uncategorized: int = 0
    """Items that do not."""
    skipped: int = 0
    """Items whose text is not kept any more; they keep what they had."""

    def __add__(self, other: "Tallied") -> "Tallied":
        return Tallied(
            processed=self.processed + other.processed,
            changed=self.changed + other.changed,
            tools_detected=self.tools_detected + other.tools_detected,
            errors=self.errors + other.errors,
            categorized=self.categorized + other.categorized,
            uncategorized=self.uncategorized + other.uncategorized,
            skipped=self.skipped + other.skipped,
        )


@dataclass(frozen=True, slots=True)
class Mishap:
    """An item that could not be analysed; never its text."""

    fullname: str
    error: str


@dataclass(frozen=True, slots=True)
class ReanalysisJob:
    """One job, from the moment it is asked for to its end."""

    id: str
    status: ReanalysisStatus
    trigger_type: TriggerType
    triggered_by: str
    parameters: ReanalysisParameters
    start: datetime
    """Items written before are left alone."""
    end: datetime
    """Items written then or later are left alone."""
    total: int
    """Items to look at, as estimated from the rollups when it was asked for."""
    created_at: datetime
    tallied: Tallied = Tallied()
    checkpoint: Checkpoint | None = None
    mishaps: tuple[Mishap, ...] = ()
    """The first of those there were, at most a hundred."""
    failure: str | None = None
    """Why it failed."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    work_seconds: float = 0.0
    """Time spent on what is processed so far, over all processes that worked on it."""
    cancelling: bool = False
    """Whether it was asked to stop at its next checkpoint."""

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.status in ACTIVE

    @property
    def percentage(self) -> float:
        """How much is done, from 0 to 100; the total is an estimate, so 100 comes with the end only."""
        if self.status == "completed":
            return 100.0
        return min(99.9, 100 * self.tallied.processed / self.total) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time it still takes; ``None`` while there is nothing to judge by."""
        if not self.active or not self.tallied.processed:
            return None
        left = max(0, self.total - self.tallied.processed)
        return left * self.work_seconds / self.tallied.processed


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored item that can be analysed again."""

    item: Item
    position: str
    digest: str
    """Of its text: a score is written only beside the text it was made from."""
    bare: bool
    """Whether its text was dropped."""
    tool_ids: frozenset[str]
    """Tools it names or counts for now."""

    def concerns(self, tool_ids: Collection[str], found: Collection[str]) -> bool:
        """Whether it named one of these tools before, or does now; always when no tools are asked for."""
        return not tool_ids or not self.tool_ids.union(found).isdisjoint(tool_ids)


@dataclass(frozen=True, slots=True)
class Rescored:
    """A stored item with what its text says now; no sentiment where there is nothing to score."""

    stored: Stored
    sentiment: Sentiment | None
    mentions: tuple[Mention, ...]
    language: str | None
