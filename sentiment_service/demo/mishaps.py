"""Faults carried out: refusals, silence, broken connections and spoiled pages."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from sentiment_service.demo.faults import Fault, FaultKind
from sentiment_service.demo.refusals import refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BIG_TEXT = "This text is far too long. " * (200 * 1024 // 27 + 1)
"""A little over 200 KB."""

_PAGE = (
    b"<!doctype html><html><head><title>Ow! -- reddit.com</title></head><body>you broke reddit</body></html>"
)
_WITH_PAGE = frozenset({FaultKind.BAD_GATEWAY, FaultKind.UNAVAILABLE, FaultKind.GATEWAY_TIMEOUT})
_SPOILED = frozenset({FaultKind.BIG_TEXT, FaultKind.BAD_FIELDS, FaultKind.DUPLICATED, FaultKind.REORDERED})
_UNAUTHORIZED = {"WWW-Authenticate": 'Bearer realm="reddit", error="invalid_token"'}


async def suffer(
    fault: Fault, request: web.Request, handler: Handler, ended: asyncio.Event
) -> web.StreamResponse:
    """Answer a request that a fault hits.

    :param ended: set when faults are ended; a request that hangs is answered then.
    """
    match fault.kind:
        case FaultKind.HANG:
            over = await _ends(fault.duration_s, ended)
            return await handler(request) if over else refusal(504)
        case FaultKind.RESET:
            return _reset(request)
        case FaultKind.NOT_JSON:
            return web.Response(body=_PAGE, content_type="text/html")
        case FaultKind.CUT:
            return await _cut(request, _body(await handler(request)))
        case FaultKind.TRUNCATED:
            body = _body(await handler(request))
            return web.Response(body=body[: len(body) // 2], content_type="application/json", charset="utf-8")
        case kind if kind in _SPOILED:
            return _spoil(kind, await handler(request))
        case FaultKind.UNAUTHORIZED:
            return refusal(401, headers=_UNAUTHORIZED)
        case FaultKind.THROTTLED:
            return refusal(429)
        case FaultKind.THROTTLED_WITH_RETRY_AFTER:
            return refusal(429, headers={"Retry-After": f"{fault.duration_s:g}"})
        case kind if kind in _WITH_PAGE:
            return web.Response(status=int(kind), body=_PAGE, content_type="text/html")
        case kind:
            return refusal(int(kind))


async def _ends(seconds: float, ended: asyncio.Event) -> bool:
    """Whether faults are ended within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        return False
    return True


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        # No lingering makes the close a reset (RST) rather than an orderly end (FIN).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def _cut(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    response.content_type = "application/json"
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _body(response: web.StreamResponse) -> bytes:
    return response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""


def _spoil(kind: FaultKind, response: web.StreamResponse) -> web.StreamResponse:
    body = _body(response)
    answer = orjson.loads(body) if response.content_type == "application/json" and body else None
    if not isinstance(answer, dict) or answer.get("kind") != "Listing":
        return response
    children: list[dict[str, Any]] = answer["data"]["children"]
    match kind:
        case FaultKind.BIG_TEXT:
            _big_text(children)
        case FaultKind.BAD_FIELDS:
            _bad_fields(children)
        case FaultKind.DUPLICATED:
            answer["data"]["children"] = [child for child in children for _ in range(2)]
        case _:
            answer["data"]["children"] = children[1::2] + children[::2]
    return web.Response(body=orjson.dumps(answer), content_type="application/json", charset="utf-8")


def _big_text(children: list[dict[str, Any]]) -> None:
    for child in children[:1]:
        child["data"][_text_field(child)] = BIG_TEXT


def _bad_fields(children: list[dict[str, Any]]) -> None:
    for place, child in enumerate(children[:3]):
        if place == 0:
            child["data"]["score"] = "many"
        elif place == 1:
            del child["data"]["created_utc"]
        else:
            child["data"][_text_field(child)] = 42


def _text_field(child: dict[str, Any]) -> str:
    return "selftext" if child["kind"] == "t3" else "body"
