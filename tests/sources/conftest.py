"""A clock that nobody waits for, and a scripted Reddit that answers what a test wants."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sentiment_service.sources.backoff import Backoff
from sentiment_service.sources.broker import Broker, Limits
from sentiment_service.sources.rate import RateWindow
from sentiment_service.sources.turns import Turns
from sentiment_service.sources.usage import Meter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Clock:
    """Monotonic seconds that move only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


def says(status: int = 200, body: object = None, **headers: str) -> Handler:
    """A handler with one answer; header names may use underscores."""
    raw = body if isinstance(body, bytes) else orjson.dumps({} if body is None else body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=raw, headers=named, content_type="application/json")

    return handler


async def resets(request: web.Request) -> web.StreamResponse:
    """A handler that drops the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """A handler that promises more bytes than it sends."""
    response = web.StreamResponse(headers={"content-length": "1000"})
    await response.prepare(request)
    await response.write(b'{"kind"')
    assert request.transport is not None
    request.transport.close()
    return response


class ScriptedReddit:
    """Gives out tokens and answers requests with the handlers put in ``script``, the last one for good."""

    def __init__(self) -> None:
        self.script: deque[Handler] = deque()
        self.token: Handler = says(body={"access_token": "tok", "expires_in": 3600, "scope": "*"})
        self.token_requests: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.released = asyncio.Event()
        self.under_way = 0
        self.most_under_way = 0
        self._arrivals = asyncio.Semaphore(0)

    @property
    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/v1/access_token", self._give_token)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def arrived(self, requests: int) -> None:
        """Wait until so many more requests have come in, tokens left out."""
        for _ in range(requests):
            await self._arrivals.acquire()

    async def hangs(self, _: web.Request) -> web.StreamResponse:
        """A handler that answers only when the test is over or sets ``released``."""
        await self.released.wait()
        return web.Response(body=b"{}")

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.token_requests.append({key: str(value) for key, value in form.items()})
        return await self.token(request)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path_qs)
        self._arrivals.release()
        handler = self.script.popleft() if len(self.script) > 1 else self.script[0]
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await handler(request)
        finally:
            self.under_way -= 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def scripted() -> ScriptedReddit:
    return ScriptedReddit()


@pytest.fixture
async def address(scripted: ScriptedReddit) -> AsyncIterator[str]:
    """Where the scripted Reddit listens."""
    server = TestServer(scripted.application)
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    scripted.released.set()
    await server.close()


MakeBroker = Callable[..., Broker]


@pytest.fixture
async def make_broker(address: str, clock: Clock) -> AsyncIterator[MakeBroker]:
    """Makes brokers for the scripted Reddit, which wait on the test's clock."""
    made: list[Broker] = []

    def make(
        *, concurrent: int = 4, timeout_s: float = 5.0, deadline_s: float = 120.0, reserve: int = 10
    ) -> Broker:
        broker = Broker(
            session=aiohttp.ClientSession(),
            limits=Limits(concurrent=concurrent, timeout_s=timeout_s, deadline_s=deadline_s),
            rate=RateWindow(reserve=reserve),
            meter=Meter(),
            turns=Turns(),
            backoff=Backoff(base_s=1.0, cap_s=30.0, jitter=lambda: 0.0),
            clock=clock,
            sleep=clock.sleep,
            oauth_url=address,
            reddit_url=address,
            user_agent="python:test:1 (by /u/test)",
        )
        made.append(broker)
        return broker

    yield make
    for broker in made:
        await broker.close()
