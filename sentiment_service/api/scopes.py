"""Which subreddit or tool a call is about; a wrong name must not look like a quiet one."""

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.problems import invalid, not_found
from sentiment_service.api.schema import Input
from sentiment_service.store.tools import named
from sentiment_service.tools import Catalogue, Tool

ALL = "all"
LONGEST_TOOL = 200


class ToolPath(Input):
    id: str = Field(min_length=1, max_length=LONGEST_TOOL, examples=["cursor"])
    """A tool's id or slug."""


async def subreddit_named(context: Context, name: str | None) -> str | None:
    """The subreddit as it is spelled here, whatever its case in the request; ``None`` for all of them.

    :raises Problem: 422 when it is neither watched nor was ever collected.
    """
    if name is None or name.lower() == ALL:
        return None
    watched = {known.lower(): known for known in context.collector.known_subreddits}
    if name.lower() in watched:
        return watched[name.lower()]
    collected = {key: mark.subreddit for key, mark in (await context.store.watermarks.all()).items()}
    if name.lower() in collected:
        return collected[name.lower()]
    known = sorted({**collected, **watched}.values(), key=str.lower)
    raise invalid("subreddit", f"is not a subreddit collected here; known are {', '.join(known)}")


def tool_counted(catalogue: Catalogue, id_or_slug: str) -> Tool | None:
    """The tool of this id or slug, or the one that it counts for; ``None`` when nothing is counted for it."""
    tool = named(catalogue, id_or_slug)
    target = None if tool is None else catalogue.target_of(tool.id)
    found = None if target is None else named(catalogue, target)
    return found if found is not None and found.status in ("active", "archived") else None


async def tool_named(context: Context, tool_id: str | None) -> Tool | None:
    """The tool that a parameter names; ``None`` when none is named.

    :raises Problem: 422 when nobody has that id or slug.
    """
    if tool_id is None:
        return None
    tool = tool_counted(await context.store.tools.catalogue(), tool_id)
    if tool is None:
        raise invalid("tool_id", "is no tool tracked here; /tools lists those that are")
    return tool


async def tool_at(context: Context, id_or_slug: str) -> Tool:
    """The tool that a path names.

    :raises Problem: 404 when nobody has that id or slug.
    """
    tool = tool_counted(await context.store.tools.catalogue(), id_or_slug)
    if tool is None:
        raise not_found("tool")
    return tool


async def tools_shown(context: Context) -> list[Tool]:
    """The active tools by name, without those that count for another."""
    catalogue = await context.store.tools.catalogue()
    shown = [tool for tool in catalogue.tools if tool.status == "active" and not tool.alias_of]
    return sorted(shown, key=lambda tool: tool.name.lower())
