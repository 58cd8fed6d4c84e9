"""Making a change of tools for a client: under which version, for whom, and how far its move is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import hdrs, web

from sentiment_service.api.admin_token import GATE
from sentiment_service.api.context import Context
from sentiment_service.api.responses import encode_json, tag_of
from sentiment_service.api.schema import Answer
from sentiment_service.api.tool_answers import ToolAnswer, tool_answer
from sentiment_service.errors import ToolRefusedError
from sentiment_service.store.tool_edits import Change
from sentiment_service.tools import Catalogue, Tool

MOVE_WAIT_S = 5.0
"""Seconds a call waits for stored items to follow; after that they follow behind it."""
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class MovedAnswer(Answer):
    """Whether everything that is stored has followed the change."""

    done: bool
    """False when it takes longer than the call waited; it goes on, after a restart too."""
    items: int
    """Posts and comments that were tagged again."""


@dataclass(frozen=True, slots=True)
class LinkedTool(Answer):
    """A tool that is linked to another as its alias."""

    tool_id: str
    name: str
    primary_tool_id: str


@dataclass(frozen=True, slots=True)
class ToolDetails(Answer):
    """One tool."""

    tool: ToolAnswer
    aliases: tuple[LinkedTool, ...]
    """Tools that are linked to it, so that what is said of them counts for it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made."""

    change: Change
    moved: MovedAnswer


NOTHING_MOVED = MovedAnswer(done=True, items=0)


async def make(context: Context, request: web.Request, edit: Callable[..., Change], **inputs: Any) -> Made:
    """Make a change and give the items a moment to follow.

    :param edit: one of :mod:`sentiment_service.store.tool_edits`.
    :param inputs: its keyword arguments.
    """
    client = request.app[GATE].fingerprint(request)
    change = await context.store.tool_changes.commit(partial(edit, **inputs), by=ADMIN, client=client)
    if not change.moved:
        return Made(change, NOTHING_MOVED)
    move = await context.moves.finish(change.stamp.id, MOVE_WAIT_S)
    return Made(change, MovedAnswer(move.done, move.items))


def details_of(catalogue: Catalogue, tool: Tool) -> ToolDetails:
    """What reading one tool answers."""
    linked = tuple(
        LinkedTool(each.id, each.name, tool.id) for each in catalogue.tools if each.alias_of == tool.id
    )
    return ToolDetails(tool_answer(tool), linked)


def fresh(request: web.Request) -> Callable[[Catalogue, Tool], None]:
    """A check that ``If-Match``, where it is sent, names the tool as it is."""

    def check(catalogue: Catalogue, tool: Tool) -> None:
        if hdrs.IF_MATCH not in request.headers:
            return
        tags = {tag.value for tag in request.if_match or () if not tag.is_weak}
        body = encode_json(details_of(catalogue, tool))
        valid = {tag_of(body, "", gzipped=gzipped) for gzipped in (False, True)}
        if not tags & (valid | {"*"}):
            raise ToolRefusedError("stale", f"{tool.name} has changed since it was read; read it again.")

    return check
