"""What the service uses from outside itself, as contexts: the database and Reddit, real or demo."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from sentiment_service.demo.child import Child
from sentiment_service.demo.embedded import EmbeddedDatabase
from sentiment_service.jobs import collect, reanalysis
from sentiment_service.models import utc_now
from sentiment_service.scoring.llm import LlmScorer
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import LlmSettings, RedditSettings, Settings
from sentiment_service.sources.reddit import RedditSource
from sentiment_service.store.stores import Store
from sentiment_service.tool_seeds import tool_of

LOOKALIKE_START_S = 120.0
"""It takes a second or two on an idle machine; on a busy one, to which it yields, many times as long."""
LOOKALIKE_NICENESS = 10
WORLD_FILE = "demo-epoch"
LOOKALIKE_READY = re.compile(r"demo-reddit is ready on (http://\S+)")


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator["asyncio.Task[None]"]:
    """Run a coroutine beside what is inside the context; cancelled and awaited at its end."""
    task = asyncio.create_task(work, name=name)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def open_database(
    settings: Settings, store: Store, server: EmbeddedDatabase | None = None
) -> AsyncIterator["asyncio.Task[None] | None"]:
    """Connect the store to ``mongodb.uri``, or to an embedded server that runs while the context is open.

    Gives the task that watches the server, if there is one: it ends by itself only when something is wrong.

    :param server: the embedded server to run, if it was made before.
    :raises StartupError: when the embedded server cannot start; one line that says what to do.
    """
    server = server or embedded_database(settings)
    try:
        if server is None:
            await store.database.connect(settings.mongodb.uri.get_secret_value())
            yield None
        else:
            async with _running(server, store) as watching:
                yield watching
    finally:
        await store.database.close()


def embedded_database(settings: Settings) -> EmbeddedDatabase | None:
    """The embedded database, unless the settings name another."""
    if settings.mongodb.uri.get_secret_value():
        return None
    storage = settings.storage
    return EmbeddedDatabase(
        storage.data_dir, cache_mb=storage.embedded_cache_mb, niceness=storage.embedded_niceness
    )


@asynccontextmanager
async def _running(server: EmbeddedDatabase, store: Store) -> AsyncIterator["asyncio.Task[None]"]:
    try:
        await store.database.connect(await server.start())
        async with background(server.watch(store.database.connect), "embedded database") as watching:
            yield watching
            await store.database.close()
    finally:
        await server.close()


async def drop_stale_lease(settings: Settings, store: Store) -> None:
    """Give back the leases that a killed process left behind, when no other process can hold them.

    The embedded database's folder is locked, so whoever has it open is alone.
    """
    if settings.mongodb.uri.get_secret_value():
        return
    for name in (collect.LEASE, reanalysis.LEASE):
        holder = await store.state.holder(name)
        if holder is not None:
            await store.state.release(holder)


async def seed_tools(settings: Settings, store: Store) -> None:
    """Give a new database the tools of the settings."""
    now = utc_now()
    await store.tools.seed([tool_of(seed, now) for seed in settings.tools.seeds])


@asynccontextmanager
async def open_scorer(
    settings: LlmSettings, worker: ScoringWorker
) -> AsyncIterator[ScoringWorker | LlmScorer]:
    """What scores: the worker, or a language model over it where one is enabled; the worker stays open."""
    if not settings.enabled:
        yield worker
        return
    scorer = LlmScorer(worker, settings)
    try:
        yield scorer
    finally:
        await scorer.close()


@asynccontextmanager
async def open_reddit(settings: RedditSettings, demo: Sequence[str] | None) -> AsyncIterator[RedditSource]:
    """Open the Reddit client.

    :param demo: arguments of the look-alike to run and read instead of Reddit; ``None`` for Reddit itself.
    :raises StartupError: when the look-alike does not start.
    """
    if demo is None:
        async with _client(settings) as source:
            yield source
        return
    command = [sys.executable, "-m", "sentiment_service", "demo-reddit", "--port", "0", *demo]
    lookalike = Child(
        "the Reddit look-alike",
        command,
        LOOKALIKE_READY,
        start_timeout_s=LOOKALIKE_START_S,
        stop_patience_s=3.0,
        niceness=LOOKALIKE_NICENESS,
    )
    try:
        url = (await lookalike.start())[1]
        async with _client(_pointed_at(settings, url)) as source:
            yield source
    finally:
        await lookalike.stop()


def demo_world(folder: Path) -> list[str]:
    """Arguments that give the look-alike the world it had when this folder was first used.

    Its ids and times follow from the moment its history ends: with another one, a restart would pour a
    second world over the first.
    """
    file = folder / WORLD_FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{utc_now():%Y-%m-%dT%H:%M:%SZ}\n", encoding="utf-8")
    return ["--epoch", file.read_text(encoding="utf-8").strip()]


@asynccontextmanager
async def _client(settings: RedditSettings) -> AsyncIterator[RedditSource]:
    source = RedditSource(settings)
    try:
        await source.open()
        yield source
    finally:
        await source.close()


def _pointed_at(settings: RedditSettings, url: str) -> RedditSettings:
    demo = SecretStr("demo")
    return settings.model_copy(
        update={"oauth_url": url, "reddit_url": url, "client_id": demo, "client_secret": demo}
    )
