"""Fixtures of the tests of backup and restore."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from sentiment_service.backup import back_up
from sentiment_service.models import Label, ScoredItem, Watermark
from sentiment_service.reanalysis import ReanalysisParameters
from sentiment_service.settings import Settings
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.archive import RAW
from sentiment_service.store.copying import collections
from sentiment_service.store.proposals import Figures
from sentiment_service.store.stores import Store, open_store
from sentiment_service.tools import Mention, MentionPart, Tool
from tests.plugins.database import MakeSettings
from tests.store.content import DAY, NOON, comment, post, scored
from tests.store.faults import FailPoints

Open = Callable[..., Awaitable[tuple[Settings, Store]]]
Content = dict[str, list[bytes]]
RENEWED = frozenset({"version", "confirm", "recomputed", "catalogue"})
"""Documents of ``state`` that a restore is meant to change: numbers that grow, and when rollups were made."""
TOOL = Tool(
    id="",
    name="Grüße 🙂",
    slug="",
    vendor="V",
    categories=("editor",),
    aliases=("gruesse",),
    ambiguous=(),
    home_subreddits=(),
    status="pending",
    created_at=NOON,
    updated_at=NOON,
    created_by="detection",
    updated_by="detection",
)


def ignore(what: str, done: int, total: int) -> None:
    """Progress nobody looks at."""


@pytest.fixture
async def open_database(mongo_settings: MakeSettings, mongodb_uri: str) -> AsyncIterator[Open]:
    """Opens fresh databases; gives the settings of each and a store on it."""
    stores: list[Store] = []

    async def open_one(*, options: str = "", prepare: bool = True) -> tuple[Settings, Store]:
        settings = Settings(mongodb=mongo_settings(uri=f"{mongodb_uri}{options}"))
        store = open_store(settings.mongodb)
        stores.append(store)
        await store.database.connect(mongodb_uri)
        if prepare:
            await store.schema.prepare()
        return settings, store

    yield open_one
    for store in stores:
        await store.database.drop()
        await store.database.close()


async def fill(store: Store, items: int = 3) -> None:
    """Content of every kind, odd texts among it."""
    posts = [
        post(n, title=f"T\ud800 {n}", author=None if n % 2 else "ünï", at=NOON - n * DAY / 8)
        for n in range(items)
    ]
    comments = [comment(n, text="lone \udfff surrogate 🙂") for n in range(items)]
    together = [*map(scored, posts), *map(scored, comments)]
    await store.items.write(together, {}, seen_at=NOON)
    await store.watermarks.save(Watermark("cursor"), fence=1)
    await _fill_tools(store, together)
    await store.rollups.recompute_dirty()
    await store.state.bump_version()


async def _fill_tools(store: Store, items: Sequence[ScoredItem]) -> None:
    """A proposed tool with its figures and its record, and a mention that counts for it; a reanalysis."""
    change = await store.tool_changes.commit(partial(edits.create, tool=TOOL), by="detection")
    tool_id = change.tool.id
    seen = Figures(mentions=1, first_at=NOON, samples=(items[0].item.fullname,), spellings=(TOOL.name,))
    await store.proposals.save({tool_id: seen})
    part = MentionPart(tool_id, 0.5, Label.POSITIVE, "lone \udfff surrogate")
    said = Mention(tool_id, 0.5, Label.POSITIVE, part.excerpt, (part,))
    await store.items.write([replace(items[0], mentions=(said,))], {}, seen_at=NOON)
    await store.reanalyses.ask(ReanalysisParameters(tool_ids=(tool_id,)), trigger="manual", by="admin")


async def content(store: Store) -> Content:
    """Every document as bytes, by collection; without what a restore is meant to change."""
    found: Content = {}
    for name in await collections(store.database):
        collection: Any = store.database.collection(name).with_options(RAW)
        documents = await collection.find({}).sort("_id", 1).to_list(None)
        kept = [one.raw for one in documents if name != "state" or one["_id"] not in RENEWED]
        if kept:
            found[name] = kept
    return found


@pytest.fixture
async def backup(open_database: Open, tmp_path: Path) -> Path:
    """A good backup."""
    settings, store = await open_database()
    await fill(store, items=40)
    await back_up(settings, tmp_path / "good", progress=ignore)
    return tmp_path / "good"


@pytest.fixture
async def fail_points(mongodb_uri: str) -> AsyncIterator[FailPoints]:
    """Switches fail points that hit clients named :data:`~tests.store.faults.VICTIM`."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongodb_uri)
    points = FailPoints(client)
    yield points
    await points.off()
    client.close()


def names(folder: Path) -> list[str]:
    """The files in a folder."""
    return sorted(path.name for path in folder.iterdir())
