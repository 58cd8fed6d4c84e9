"""Server-sent events: what happens, as it happens."""

from typing import Annotated

import orjson
from aiohttp import hdrs, web
from pydantic import InstanceOf, WithJsonSchema

from sentiment_service.api.context import Context
from sentiment_service.api.problems import REQUEST_ID_HEADER, Problem, request_id_of
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Input, OptionalText
from sentiment_service.events import Event, Listener, Missed, TooManyListenersError

routes = Routes(tag="System")

HEARTBEAT_S = 15.0
RETRY_MS = 3000
"""What a browser is asked to wait before it connects again."""
LOOK_S = 1.0
"""How often a stream without news looks whether its client is still there."""
WRITE_LIMIT_S = 30.0
"""Seconds a client may refuse to take what is sent to it."""
UNKNOWN_ID = 2**63 - 1

Stream = Annotated[InstanceOf[web.StreamResponse], WithJsonSchema({"type": "string"})]


class EventsQuery(Input):
    last_event_id: OptionalText = None
    """Id of the last event that is known, for clients that cannot send the ``Last-Event-ID`` header."""


@routes.get(
    "/events",
    summary="What happens, as it happens",
    media_type="text/event-stream",
    errors=(503,),
    raw=True,
)
async def events(context: Context, request: web.Request, query: EventsQuery) -> Stream:
    """Server-sent events, each with an id: collections and changes of the data.

    ``cycle.started``, ``cycle.progress`` and ``cycle.finished`` carry a collection as ``GET /cycles`` shows
    it, ``data.updated`` carries ``version`` and ``changed_at``.

    ``Last-Event-ID`` (a header or ``last_event_id``) goes on after it. ``reset`` says
    that events were missed, so that what the client knows should be read anew. A comment every 15 seconds
    keeps the connection open.
    """
    known = request.headers.get("Last-Event-ID") or query.last_event_id
    try:
        with context.events.listen(None if known is None else _number(known)) as listener:
            return await _stream(request, listener)
    except TooManyListenersError:
        raise Problem(
            503, "Too many clients listen already; try again later.", headers={"Retry-After": "10"}
        ) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else UNKNOWN_ID


async def _stream(request: web.Request, listener: Listener) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: "text/event-stream",
            hdrs.CACHE_CONTROL: "no-store",
            "X-Accel-Buffering": "no",
            REQUEST_ID_HEADER: request_id_of(request),
        }
    )
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    # The id makes a client that heard nothing yet go on from here when it comes back.
    sendable, quiet_s = f"retry: {RETRY_MS}\nid: {listener.position}\n\n".encode(), 0.0
    if listener.behind:
        sendable = f"retry: {RETRY_MS}\n\n".encode()
    while True:
        if sendable:
            try:
                async with listener.passing_on(WRITE_LIMIT_S):
                    await response.write(sendable)
            except (TimeoutError, ConnectionError):
                _abort(request)
                return response
            quiet_s = 0.0
        found = await listener.next(LOOK_S)
        if found is None or _gone(request):
            return response
        quiet_s += LOOK_S
        sendable = _frames(found) or (b": still here\n\n" if quiet_s >= HEARTBEAT_S else b"")


def _frames(found: list[Event] | Missed) -> bytes:
    if isinstance(found, Missed):
        reason = orjson.dumps({"reason": found.reason})
        return b"id: %d\nevent: reset\ndata: %b\n\n" % (found.resume_after, reason)
    return b"".join(
        b"id: %d\nevent: %b\ndata: %b\n\n" % (event.id, event.kind.encode(), event.data) for event in found
    )


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _abort(request: web.Request) -> None:
    """Drop the connection of a client that does not take what is sent to it, and what waits to be sent."""
    if request.transport is not None:
        request.transport.abort()
