"""Who changed what of a tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.problems import not_found
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer
from sentiment_service.api.tool_inputs import AuditQuery, ToolPath
from sentiment_service.store.audit import Entry

routes = Routes(tag="Admin")


@dataclass(frozen=True, slots=True)
class FieldChange(Answer):
    """One field of a tool before and after a change."""

    field: str
    before: Annotated[object, Field(examples=["Copilot"])]
    """Null when the tool was new."""
    after: Annotated[object, Field(examples=["GitHub Copilot"])]
    """Null when the tool was deleted."""


@dataclass(frozen=True, slots=True)
class AuditRecord(Answer):
    """One change of one tool."""

    id: str
    tool_id: str
    action_type: str
    performed_by: str
    client_hash: str
    """A keyed hash of the address that asked for it: the same address has the same hash while the admin token
    stays, and cannot be read from it."""
    timestamp: datetime
    changes: tuple[FieldChange, ...]
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AuditLog(Answer):
    """Changes of a tool, newest first."""

    audit_records: tuple[AuditRecord, ...]
    total: int
    page: int
    limit: int
    has_more: bool


@routes.get("/admin/tools/{id}/audit-log", summary="Changes of a tool", errors=(503,), admin=True)
async def audit_log(context: Context, path: ToolPath, query: AuditQuery) -> AuditLog:
    """Every change of a tool, also of one that was deleted: when, what, and from where."""
    skip = (query.page - 1) * query.limit
    subject = await subject_of(context, path.id)
    found, total = await context.store.audit.page(
        subject, action=query.action_type, skip=skip, limit=query.limit
    )
    records = tuple(_record(entry) for entry in found)
    return AuditLog(records, total, query.page, query.limit, skip + len(records) < total)


async def subject_of(context: Context, name: str) -> str:
    """The id under which a tool is in the record, also when it was deleted.

    :raises Problem: 404 when there never was such a tool.
    """
    tool = await context.store.tools.find(name)
    if tool is not None:
        return tool.id
    _, total = await context.store.audit.page(name, skip=0, limit=1)
    if not total:
        raise not_found("tool")
    return name


def _record(entry: Entry) -> AuditRecord:
    return AuditRecord(
        id=entry.id,
        tool_id=entry.subject,
        action_type=entry.action,
        performed_by=entry.by,
        client_hash=entry.client,
        timestamp=entry.at,
        changes=tuple(FieldChange(name, before, after) for name, (before, after) in entry.changes.items()),
        details=entry.details,
    )
