"""What every request passes before it is answered: counting, faults, the token, the rate limit."""

import asyncio
from collections import Counter, deque

from aiohttp import web

from sentiment_service.demo.faults import Faults
from sentiment_service.demo.mishaps import Handler, suffer
from sentiment_service.demo.quota import RateLimit, Tokens, granted
from sentiment_service.demo.refusals import json_response, refusal

TOKEN_PATH = "/api/v1/access_token"  # noqa: S105 - a path
CONTROL_PREFIX = "/_control"
REMEMBERED = 5000


class Requests:
    """Counts the requests that came in, control calls left out."""

    def __init__(self) -> None:
        self.by_path: Counter[str] = Counter()
        """By path without query; threads together as ``/comments/*``."""
        self.recent: deque[str] = deque(maxlen=REMEMBERED)
        """``METHOD /path?query`` of the latest, oldest first."""

    def count(self, request: web.Request) -> None:
        """Count one request."""
        self.by_path[_counted_path(request)] += 1
        self.recent.append(f"{request.method} {request.path_qs}")

    @property
    def total(self) -> int:
        """All requests so far, tokens included."""
        return self.by_path.total()

    def clear(self) -> None:
        """Start counting anew."""
        self.by_path.clear()
        self.recent.clear()


class Door:
    """Lets requests in, or not.

    :param retry_after: whether the refusal of a spent rate limit says when to come back.
    """

    def __init__(
        self, faults: Faults, requests: Requests, tokens: Tokens, rate_limit: RateLimit, *, retry_after: bool
    ) -> None:
        self._faults = faults
        self._requests = requests
        self._tokens = tokens
        self._rate_limit = rate_limit
        self._retry_after = retry_after

    def routes(self) -> list[web.RouteDef]:
        """What this answers itself: the call for a token."""
        return [web.post(TOKEN_PATH, self.token)]

    async def token(self, request: web.Request) -> web.Response:
        """A bearer token for a client that names itself by HTTP Basic."""
        grant = self._tokens.grant(request.headers.get("Authorization", ""))
        if grant is None:
            return refusal(401)
        if not granted(await request.post()):
            return json_response({"error": "unsupported_grant_type"})
        return json_response(grant)

    async def stop(self, _: web.Application) -> None:
        """End the hangs that are under way."""
        self._faults.clear()

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count a request, hold it as long as answers take, and let a fault hit it."""
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        self._requests.count(request)
        delay_s = self._faults.delay_s()
        if delay_s > 0:
            await asyncio.sleep(delay_s)
        fault = self._faults.strike(request.path_qs)
        if fault is not None:
            return await suffer(fault, request, handler, self._faults.ended)
        return await handler(request)

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Ask for the token and count against the rate limit."""
        if request.path == TOKEN_PATH or request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        client = self._tokens.client(request.headers.get("Authorization", ""))
        if client is None:
            return refusal(401, headers={"WWW-Authenticate": 'Bearer realm="reddit", error="invalid_token"'})
        if self._rate_limit.spend(client):
            response = await handler(request)
        else:
            again = {"Retry-After": str(self._rate_limit.reset_s(client))} if self._retry_after else {}
            response = refusal(429, headers=again)
        if not response.prepared:
            response.headers.update(self._rate_limit.headers(client))
        return response


def _counted_path(request: web.Request) -> str:
    before, thread, _ = request.path.partition("/comments/")
    return f"{before}/comments/*" if thread and request.match_info.get("id") else request.path.rstrip("/")
