"""Mentions follow their tools, whatever is changed and wherever it is cut short; counts equal a recount."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from sentiment_service.errors import DatabaseUnavailableError
from sentiment_service.jobs.tagging import Tagging
from sentiment_service.jobs.tool_moves import LEASE, ToolMoves
from sentiment_service.models import utc_now
from sentiment_service.resources import background
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.stores import Store, open_store
from sentiment_service.store.tool_changes import Move
from sentiment_service.tools import Analysis, Catalogue
from tests.api.content import put
from tests.jobs.spoken import LABEL_OF, by_tool, fullnames, rolled_up, spoken, stored
from tests.plugins.database import MakeSettings
from tests.store.test_tool_edits import anybody, merging
from tests.store.test_tools import tool
from tests.waiting import eventually

UNMOVED = {"cursor": 6, "zed": 6}


@pytest.fixture
def now() -> datetime:
    """The moment a test takes place."""
    return utc_now().replace(microsecond=0)


@pytest.fixture
async def store(store: Store, now: datetime) -> Store:
    """A store with three tools, and items that speak of two of them."""
    await store.tools.seed([tool("Cursor"), tool("Zed"), tool("Aider")])
    await put(store, spoken(await store.tools.catalogue(), now), at=now)
    assert await counted(store, now) == UNMOVED
    return store


async def counted(store: Store, now: datetime) -> dict[str, int]:
    """Mentions by tool, after making sure that items and rollups agree."""
    items = await stored(store)
    assert items == await rolled_up(store, now)
    return by_tool(items)


async def change(store: Store, edit: Callable[..., edits.Change], **inputs: Any) -> edits.Change:
    return await store.tool_changes.commit(partial(edit, **inputs), by="admin")


async def moved(store: Store, edit: Callable[..., edits.Change], **inputs: Any) -> None:
    await change(store, edit, **inputs)
    await ToolMoves(store, LABEL_OF).move_all()
    assert await store.tool_changes.open_moves() == []


async def test_a_merge_moves_mentions_for_good(store: Store, now: datetime) -> None:
    before = await store.state.version()
    await moved(store, edits.merge, merging=merging("cursor", "zed"))
    assert await counted(store, now) == {"cursor": 9}
    # What was positive of one and negative of the other is one mention, with the mean of both.
    assert (await stored(store))["cursor", "positive"] == 3
    assert (await store.state.version()).number > before.number


async def test_an_alias_moves_mentions_there_and_back(store: Store, now: datetime) -> None:
    original = await stored(store)
    await moved(store, edits.link, name="zed", primary="cursor")
    assert await counted(store, now) == {"cursor": 9}
    await moved(store, edits.unlink, name="zed")
    assert await stored(store) == original
    assert await counted(store, now) == UNMOVED


async def test_an_archived_tool_keeps_its_mentions_and_is_not_searched_for(
    store: Store, now: datetime
) -> None:
    await moved(store, edits.archive, name="zed")
    assert await counted(store, now) == UNMOVED
    assert [each.id for each in (await store.tools.catalogue()).found] == ["aider", "cursor"]
    await moved(store, edits.unarchive, name="zed")
    assert await counted(store, now) == UNMOVED
    assert [each.id for each in (await store.tools.catalogue()).found] == ["aider", "cursor", "zed"]


async def test_a_merged_tool_is_searched_for_still_and_an_archived_alias_is_not(store: Store) -> None:
    await moved(store, edits.merge, merging=merging("cursor", "zed"))
    await moved(store, edits.link, name="aider", primary="cursor")
    assert [each.id for each in (await store.tools.catalogue()).found] == ["aider", "cursor", "zed"]
    await moved(store, edits.archive, name="aider")
    assert [each.id for each in (await store.tools.catalogue()).found] == ["cursor", "zed"]
    await moved(store, edits.archive, name="cursor")
    assert (await store.tools.catalogue()).found == ()


async def test_a_deleted_tool_takes_its_mentions_and_leaves_the_items(store: Store, now: datetime) -> None:
    await moved(store, edits.delete, name="zed", check=anybody)
    assert await counted(store, now) == {"cursor": 6}
    assert await store.database.collection("posts").count_documents({}) == 6


async def test_a_deleted_tool_takes_what_was_merged_into_it(store: Store, now: datetime) -> None:
    await moved(store, edits.merge, merging=merging("cursor", "zed"))
    await moved(store, edits.delete, name="cursor", check=anybody)
    assert await counted(store, now) == {}


async def test_moving_again_changes_nothing(store: Store, now: datetime) -> None:
    merge = await change(store, edits.merge, merging=merging("cursor", "zed"))
    moves = ToolMoves(store, LABEL_OF)
    await moves.move_all()
    done = await store.tool_changes.move(merge.stamp.id)
    assert done is not None
    assert (done.done, done.items) == (True, 6)
    update = {"$set": {"open": True}}
    await store.database.collection("tool_changes").update_one({"_id": done.id}, update)
    await moves.move_all()
    assert await counted(store, now) == {"cursor": 9}


class Killed(BaseException):
    """The process ends here."""


async def test_a_move_that_was_killed_in_the_middle_is_resumed_at_the_next_start(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(store, edits.merge, merging=merging("cursor", "zed"))
    whole = store.items.retag

    async def killed(*arguments: Any) -> AsyncIterator[int]:
        async for count in whole(*arguments):
            yield count
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(store.items), "retag", lambda _, *arguments: killed(*arguments))
        with pytest.raises(Killed):
            await ToolMoves(store, LABEL_OF).move_all()
    half = by_tool(await stored(store))
    assert 0 < half["zed"] < 6
    async with background(ToolMoves(store, LABEL_OF).run(), "moves"):
        await eventually(partial(_nothing_open, store))
    assert await counted(store, now) == {"cursor": 9}


async def test_a_move_that_was_cancelled_goes_on_in_another_process(
    store: Store, now: datetime, mongo_settings: MakeSettings, mongodb_uri: str
) -> None:
    await change(store, edits.link, name="zed", primary="aider")
    first = asyncio.create_task(ToolMoves(store, LABEL_OF).run())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    other = open_store(mongo_settings(database=store.database.name))
    await other.database.connect(mongodb_uri)
    async with background(ToolMoves(other, LABEL_OF).run(), "moves"):
        await eventually(partial(_nothing_open, store))
    await other.database.close()
    assert await counted(store, now) == {"cursor": 6, "aider": 6}


async def _nothing_open(store: Store) -> bool:
    return await store.tool_changes.open_moves() == []


async def test_what_another_process_moves_is_left_to_it(store: Store) -> None:
    merge = await change(store, edits.merge, merging=merging("cursor", "zed"))
    assert await store.state.acquire(LEASE, "another", 60) is not None
    moves = ToolMoves(store, LABEL_OF)
    await moves.move_all()
    assert not (await moves.finish(merge.stamp.id, 0.0)).done


async def test_a_move_waits_until_the_database_is_back(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment_service.jobs.tool_moves.PAUSE_S", 0.01)
    await change(store, edits.merge, merging=merging("cursor", "zed"))
    whole, failures = store.rollups.recompute_dirty, [DatabaseUnavailableError("away")] * 2

    async def failing() -> int:
        if failures:
            raise failures.pop()
        return await whole()

    monkeypatch.setattr(type(store.rollups), "recompute_dirty", lambda _: failing())
    async with background(ToolMoves(store, LABEL_OF).run(), "moves"):
        await eventually(partial(_nothing_open, store))
    assert failures == []
    assert await counted(store, now) == {"cursor": 9}


async def test_a_move_is_waited_for_only_so_long(store: Store) -> None:
    merge = await change(store, edits.merge, merging=merging("cursor", "zed"))
    moves = ToolMoves(store, LABEL_OF)
    assert await moves.finish(merge.stamp.id, 0.0) == Move(merge.stamp.id, ("zed",), done=False, items=0)
    async with background(moves.run(), "moves"):
        assert await moves.finish(merge.stamp.id, 90.0) == Move(merge.stamp.id, ("zed",), True, 6)
        assert (await moves.finish("of long ago", 0.0)).done


class Deaf:
    """Scores nothing."""

    def use(self, catalogue: Catalogue) -> None:
        """Needs no tools."""

    async def score(self, texts: object, subreddits: object = None) -> list[Analysis | None]:
        return []


async def test_a_collection_at_the_same_time_loses_and_doubles_nothing(store: Store, now: datetime) -> None:
    """Pages are tagged by an old catalogue, while merges, links and deletions come between."""
    tagging = Tagging(store, Deaf(), LABEL_OF)  # type: ignore[arg-type]
    old = await store.tools.catalogue()

    async def collect() -> None:
        for page in range(6):
            await tagging.begin()
            items = spoken(old, now - timedelta(minutes=page), prefix=f"{page}x")
            await store.items.write(items, {}, seen_at=now)
            await tagging.settle(fullnames(items))
            await store.rollups.recompute_dirty()

    async def administer() -> None:
        await change(store, edits.link, name="zed", primary="aider")
        await change(store, edits.merge, merging=merging("cursor", "aider"))

    work: list[Awaitable[None]] = [collect(), administer()]
    moves = ToolMoves(store, LABEL_OF)
    async with background(moves.run(), "moves"):
        await asyncio.gather(*work)
    await moves.move_all()
    await store.rollups.recompute_dirty()
    assert await counted(store, now) == {"cursor": 9 * 7}
