"""Tracked tools as the API shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sentiment_service.api.schema import Answer
from sentiment_service.tools import Tool, ToolStatus


@dataclass(frozen=True, slots=True)
class ToolAnswer(Answer):
    """A tracked tool."""

    id: Annotated[str, Field(examples=["cursor"])]
    """Never changes."""
    name: Annotated[str, Field(examples=["Cursor"])]
    slug: Annotated[str, Field(examples=["cursor"])]
    vendor: Annotated[str, Field(examples=["Anysphere"])]
    category: Annotated[str, Field(examples=["editor"])]
    """The first of ``categories``."""
    categories: Annotated[tuple[str, ...], Field(examples=[["editor", "agent"]])]
    """One to five."""
    aliases: Annotated[tuple[str, ...], Field(examples=[["Cursor AI", "Cursor IDE"]])]
    """Other ways of writing it."""
    ambiguous: Annotated[tuple[str, ...], Field(examples=[["Cursor"]])]
    """Those of name and aliases that are ordinary words too."""
    home_subreddits: Annotated[tuple[str, ...], Field(examples=[["Cursor"]])]
    """Where an ambiguous name means this tool."""
    status: ToolStatus
    description: str
    merged_into: Annotated[str | None, Field(examples=[None])]
    """Id of the tool it was merged into."""
    alias_of: Annotated[str | None, Field(examples=[None])]
    """Id of the tool it is linked to as an alias."""
    metadata: Mapping[str, Any]
    detection_threshold: float
    """Confidence in [0, 1] from which a find counts as a mention."""
    revision: int
    """Grows with every change."""
    created_at: datetime
    updated_at: datetime
    created_by: str
    updated_by: str


def tool_answer(tool: Tool) -> ToolAnswer:
    """A tool as it is kept."""
    return ToolAnswer(
        id=tool.id,
        name=tool.name,
        slug=tool.slug,
        vendor=tool.vendor,
        category=tool.categories[0],
        categories=tool.categories,
        aliases=tool.aliases,
        ambiguous=tool.ambiguous,
        home_subreddits=tool.home_subreddits,
        status=tool.status,
        description=tool.description,
        merged_into=tool.merged_into,
        alias_of=tool.alias_of,
        metadata=tool.metadata,
        detection_threshold=tool.detection_threshold,
        revision=tool.revision,
        created_at=tool.created_at,
        updated_at=tool.updated_at,
        created_by=tool.created_by,
        updated_by=tool.updated_by,
    )
