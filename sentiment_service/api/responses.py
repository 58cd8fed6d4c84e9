"""From an answer to bytes: encoded once, tagged, compressed when that is wanted and worth it."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

import orjson
from aiohttp import ETag, hdrs, web
from multidict import CIMultiDict, istr
from yarl import URL

from sentiment_service.api.kept_response import KeptResponse, head_of, suits
from sentiment_service.api.protection import CONTENT_SECURITY_POLICY, VARY, protection_of
from sentiment_service.api.schema import Reply

ETAG = istr("ETag")
COMPRESS_OVER_BYTES = 1024
COMPRESS_IN_THREAD_OVER_BYTES = 16 * 1024
"""Compressing more than this takes longer than handing it to a thread, which zlib runs beside the loop."""
COMPRESSION_LEVEL = 4

_JSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True, slots=True)
class Encoding:
    """How an endpoint's answers become bytes."""

    content_type: str
    encode: Callable[[Any], bytes]

    @classmethod
    def of(cls, media_type: str) -> "Encoding":
        """JSON for JSON; other media types are text already."""
        if media_type == "application/json":
            return cls(media_type, encode_json)
        return cls(f"{media_type}; charset=utf-8", str.encode)


def encode_json(answer: Any) -> bytes:
    """JSON in UTF-8; times in ISO 8601 with a ``Z``."""
    try:
        return orjson.dumps(answer, option=_JSON_OPTIONS)
    except orjson.JSONEncodeError:
        text = json.dumps(answer, default=_plain, ensure_ascii=False, separators=(",", ":"))
        return utf8_of(text)


def utf8_of(text: str) -> bytes:
    """A text in UTF-8; half a surrogate pair, which people do post, is no UTF-8 and is shown as U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@dataclass(frozen=True, slots=True)
class Form:
    """A read's answer as it is sent, to be sent any number of times."""

    body: bytes
    headers: CIMultiDict[str]
    """All that belong to the body; never changed."""
    tag: str
    """The ``ETag`` without its quotes."""
    head: bytes
    """The same headers for :class:`~sentiment_service.api.kept_response.KeptResponse`."""


async def form_of(body: bytes, link: str, encoding: Encoding, *, accepts_gzip: bool) -> Form:
    """The form for a client that takes gzip or not.

    :param link: the ``Link`` header, empty for none.
    """
    gzipped = accepts_gzip and len(body) > COMPRESS_OVER_BYTES
    tag = tag_of(body, link, gzipped=gzipped)
    headers = CIMultiDict(
        {
            hdrs.CONTENT_TYPE: encoding.content_type,
            hdrs.CACHE_CONTROL: "no-cache",
            hdrs.VARY: VARY,
            ETAG: f'"{tag}"',
        }
    )
    if link:
        headers[hdrs.LINK] = link
    if gzipped:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
        body = await compress(body)
    return Form(body, headers, tag, head_of(headers, len(body)))


def send_again(request: web.Request, form: Form) -> web.StreamResponse:
    """The same as :func:`send` for a form that was sent before, in the shortest way."""
    return KeptResponse(form.head, form.body) if suits(request) else send(request, form)


def send(request: web.Request, form: Form, *, status: int = 200) -> web.Response:
    """The response that carries a form, or tells the client that it has it already."""
    if status == 200 and hdrs.IF_NONE_MATCH in request.headers and _has_already(request, form.tag):
        kept = {name: value for name, value in form.headers.items() if name not in _OF_A_BODY}
        # Browsers put the headers of a 304 over those they kept: a page would get the policy of data.
        policy = protection_of(form.headers[hdrs.CONTENT_TYPE])[CONTENT_SECURITY_POLICY]
        return web.Response(status=304, headers=kept | {CONTENT_SECURITY_POLICY: policy})
    return web.Response(body=form.body, status=status, headers=form.headers)


_OF_A_BODY = frozenset({hdrs.CONTENT_TYPE, hdrs.CONTENT_ENCODING})


async def respond(
    request: web.Request, reply: Reply[Any], *, status: int, encoding: Encoding
) -> web.Response:
    """The response of an answer: a read has an ETag, and is not sent again to a client that has it."""
    body = encoding.encode(reply.body)
    link = link_to(request.rel_url, reply.next_cursor)
    zips = accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
    form = await form_of(body, link, encoding, accepts_gzip=zips)
    if request.method in {"GET", "HEAD"}:
        return send(request, form, status=status)
    headers = form.headers.copy()
    del headers[ETAG]
    headers[hdrs.CACHE_CONTROL] = "no-store"
    return web.Response(body=form.body, status=status, headers=headers)


def link_to(address: URL, cursor: str | None) -> str:
    """The ``Link`` header to the next page; empty without one."""
    return "" if cursor is None else f'<{address.update_query(cursor=cursor).raw_path_qs}>; rel="next"'


def tag_of(body: bytes, link: str, *, gzipped: bool) -> str:
    """A strong validator: other bytes, another tag; so the compressed form has its own."""
    digest = hashlib.blake2b(body, digest_size=12)
    digest.update(link.encode())
    return digest.hexdigest() + ("-gzip" if gzipped else "")


def _has_already(request: web.Request, tag: str) -> bool:
    known: tuple[ETag, ...] = request.if_none_match or ()
    return any(etag.value in (tag, "*") for etag in known)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a client accepts gzip, by RFC 9110: named or by ``*``, and not with a quality of zero."""
    qualities: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        qualities[coding.strip()] = _quality(parameters)
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _quality(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


async def compress(body: bytes) -> bytes:
    """The body gzipped; large ones beside the event loop."""
    if len(body) <= COMPRESS_IN_THREAD_OVER_BYTES:
        return _gzip(body)
    return await asyncio.to_thread(_gzip, body)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=COMPRESSION_LEVEL, mtime=0)
