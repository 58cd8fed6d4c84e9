"""Administrators' calls about single tools."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer
from sentiment_service.api.tool_answers import ToolAnswer, tool_answer
from sentiment_service.api.tool_changes import MovedAnswer, ToolDetails, details_of, fresh, make
from sentiment_service.api.tool_inputs import ToolBody, ToolChangesBody, ToolPath
from sentiment_service.models import utc_now
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.tool_counts import count_mentions
from sentiment_service.store.tool_edits import Change
from sentiment_service.tools import Tool

routes = Routes(tag="Admin")

MESSAGES = {
    edits.archive: "{name} is archived: texts are not searched for it any more, its history stays.",
    edits.unarchive: "{name} is active again.",
    edits.approve: "{name} is tracked now.",
    edits.reject: "{name} is rejected and will not be proposed again.",
}


@dataclass(frozen=True, slots=True)
class ToolChanged(Answer):
    """A tool was changed."""

    tool: ToolAnswer
    message: str
    moved: MovedAnswer


@dataclass(frozen=True, slots=True)
class ToolDeleted(Answer):
    """A tool was deleted."""

    message: str
    tool_id: str
    tool_name: str
    sentiment_count: int
    """Posts and comments whose mention of it went."""
    moved: MovedAnswer


@routes.post("/admin/tools", summary="Add a tool", status=201, errors=(409, 503), admin=True)
async def create_tool(context: Context, request: web.Request, body: ToolBody) -> ToolChanged:
    """Texts that are collected from now on are searched for it. 409 when another has one of its names."""
    at = utc_now()
    tool = Tool(
        id="",
        name=body.name,
        slug="",
        vendor=body.vendor,
        categories=body.categories,
        aliases=body.aliases or (),
        ambiguous=body.ambiguous or (),
        home_subreddits=body.home_subreddits or (),
        status="active",
        created_at=at,
        updated_at=at,
        created_by="",
        updated_by="",
        description=body.description or "",
        metadata=body.metadata or {},
        detection_threshold=body.detection_threshold,
    )
    made = await make(context, request, edits.create, tool=tool)
    return ToolChanged(tool_answer(made.change.tool), f"{body.name} is tracked now.", made.moved)


@routes.get("/admin/tools/{id}", summary="One tool", errors=(503,), admin=True)
async def admin_tool(context: Context, path: ToolPath) -> ToolDetails:
    """A tool of any status; its ``ETag`` is what ``If-Match`` wants when it is changed."""
    catalogue = await context.store.tools.catalogue()
    return details_of(catalogue, edits.find(catalogue, path.id))


@routes.put("/admin/tools/{id}", summary="Change a tool", errors=(409, 503), admin=True, if_match=True)
async def update_tool(
    context: Context, request: web.Request, path: ToolPath, body: ToolChangesBody
) -> ToolChanged:
    """Fields that are not named stay as they are. Names apply to texts that are collected from now on.

    412 when ``If-Match`` is sent and the tool has changed; 409 when another has one of the names.
    """
    made = await make(context, request, edits.update, name=path.id, values=body.given(), check=fresh(request))
    tool = made.change.tool
    message = f"{tool.name} is as it was." if made.change.nothing else f"{tool.name} is changed."
    return ToolChanged(tool_answer(tool), message, made.moved)


@routes.delete("/admin/tools/{id}", summary="Delete a tool", errors=(409, 503), admin=True, if_match=True)
async def delete_tool(context: Context, request: web.Request, path: ToolPath) -> ToolDeleted:
    """Deletes a tool, what was merged into it, and all mentions of both; posts and comments stay.

    Tools that are linked to it as aliases stand alone again. 412 when ``If-Match`` is sent and the tool has
    changed.
    """
    store = context.store
    tool = edits.find(await store.tools.catalogue(), path.id)
    count = await count_mentions(store.database, tool.id)
    made = await make(context, request, edits.delete, name=tool.id, check=fresh(request))
    return ToolDeleted(f"{tool.name} is deleted.", tool.id, tool.name, count, made.moved)


@routes.post("/admin/tools/{id}/archive", summary="Archive a tool", errors=(409, 503), admin=True)
async def archive_tool(context: Context, request: web.Request, path: ToolPath) -> ToolChanged:
    """New texts are not searched for it any more; what was said of it stays readable by its id."""
    return await _turn(context, request, path, edits.archive)


@routes.post("/admin/tools/{id}/unarchive", summary="Track a tool again", errors=(409, 503), admin=True)
async def unarchive_tool(context: Context, request: web.Request, path: ToolPath) -> ToolChanged:
    """New texts are searched for it again. 409 for a tool that was merged, and when its names were taken."""
    return await _turn(context, request, path, edits.unarchive)


@routes.post("/admin/tools/{id}/approve", summary="Track a proposed tool", errors=(409, 503), admin=True)
async def approve_tool(context: Context, request: web.Request, path: ToolPath) -> ToolChanged:
    """A pending tool, or one that was rejected, becomes active."""
    return await _turn(context, request, path, edits.approve)


@routes.post("/admin/tools/{id}/reject", summary="Reject a proposed tool", errors=(409, 503), admin=True)
async def reject_tool(context: Context, request: web.Request, path: ToolPath) -> ToolChanged:
    """A pending tool is not proposed again."""
    return await _turn(context, request, path, edits.reject)


async def _turn(
    context: Context, request: web.Request, path: ToolPath, edit: Callable[..., Change]
) -> ToolChanged:
    made = await make(context, request, edit, name=path.id)
    tool = made.change.tool
    return ToolChanged(tool_answer(tool), MESSAGES[edit].format(name=tool.name), made.moved)
