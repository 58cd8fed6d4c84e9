"""All tools, for administrators: searched, filtered, sorted, page by page."""

from dataclasses import dataclass
from typing import Any

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer
from sentiment_service.api.tool_answers import ToolAnswer, tool_answer
from sentiment_service.api.tool_inputs import ToolsQuery
from sentiment_service.tools import Tool

routes = Routes(tag="Admin")


@dataclass(frozen=True, slots=True)
class Pagination(Answer):
    """Where a page is."""

    page: int
    limit: int
    total_items: int
    total_pages: int
    has_next: bool
    has_prev: bool


@dataclass(frozen=True, slots=True)
class ToolsPage(Answer):
    """One page of tools."""

    tools: tuple[ToolAnswer, ...]
    total: int
    page: int
    limit: int
    total_pages: int
    has_next: bool
    has_prev: bool
    filters_applied: dict[str, str]
    """The filters that were given, by name."""
    pagination: Pagination
    """The same counts once more."""


@routes.get("/admin/tools", summary="All tools", errors=(503,), admin=True)
async def admin_tools(context: Context, query: ToolsQuery) -> ToolsPage:
    """Tools of every status that match all filters; a page beyond the last is empty."""
    catalogue = await context.store.tools.catalogue()
    found = [tool for tool in catalogue.tools if _matches(tool, query)]
    found.sort(key=lambda tool: (_key(tool, query.sort_by), tool.id), reverse=query.sort_order == "desc")
    pages = -(-len(found) // query.limit)
    start = (query.page - 1) * query.limit
    where = Pagination(query.page, query.limit, len(found), pages, query.page < pages, query.page > 1)
    return ToolsPage(
        tools=tuple(tool_answer(tool) for tool in found[start : start + query.limit]),
        total=where.total_items,
        page=where.page,
        limit=where.limit,
        total_pages=where.total_pages,
        has_next=where.has_next,
        has_prev=where.has_prev,
        filters_applied=_applied(query),
        pagination=where,
    )


def _applied(query: ToolsQuery) -> dict[str, str]:
    given = {name: getattr(query, name) for name in ("search", "status", "category", "vendor")}
    return {name: value for name, value in given.items() if value is not None}


def _matches(tool: Tool, query: ToolsQuery) -> bool:
    if query.status is not None and tool.status != query.status:
        return False
    if query.vendor is not None and tool.vendor.casefold() != query.vendor.casefold():
        return False
    if query.category is not None:
        wanted = query.category.casefold()
        if all(category.casefold() != wanted for category in tool.categories):
            return False
    if query.search is None:
        return True
    words = query.search.casefold()
    return any(words in text.casefold() for text in (tool.name, tool.vendor, tool.description, *tool.aliases))


def _key(tool: Tool, field: str) -> Any:
    value = tool.categories[0] if field == "category" else getattr(tool, field)
    return value.casefold() if isinstance(value, str) else value
