"""An API on a real server and a real database, with stand-ins for what only a running program has."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sentiment_service.api.context import (
    ApplicationHealth,
    Context,
    DatabaseHealth,
    HealthSnapshot,
    LoopLag,
    ProcessHealth,
    RedditHealth,
    ScoringHealth,
)
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.setup import setup_api
from sentiment_service.errors import CycleRunningError, DatabaseUnavailableError, ScoringError
from sentiment_service.models import utc_now
from sentiment_service.settings import AdminSettings, Settings
from sentiment_service.store.stores import Store, open_store
from sentiment_service.tools import Analysis

TOKEN = "a-token-of-32-characters-exactly"
WATCHED = ("Cursor", "ClaudeAI", "OpenAI")

Client = TestClient[web.Request, web.Application]
MakeClient = Callable[[Context], Awaitable[Client]]


def snapshot(**changes: object) -> HealthSnapshot:
    """A service that is well; keywords name sections and replace them."""
    well = HealthSnapshot(
        process=ProcessHealth(12.5, 81.2, 3.0, 4711, LoopLag(0.1, 0.9, 2.5)),
        application=ApplicationHealth(None, 3, 1, 4.0, False, None, "all"),
        database=DatabaseHealth(True, 0.7),
        reddit=RedditHealth(True, 95.0, 312.0),
        scoring=ScoringHealth(True, 0),
        last_cycle_status="completed",
    )
    return replace(well, **changes)  # type: ignore[arg-type]


@dataclass
class Health:
    """Reports what the test says."""

    now: HealthSnapshot = field(default_factory=snapshot)

    def snapshot(self) -> HealthSnapshot:
        return self.now


@dataclass
class Collections:
    """Counts triggers, or refuses them as the test says."""

    known_subreddits: Sequence[str] = WATCHED
    interval_s: float = 1800.0
    refusal: CycleRunningError | DatabaseUnavailableError | None = None
    triggered: int = 0

    async def trigger(self) -> str:
        if self.refusal is not None:
            raise self.refusal
        self.triggered += 1
        return f"cycle-{self.triggered}"


@dataclass
class Scores:
    """Gives out prepared results, and keeps what it was asked for."""

    results: list[Analysis | ScoringError | None] = field(default_factory=list)
    failure: Exception | None = None
    queued: int = 0
    asked: list[str] = field(default_factory=list)

    async def score(self, texts: Sequence[str]) -> list[Analysis | ScoringError | None]:
        self.asked += texts
        if self.failure is not None:
            raise self.failure
        return self.results


@pytest.fixture
def now() -> datetime:
    """The moment a test takes place."""
    return utc_now().replace(microsecond=0)


@pytest.fixture
def settings() -> Settings:
    """Default settings with an admin token."""
    return Settings(admin=AdminSettings.model_validate({"token": TOKEN}, strict=False))


@pytest.fixture
def make_context(settings: Settings, now: datetime) -> Callable[[Store], Context]:
    """Makes a context around a store."""

    def make(store: Store) -> Context:
        return Context(settings, store, Scores(), Health(), Collections(), lambda: now, "1.2.3")

    return make


@pytest_asyncio.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    """Makes clients of an API around a context."""
    clients: list[Client] = []

    async def make(context: Context) -> Client:
        app = web.Application()
        setup_api(app, context, RequestMeter())
        client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


@pytest.fixture
def away(settings: Settings, make_context: Callable[[Store], Context]) -> Context:
    """A context whose database was never connected."""
    return make_context(open_store(settings.mongodb))


@pytest_asyncio.fixture
async def offline(away: Context, make_client: MakeClient) -> Client:
    """A client of an API whose database is away."""
    return await make_client(away)


@pytest.fixture
def context(store: Store, make_context: Callable[[Store], Context]) -> Context:
    """A context around a fresh database."""
    return make_context(store)


@pytest_asyncio.fixture
async def api(context: Context, make_client: MakeClient) -> Client:
    """A client of an API on a fresh database."""
    return await make_client(context)
