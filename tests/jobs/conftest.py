"""A collector that reads the look-alike, scores in the worker process and writes to the database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from sentiment_service.jobs.collect import Collector, Tools
from sentiment_service.models import Cycle
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import RedditSettings, ScoringSettings
from sentiment_service.sources.reddit import RedditSource
from sentiment_service.store.stores import Store
from sentiment_service.tools import LabelOf
from tests.plugins.lookalike import Lookalike


class SteppedClock:
    """A clock that moves only when told; shared by the look-alike and the collector."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        """Let time pass, as :class:`~datetime.timedelta` takes it."""
        self.time += timedelta(**by)


@dataclass
class Bench:
    """A collector with everything around it."""

    collector: Collector
    tools: Tools
    store: Store
    source: RedditSource

    async def cycle(self) -> Cycle:
        """One whole collection."""
        return await self.collector.run(await self.collector.begin("command"))


MakeBench = Callable[..., Awaitable[Bench]]


@pytest.fixture
def clock() -> SteppedClock:
    """The time of the test."""
    return SteppedClock()


@pytest.fixture
async def worker() -> AsyncIterator[ScoringWorker]:
    """A real scoring worker, started when first used."""
    worker = ScoringWorker(ScoringSettings(niceness=0))
    yield worker
    await worker.close()


@pytest.fixture
async def bench(store: Store, worker: ScoringWorker, clock: SteppedClock) -> AsyncIterator[MakeBench]:
    """Make a collector for a look-alike: ``await bench(reddit, subreddits=("Cursor",), group_size=1)``."""
    async with AsyncExitStack() as stack:

        async def make(reddit: Lookalike, **changes: object) -> Bench:
            values: dict[str, object] = {
                "oauth_url": reddit.url,
                "reddit_url": reddit.url,
                "client_id": SecretStr("id"),
                "client_secret": SecretStr("secret"),
                "request_timeout_seconds": 10.0,
                "request_deadline_seconds": 12.0,
            }
            settings = RedditSettings.model_validate(values | changes)
            source = RedditSource(settings)
            await source.open()
            stack.push_async_callback(source.close)
            tools = Tools(settings, source, worker, store, LabelOf(0.1, -0.1))
            return Bench(Collector(tools, owner="test", now=clock), tools, store, source)

        yield make
