"""Changes of tools happen as a whole, one at a time, and leave a record, wherever they are cut short."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sentiment_service.errors import DatabaseUnavailableError, ToolRefusedError
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.stores import Store
from sentiment_service.store.tool_changes import COLLECTION
from sentiment_service.store.tools import COLLECTION as TOOLS
from sentiment_service.store.tools import Tools
from tests.store.conftest import Clock, OpenStore
from tests.store.content import NOON
from tests.store.test_tool_edits import anybody, merging
from tests.store.test_tools import tool


@pytest.fixture
async def store(store: Store) -> Store:
    """A store with three tools."""
    await store.tools.seed([tool("Cursor"), tool("Zed"), tool("Aider")])
    return store


async def commit(store: Store, edit: Any, **inputs: Any) -> edits.Change:
    return await store.tool_changes.commit(partial(edit, **inputs), by="admin", client="c")


async def test_a_change_is_read_back_with_its_revision_and_record(store: Store) -> None:
    before = await store.tools.number()
    values = {"vendor": "Else", "metadata": {"big": 2**70, "a.b": None}}
    change = await commit(store, edits.update, name="cursor", values=values, check=anybody)
    found = await store.tools.find("cursor")
    assert found == change.tool
    assert found is not None
    assert (found.vendor, found.revision, found.metadata["big"]) == ("Else", 2, 2**70)
    assert await store.tools.number() == before + 1
    (entry,), total = await store.audit.page("cursor", skip=0, limit=10)
    assert total == 1
    assert (entry.action, entry.by, entry.client, entry.at) == ("updated", "admin", "c", NOON)
    assert entry.changes == {"vendor": ("Somebody", "Else"), "metadata": ({}, values["metadata"])}


async def test_a_refused_change_changes_nothing(store: Store) -> None:
    before = await store.tools.catalogue()
    with pytest.raises(ToolRefusedError):
        await commit(store, edits.merge, merging=merging("cursor", "cursor"))
    assert await store.tools.catalogue() == before
    assert await store.audit.page("cursor", skip=0, limit=10) == ([], 0)
    assert await store.database.collection(COLLECTION).count_documents({}) == 0


async def test_a_merge_leaves_a_record_with_each_tool_and_a_move(store: Store) -> None:
    change = await commit(store, edits.merge, merging=merging("cursor", "zed"))
    for subject, fields in (("cursor", {"vendor", "categories"}), ("zed", {"status", "merged_into"})):
        (entry,), _ = await store.audit.page(subject, action="merged", skip=0, limit=10)
        assert set(entry.changes) == fields
        assert entry.details["source_tool_ids"] == ["zed"]
    (move,) = await store.tool_changes.open_moves()
    assert (move.id, move.tools, move.done) == (change.stamp.id, ("zed",), False)
    await store.tool_changes.close(move, 12)
    assert await store.tool_changes.open_moves() == []
    closed = await store.tool_changes.move(move.id)
    assert closed is not None
    assert (closed.done, closed.items) == (True, 12)


async def test_moves_that_were_done_long_ago_are_forgotten(store: Store, clock: Clock) -> None:
    old = await commit(store, edits.archive, name="zed")
    clock.time += timedelta(days=2)
    await commit(store, edits.merge, merging=merging("cursor", "aider"))
    (move,) = await store.tool_changes.open_moves()
    await store.tool_changes.close(move, 0)
    assert await store.tool_changes.move(old.stamp.id) is None
    assert await store.tool_changes.move(move.id) is not None


async def test_changes_by_many_at_once_happen_one_after_the_other(
    store: Store, opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment_service.store.tool_changes.WAIT_S", 90.0)
    stores = [store, await opened()]
    await asyncio.gather(
        *(
            commit(stores[n % 2], edits.update, name="zed", values={"vendor": f"V{n}"}, check=anybody)
            for n in range(10)
        )
    )
    found = await store.tools.find("zed")
    assert found is not None
    assert found.revision == 11
    assert (await store.audit.page("zed", skip=0, limit=1))[1] == 10


class CrashError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("point", ["before the tools", "before the record", "before the number"])
async def test_a_change_cut_short_is_completed_by_whoever_comes_next(
    store: Store, opened: OpenStore, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    with monkeypatch.context() as patch:
        crash_at(point, store, patch)
        with pytest.raises(CrashError):
            await commit(store, edits.merge, merging=merging("cursor", "zed"))
    other = await opened()
    await other.tool_changes.complete()
    found = await other.tools.find("zed")
    assert found is not None
    assert (found.status, found.merged_into) == ("archived", "cursor")
    assert (await other.audit.page("zed", skip=0, limit=10))[1] == 1
    assert [move.tools for move in await other.tool_changes.open_moves()] == [("zed",)]
    assert (await other.tools.catalogue()).number == await store.tools.number()
    await other.tool_changes.complete()
    assert (await other.tools.catalogue()).number == await store.tools.number()


def crash_at(point: str, store: Store, patch: pytest.MonkeyPatch) -> None:
    async def crash(*arguments: object, **more: object) -> None:
        raise CrashError

    if point == "before the tools":
        patch.setattr(type(store.tool_changes), "_apply", crash)
    elif point == "before the record":
        patch.setattr(type(store.audit), "add", crash)
    else:
        patch.setattr(Tools, "raise_number", crash)


async def test_a_change_cut_short_happens_before_the_next_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        crash_at("before the tools", store, patch)
        with pytest.raises(CrashError):
            await commit(store, edits.archive, name="zed")
    with pytest.raises(ToolRefusedError, match="archived"):
        await commit(store, edits.archive, name="zed")


async def test_who_waits_too_long_for_others_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment_service.store.tool_changes.WAIT_S", 0.0)
    assert await store.state.acquire("tools", "somebody", 60) is not None
    with pytest.raises(DatabaseUnavailableError, match="another process"):
        await commit(store, edits.archive, name="zed")


async def test_a_deleted_tool_is_gone_and_its_record_stays(store: Store) -> None:
    await commit(store, edits.link, name="aider", primary="zed")
    await commit(store, edits.delete, name="zed", check=anybody)
    assert [each.id for each in (await store.tools.catalogue()).tools] == ["aider", "cursor"]
    stored: Mapping[str, Any] | None = await store.database.collection(TOOLS).find_one({"_id": "aider"})
    assert stored is not None
    assert stored["alias_of"] is None
    (entry, *_), total = await store.audit.page("zed", skip=0, limit=10)
    assert (entry.action, total) == ("deleted", 1)
    assert entry.changes["name"] == ("Zed", None)
