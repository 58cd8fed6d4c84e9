"""What was confirmed survives the death of the database."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sentiment_service.demo.embedded import EmbeddedDatabase
from sentiment_service.models import JobOutcome, Watermark
from sentiment_service.store.state import STATE
from sentiment_service.store.stores import Store, open_store
from sentiment_service.store.tables import COLLECTIONS, make_tables
from tests.plugins.database import MakeSettings
from tests.store.content import NOON, comment, post, scored


@asynccontextmanager
async def started(folder: Path, settings: MakeSettings) -> AsyncIterator[tuple[EmbeddedDatabase, Store]]:
    """A database of its own, started again whenever it is killed, and a store that waits for it."""
    database = EmbeddedDatabase(folder, cache_mb=32)
    store = open_store(settings(retry_deadline_seconds=60.0))
    await store.database.connect(await database.start())
    watching = asyncio.create_task(database.watch(store.database.connect))
    try:
        yield database, store
    finally:
        await store.database.close()
        await database.close()
        await watching


async def test_nothing_confirmed_is_lost_when_the_database_is_killed(
    tmp_path: Path, mongo_settings: MakeSettings
) -> None:
    async with started(tmp_path, mongo_settings) as (database, store):
        await make_tables(store.database)
        await store.database.prepare()
        for turn in range(3):
            items = [
                scored((post if n % 2 else comment)(turn * 1000 + n, text="x" * 500, at=NOON))
                for n in range(450)
            ]
            await store.items.write(items, {}, seen_at=NOON)
            known = await store.items.known([one.item.fullname for one in items])
            voted = [replace(one, item=replace(one.item, score=turn + 7)) for one in items]
            await store.items.write(voted, known, seen_at=NOON)
            await store.watermarks.save(Watermark(f"sub{turn}"), fence=1)
            assert database.pid is not None
            os.kill(database.pid, signal.SIGKILL)
            # A write outlasts the restart, and reads after it find everything.
            await store.items.confirm()
            held = await store.items.known([one.item.fullname for one in items])
            assert [known.score for known in held.values()] == [turn + 7] * 450
            assert len(await store.watermarks.all()) == turn + 1
        assert await store.rollups.recompute_dirty() == 1
        (rollup,) = await store.rollups.read("all", NOON.replace(hour=0), NOON.replace(hour=0))
        assert rollup.whole.posts + rollup.whole.comments == 1350


async def test_the_tables_are_there_as_soon_as_they_are_made(
    tmp_path: Path, mongo_settings: MakeSettings
) -> None:
    async with started(tmp_path, mongo_settings) as (database, store):
        await make_tables(store.database)
        files = {path.name for path in (tmp_path / "database").iterdir()}
        assert database.pid is not None
        os.kill(database.pid, signal.SIGKILL)
        await store.state.bump_version()  # waits for the restart
        names = await store.database.collection(STATE).database.list_collection_names()
        assert set(names) == COLLECTIONS
        await store.state.save_outcome(JobOutcome("collect", NOON, NOON, "completed"))
        tables = {path.name for path in (tmp_path / "database").iterdir() if path.suffix == ".wt"}
        assert tables <= files, "nothing is left to make when something is written"
