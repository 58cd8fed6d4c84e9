"""Tracked tools and what is said of them. Everything here is frozen.

A *tool* is something people talk about by name. A *mention* is one post or comment speaking of one tool:
however often the name falls, it is one mention with one polarity.

A tool can be linked to another as its alias, or be merged into another; what is said of it then counts for
the other. So every mention keeps its *parts*: what was said of each tool under its own name. From the parts
and a :class:`Catalogue` the mentions follow, and follow anew whenever a link is made or undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sentiment_service.models import Label, Sentiment
from sentiment_service.models import Mention as Mention
from sentiment_service.models import MentionPart as MentionPart

ToolStatus = Literal["active", "archived", "pending", "rejected"]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as it is kept."""

    id: str
    """Never changes; the slug the tool was made with."""
    name: str
    slug: str
    vendor: str
    categories: tuple[str, ...]
    """One to five; the first is the main one."""
    aliases: tuple[str, ...]
    """Other ways of writing it, common misspellings included; matched in any case unless ``ambiguous``."""
    ambiguous: tuple[str, ...]
    """Those of name and aliases that are ordinary words too, such as ``Cursor``: they need context."""
    home_subreddits: tuple[str, ...]
    """Where an ambiguous name means this tool."""
    status: ToolStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    updated_by: str
    description: str = ""
    merged_into: str | None = None
    """Id of the tool it was merged into."""
    alias_of: str | None = None
    """Id of the tool it is linked to as an alias."""
    metadata: Mapping[str, object] = field(default_factory=dict)
    detection_threshold: float = 0.5
    """Confidence in [0, 1] from which a find counts as a mention."""
    revision: int = 1
    """Grows with every change; what ``ETag`` and ``If-Match`` are about."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tools at one moment.

    :param number: grows whenever anything that finds or links tools changes.
    """

    number: int
    tools: tuple[Tool, ...]

    @property
    def found(self) -> tuple[Tool, ...]:
        """Tools that texts are searched for: those whose mentions count for an active one.

        A tool that was merged is archived and searched for still; an archived alias is not.
        """
        targets, active = self.targets(), {tool.id for tool in self.tools if tool.status == "active"}
        return tuple(
            tool
            for tool in self.tools
            if targets.get(tool.id) in active and (tool.id in active or tool.merged_into)
        )

    def target_of(self, tool_id: str) -> str | None:
        """The tool that what is said of this one counts for; ``None`` when there is no such tool (any more).

        Links are followed to their end; a chain that closes on itself ends where it began to repeat.
        """
        return _end_of(tool_id, {tool.id: tool for tool in self.tools})

    def targets(self) -> dict[str, str]:
        """:meth:`target_of` of every tool."""
        by_id = {tool.id: tool for tool in self.tools}
        return {tool_id: target for tool_id in by_id if (target := _end_of(tool_id, by_id)) is not None}


def _end_of(tool_id: str, by_id: Mapping[str, Tool]) -> str | None:
    seen: set[str] = set()
    while (tool := by_id.get(tool_id)) is not None and tool_id not in seen:
        seen.add(tool_id)
        following = tool.merged_into or tool.alias_of
        if following is None:
            return tool_id
        tool_id = following
    return tool_id if tool_id in by_id else None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that is read from one text."""

    sentiment: Sentiment
    """Of the text as a whole."""
    parts: tuple[MentionPart, ...] = ()
    """What it says of each tool under its own name, in the order in which they come up."""
    language: str | None = None
    """``en``, ``other`` or ``und`` (too little to tell); ``None`` where the scorer does not look."""


class LabelOf:
    """From a polarity to its label.

    :param positive_from: in (0, 1].
    :param negative_from: in [-1, 0).
    """

    def __init__(self, positive_from: float, negative_from: float) -> None:
        self._positive_from = positive_from
        self._negative_from = negative_from

    def __call__(self, polarity: float) -> Label:
        """A threshold itself is positive or negative, not neutral."""
        if polarity >= self._positive_from:
            return Label.POSITIVE
        return Label.NEGATIVE if polarity <= self._negative_from else Label.NEUTRAL


def mentions_of(
    parts: Iterable[MentionPart], targets: Mapping[str, str], label_of: LabelOf
) -> tuple[Mention, ...]:
    """Mentions from their parts, in the order in which the tools first come up.

    :param targets: by a part's tool, the tool it counts for; parts of other tools are left out.
    :param label_of: the label of a polarity; asked only where parts are joined.
    """
    joined: dict[str, list[MentionPart]] = {}
    for part in parts:
        if part.tool_id in targets:
            joined.setdefault(targets[part.tool_id], []).append(part)
    return tuple(_mention(tool_id, group, label_of) for tool_id, group in joined.items())


def _mention(tool_id: str, parts: Sequence[MentionPart], label_of: LabelOf) -> Mention:
    first = parts[0]
    if len(parts) == 1:
        return Mention(tool_id, first.polarity, first.label, first.excerpt, tuple(parts))
    polarity = sum(part.polarity for part in parts) / len(parts)
    return Mention(tool_id, polarity, label_of(polarity), first.excerpt, tuple(parts))


def scope_of_tool(tool_id: str, subreddit: str | None = None) -> str:
    """The rollup scope of a tool, everywhere or in one subreddit."""
    return f"tool:{tool_id}" if subreddit is None else f"tool:{tool_id}|subreddit:{subreddit.lower()}"
