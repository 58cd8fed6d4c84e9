"""What administrators send about tools."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from sentiment_service.api.schema import Body, Input, OptionalText

MAX_NAME = 100
MAX_ALIASES = 200
MAX_METADATA_CHARACTERS = 16_384
MAX_MERGED = 50


def _name(text: str) -> str:
    if text != " ".join(text.split()) or not text.isprintable() or not any(map(str.isalnum, text)):
        raise ValueError("should have a letter or digit, and single blanks only between words")
    return text


def _metadata(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value, allow_nan=False)) > MAX_METADATA_CHARACTERS:
        raise ValueError(f"should have at most {MAX_METADATA_CHARACTERS:,} characters as JSON")
    return value


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("should name nothing twice")
    return names


def _nothing_if_empty(value: object) -> object:
    return None if value == "" else value


Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(_name)]
Names = Annotated[tuple[Name, ...], Field(max_length=MAX_ALIASES)]
Categories = Annotated[tuple[Name, ...], Field(min_length=1, max_length=5), AfterValidator(_different)]
Description = Annotated[str, Field(max_length=2000)]
Metadata = Annotated[dict[str, Any], AfterValidator(_metadata)]
Threshold = Annotated[float, Field(ge=0, le=1)]
Id = Annotated[str, Field(min_length=1, max_length=2 * MAX_NAME)]


class ToolPath(Input):
    id: Id = Field(examples=["cursor"])
    """Id or slug of a tool."""


class ToolBody(Body):
    """A new tool."""

    name: Name = Field(examples=["Amp"])
    vendor: Name = Field(examples=["Sourcegraph"])
    categories: Categories = Field(examples=[["agent"]])
    """One to five; the first is the main one."""
    description: Description | None = None
    aliases: Names | None = Field(None, examples=[["Amp Code", "ampcode"]])
    """Other ways of writing it, common misspellings included."""
    ambiguous: Names | None = Field(None, examples=[["Amp"]])
    """Those of name and aliases that are ordinary words too: they need context."""
    home_subreddits: Names | None = Field(None, examples=[["AmpCode"]])
    """Where an ambiguous name means this tool."""
    metadata: Metadata | None = Field(None, examples=[{"homepage": "https://ampcode.com"}])
    """Anything else; kept and given back as it is."""
    detection_threshold: Threshold = 0.5
    """Confidence from which a find of an ambiguous name counts."""


class ToolChangesBody(Body):
    """New values of a tool; what is not named stays as it is."""

    # Factories: a default would be told to clients as what they get when they leave a field out.
    name: Name = Field(default_factory=str, examples=["Amp"])
    vendor: Name = Field(default_factory=str, examples=["Sourcegraph"])
    categories: Categories = Field(default_factory=tuple, examples=[["agent"]])
    description: Description = Field(default_factory=str, examples=["A coding agent"])
    aliases: Names = Field(default_factory=tuple, examples=[["Amp Code", "ampcode"]])
    """All of them: those not named go."""
    ambiguous: Names = Field(default_factory=tuple, examples=[["Amp"]])
    home_subreddits: Names = Field(default_factory=tuple, examples=[["AmpCode"]])
    metadata: Metadata = Field(default_factory=dict, examples=[{"homepage": "https://ampcode.com"}])
    detection_threshold: Threshold = Field(default_factory=float, examples=[0.5])

    def given(self) -> dict[str, Any]:
        """The values that were named."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class AliasBody(Body):
    primary_tool_id: Id = Field(examples=["cursor"])
    """Id or slug of the tool that what is said of this one is to count for."""


class MergeBody(Body):
    target_tool_id: Id = Field(examples=["claude"])
    """Id or slug of the tool that stays."""
    source_tool_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MAX_MERGED)] = Field(
        examples=[["claude-code"]]
    )
    """Ids or slugs of the tools that are archived."""
    final_categories: Categories = Field(examples=[["assistant"]])
    """Categories of the target afterwards."""
    final_vendor: Name = Field(examples=["Anthropic"])
    """Vendor of the target afterwards."""
    notes: Annotated[str, Field(max_length=1000)] | None = None
    """Why; kept in the record."""


Page = Annotated[int, Field(ge=1, le=1_000_000)]
OptionalStatus = Annotated[
    Literal["active", "archived", "pending", "rejected", ""] | None, AfterValidator(_nothing_if_empty)
]
"""Empty is the same as not given."""


class ToolsQuery(Input):
    page: Page = 1
    limit: int = Field(50, ge=1, le=500)
    search: OptionalText = Field(None, max_length=MAX_NAME)
    """Part of a name, alias, vendor or description, in any case."""
    status: OptionalStatus = None
    category: OptionalText = Field(None, max_length=MAX_NAME)
    """One of a tool's categories, in any case."""
    vendor: OptionalText = Field(None, max_length=MAX_NAME)
    """In any case."""
    sort_by: Literal["name", "vendor", "category", "status", "created_at", "updated_at"] = "name"
    sort_order: Literal["asc", "desc"] = "asc"


class HistoryQuery(Input):
    page: Page = 1
    limit: int = Field(50, ge=1, le=500)


class AuditQuery(HistoryQuery):
    action_type: Annotated[
        Literal[
            "created",
            "updated",
            "deleted",
            "archived",
            "unarchived",
            "approved",
            "rejected",
            "alias_linked",
            "alias_unlinked",
            "merged",
            "proposed",
            "",
        ]
        | None,
        AfterValidator(_nothing_if_empty),
    ] = None
    """Empty is the same as not given."""
