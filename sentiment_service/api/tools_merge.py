"""Making several tools one: aliases, which can be undone, and merges, which cannot; and their records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer
from sentiment_service.api.tool_answers import ToolAnswer, tool_answer
from sentiment_service.api.tool_changes import LinkedTool, MovedAnswer, make
from sentiment_service.api.tool_inputs import AliasBody, HistoryQuery, MergeBody, ToolPath
from sentiment_service.api.tools_audit import subject_of
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.audit import Entry
from sentiment_service.store.tool_edits import Merging

routes = Routes(tag="Admin")


@dataclass(frozen=True, slots=True)
class AliasLinked(Answer):
    """A tool was linked to another."""

    alias: LinkedTool
    message: str
    moved: MovedAnswer


@dataclass(frozen=True, slots=True)
class AliasUnlinked(Answer):
    """A tool stands alone again."""

    message: str
    moved: MovedAnswer


@dataclass(frozen=True, slots=True)
class MergeRecord(Answer):
    """Tools were merged."""

    id: str
    target_tool_id: str
    source_tool_ids: tuple[str, ...]
    final_categories: tuple[str, ...]
    final_vendor: str
    notes: str
    merged_at: datetime
    merged_by: str


@dataclass(frozen=True, slots=True)
class Merged(Answer):
    """What a merge did."""

    merge_record: MergeRecord
    target_tool: ToolAnswer
    archived_tools: tuple[ToolAnswer, ...]
    warnings: tuple[str, ...]
    """What an administrator may not have meant, such as tools of different vendors."""
    message: str
    moved: MovedAnswer


@dataclass(frozen=True, slots=True)
class MergeHistory(Answer):
    """Merges of a tool, newest first."""

    merge_records: tuple[MergeRecord, ...]
    total: int
    page: int
    limit: int
    has_more: bool


@routes.put("/admin/tools/{id}/alias", summary="Link a tool to another", errors=(409, 503), admin=True)
async def link_alias(context: Context, request: web.Request, path: ToolPath, body: AliasBody) -> AliasLinked:
    """What is said of this tool, also what was said, counts for the other until the link is undone.

    409 for a cycle or a chain of aliases, and when the other is not active.
    """
    made = await make(context, request, edits.link, name=path.id, primary=body.primary_tool_id)
    catalogue = await context.store.tools.catalogue()
    tool, primary = edits.find(catalogue, path.id), edits.find(catalogue, body.primary_tool_id)
    message = f"What is said of {tool.name} counts for {primary.name}."
    return AliasLinked(LinkedTool(tool.id, tool.name, primary.id), message, made.moved)


@routes.delete("/admin/tools/{id}/alias", summary="Undo the link of a tool", errors=(409, 503), admin=True)
async def unlink_alias(context: Context, request: web.Request, path: ToolPath) -> AliasUnlinked:
    """What is said of this tool, also what was said, counts for itself again. 409 when it is not linked."""
    made = await make(context, request, edits.unlink, name=path.id)
    return AliasUnlinked(f"{made.change.tool.name} stands alone again.", made.moved)


@routes.post("/admin/tools/merge", summary="Merge tools into one", errors=(404, 409, 503), admin=True)
async def merge_tools(context: Context, request: web.Request, body: MergeBody) -> Merged:
    """Everything said of the sources counts for the target for good; the sources are archived.

    New texts are still searched for the sources' names, and count for the target.
    """
    merging = Merging(
        target=body.target_tool_id,
        sources=body.source_tool_ids,
        categories=body.final_categories,
        vendor=body.final_vendor,
        notes=body.notes or "",
    )
    made = await make(context, request, edits.merge, merging=merging)
    change = made.change
    sources = change.details["source_tool_ids"]
    archived = tuple(tool_answer(tool) for tool in change.after if tool.id in sources)
    stamp = change.stamp
    return Merged(
        merge_record=_record(stamp.id, stamp.at, stamp.by, change.details),
        target_tool=tool_answer(change.tool),
        archived_tools=archived,
        warnings=tuple(change.details["warnings"]),
        message=f"{len(archived)} tools are merged into {change.tool.name}.",
        moved=made.moved,
    )


@routes.get("/admin/tools/{id}/merge-history", summary="Merges of a tool", errors=(503,), admin=True)
async def merge_history(context: Context, path: ToolPath, query: HistoryQuery) -> MergeHistory:
    """Merges in which a tool was target or source, also of a tool that was deleted."""
    skip = (query.page - 1) * query.limit
    subject = await subject_of(context, path.id)
    found, total = await context.store.audit.page(subject, action="merged", skip=skip, limit=query.limit)
    records = tuple(_record_of(entry) for entry in found)
    return MergeHistory(records, total, query.page, query.limit, skip + len(records) < total)


def _record_of(entry: Entry) -> MergeRecord:
    return _record(entry.id.partition(":")[0], entry.at, entry.by, entry.details)


def _record(id_: str, at: datetime, by: str, details: Any) -> MergeRecord:
    return MergeRecord(
        id=id_,
        target_tool_id=details["target_tool_id"],
        source_tool_ids=tuple(details["source_tool_ids"]),
        final_categories=tuple(details["final_categories"]),
        final_vendor=details["final_vendor"],
        notes=details["notes"],
        merged_at=at,
        merged_by=by,
    )
