"""Downloads of any size: sent page by page, in constant memory, and never as a whole when they are not.

One page at a time is in memory: the next is read when the client has taken the one before. A client that
does not, or is gone, stops the reading. What fails in the middle closes the connection without the end that
HTTP asks for, so that no client takes a part for the whole.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

from aiohttp import hdrs, web

from sentiment_service.api.clients import Clients
from sentiment_service.api.problems import REQUEST_ID_HEADER, Problem, request_id_of
from sentiment_service.api.protection import VARY
from sentiment_service.api.responses import accepts_gzip

PAGE_LIMIT_S = 30.0
"""Seconds a client may take for one page."""
RETRY_S = 10


class Desk:
    """Lets so many downloads at once, and half of them to one client.

    :param clients: knows who calls.
    :param most: downloads at once.
    """

    def __init__(self, clients: Clients, most: int) -> None:
        self._clients = clients
        self._most = most
        self._each = max(1, most // 2)
        self._under_way: Counter[str] = Counter()

    @property
    def under_way(self) -> int:
        """Downloads now."""
        return self._under_way.total()

    @contextmanager
    def place(self, request: web.Request) -> Iterator[None]:
        """A place for a download, held until it is over.

        :raises Problem: 429 when there is none.
        """
        client = self._clients.of(request)
        if self._under_way[client] >= self._each or self.under_way >= self._most:
            raise Problem(429, "Too many exports are under way.", headers={hdrs.RETRY_AFTER: str(RETRY_S)})
        self._under_way[client] += 1
        try:
            yield
        finally:
            self._under_way[client] -= 1
            if not self._under_way[client]:
                del self._under_way[client]


DESK: web.AppKey[Desk] = web.AppKey("api_desk", Desk)


async def download(
    request: web.Request, pages: AsyncIterator[bytes], *, content_type: str, filename: str
) -> web.StreamResponse:
    """Send pages as a file.

    :param pages: what fails before the first is an answer of its own, what fails later cuts the connection.
    :param content_type: with its charset.
    :param filename: in ASCII, without quotes.
    """
    page = await anext(pages, b"")
    response = web.StreamResponse(headers=_headers(request, content_type, filename))
    head_only = request.method == hdrs.METH_HEAD
    if not head_only and accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")):
        response.enable_compression(web.ContentCoding.gzip)
    await response.prepare(request)
    if head_only:
        return response
    whole = False
    try:
        while page:
            async with asyncio.timeout(PAGE_LIMIT_S):
                await response.write(page)
            page = await anext(pages, b"")
        async with asyncio.timeout(PAGE_LIMIT_S):
            await response.write_eof()
        whole = True
    except (TimeoutError, ConnectionError):
        return response  # the client did not take it, or left
    finally:
        if not whole and request.transport is not None:
            request.transport.abort()
    return response


def _headers(request: web.Request, content_type: str, filename: str) -> Mapping[str, str]:
    return {
        hdrs.CONTENT_TYPE: content_type,
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{filename}"',
        hdrs.CACHE_CONTROL: "no-store",
        hdrs.VARY: VARY,
        "X-Accel-Buffering": "no",
        REQUEST_ID_HEADER: request_id_of(request),
    }
