"""Connections: so many at once, patient with none of them, and silent about what was sent on them."""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.web_protocol import RequestHandler

from sentiment_service.api.problems import REQUEST_ID_HEADER, Problem, new_request_id, render, request_id_of
from sentiment_service.api.protection import OF_DATA
from sentiment_service.settings import ServerSettings

RETRY_S = 2
"""What a client is asked to wait that was turned away at the door."""
LINGERING_S = 2.0
"""How long what nobody wants is read, so that its sender gets to see the answer."""
MAX_LINGERING = 100
"""Clients turned away at once that get an answer; further ones are just closed."""
BACKLOG = 256
"""Connections that wait to be accepted."""

log = logging.getLogger(__name__)


class Connection(RequestHandler):
    """One client's connection.

    aiohttp would log a request that is no HTTP with what was sent, tokens included, and repeat it in its
    answer.

    :param left: called once the connection is gone.
    :param limits: aiohttp's own.
    """

    def __init__(self, server: web.Server, left: Callable[[], None], **limits: Any) -> None:
        super().__init__(server, **limits)
        self._left = left

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is gone."""
        super().connection_lost(exc)
        self._left()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what could not be read as a request, after which the connection is closed."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        request_id = request_id_of(request)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("a request failed before it was handled, request %s", request_id, exc_info=exc)
        else:
            log.info("no HTTP, but %s, request %s", type(exc).__name__, request_id)
        response = render(_problem(status, exc), request_id)
        response.headers.update({**OF_DATA, REQUEST_ID_HEADER: request_id})
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log what went wrong around a request, but never what was sent."""
        error = kw.get("exc_info")
        if isinstance(error, HttpProcessingError):
            log.info("a connection ended with %s", type(error).__name__)
        else:
            log.error("a connection failed", exc_info=error)


def _problem(status: int, error: BaseException | None) -> Problem:
    if isinstance(error, LineTooLong):
        return Problem(431, "The address or a header is too long.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem(500, "Something went wrong here; the request id finds it in the log.")
    return Problem(400, "The request is not valid HTTP.")


class Refusal(asyncio.Protocol):
    """The connection of a client for whom there is no room: it is told so, and closed.

    What the client sends is read for a moment and dropped: closing on it would reset the connection before
    the client has read the answer.

    :param lingering: refusals whose clients have not left yet.
    """

    def __init__(self, lingering: set["Refusal"]) -> None:
        self._lingering = lingering
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer at once, before anything is read."""
        if len(self._lingering) >= MAX_LINGERING:
            transport.close()
            return
        transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods alone
        self._lingering.add(self)
        self._timer = asyncio.get_running_loop().call_later(LINGERING_S, transport.abort)
        transport.write(_refusal())
        transport.write_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left, or was not waited for any longer."""
        self._lingering.discard(self)
        if self._timer is not None:
            self._timer.cancel()


def _refusal() -> bytes:
    request_id = new_request_id()
    problem = Problem(503, "Too many clients are connected.", headers={"Retry-After": str(RETRY_S)})
    response = render(problem, request_id)
    body = response.body if isinstance(response.body, bytes) else b""
    fixed = {
        **response.headers,
        **OF_DATA,
        REQUEST_ID_HEADER: request_id,
        hdrs.CONTENT_LENGTH: str(len(body)),
        hdrs.CONNECTION: "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fixed.items())
    return f"HTTP/1.1 503 Service Unavailable\r\n{lines}\r\n".encode() + body


class Door:
    """Makes the connections of a server, as many at once as the settings allow.

    :param server: whose connections they are.
    :param settings: how many, how long, how large.
    """

    def __init__(self, server: web.Server, settings: ServerSettings) -> None:
        self._most = settings.max_connections
        self._inside = 0
        self._lingering: set[Refusal] = set()
        self._make = partial(
            Connection,
            server,
            self._left,
            loop=asyncio.get_running_loop(),
            access_log=None,
            keepalive_timeout=settings.keep_alive_seconds,
            max_line_size=settings.max_header_bytes,
            max_field_size=settings.max_header_bytes,
            lingering_time=LINGERING_S,
        )

    def __call__(self) -> asyncio.Protocol:
        """The connection of a client that just arrived."""
        if self._inside >= self._most:
            return Refusal(self._lingering)
        self._inside += 1  # now, since others may arrive before this connection is there
        return self._make()

    def _left(self) -> None:
        self._inside -= 1


class GuardedSite(web.SockSite):
    """Listens on a socket behind a :class:`Door`.

    :param settings: how many connections, how long, how large.
    """

    def __init__(self, runner: web.AppRunner, sock: socket.socket, settings: ServerSettings) -> None:
        super().__init__(runner, sock)
        self._settings = settings

    async def start(self) -> None:
        """Begin to accept connections."""
        await web.BaseSite.start(self)
        server = self._runner.server
        if server is None:
            raise RuntimeError("the runner is not set up")
        self._server = await asyncio.get_running_loop().create_server(
            Door(server, self._settings), sock=self._sock, backlog=BACKLOG
        )
