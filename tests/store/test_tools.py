"""Tools are seeded once, found by id and slug, and read again only when one has changed."""

from dataclasses import replace

import pytest

from sentiment_service.store.stores import Store
from sentiment_service.store.tool_documents import as_stored
from sentiment_service.store.tools import COLLECTION
from sentiment_service.tools import Tool
from tests.store.conftest import OpenStore
from tests.store.content import NOON


def tool(name: str, **changes: object) -> Tool:
    """An active tool; its id is its name in lower case."""
    plain = Tool(
        id=name.lower(),
        name=name,
        slug=name.lower(),
        vendor="Somebody",
        categories=("editor",),
        aliases=(f"{name} AI",),
        ambiguous=(name,),
        home_subreddits=(name,),
        status="active",
        created_at=NOON,
        updated_at=NOON,
        created_by="settings",
        updated_by="settings",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def test_a_new_database_begins_with_the_seeds(store: Store) -> None:
    assert (await store.tools.catalogue()).tools == ()
    cursor, zed = tool("Cursor", metadata={"a": 1}, description="an editor"), tool("Zed")
    version = await store.state.version()
    assert await store.tools.seed([zed, cursor])
    catalogue = await store.tools.catalogue()
    assert catalogue.tools == (cursor, zed)
    assert catalogue.number == 1
    assert (await store.state.version()).number == version.number + 1


async def test_seeds_that_were_deleted_do_not_come_back(store: Store, opened: OpenStore) -> None:
    await store.tools.seed([tool("Cursor"), tool("Zed")])
    await store.database.collection(COLLECTION).delete_one({"_id": "zed"})
    await store.tools.raise_number()
    again = await opened()
    assert not await again.tools.seed([tool("Cursor"), tool("Zed"), tool("Aider")])
    assert [each.id for each in (await again.tools.catalogue()).tools] == ["cursor"]


async def test_a_database_without_tools_stays_without_them(store: Store) -> None:
    await store.tools.seed([])
    assert not await store.tools.seed([tool("Cursor")])
    assert (await store.tools.catalogue()).tools == ()


async def test_seeds_cut_short_are_completed(store: Store) -> None:
    await store.tools.seed([tool("Cursor", description="kept")])
    await store.database.collection("state").update_one({"_id": "catalogue"}, {"$unset": {"seeded": 1}})
    assert await store.tools.seed([tool("Cursor"), tool("Zed")])
    assert [each.description for each in (await store.tools.catalogue()).tools] == ["kept", ""]


async def test_tools_are_read_again_only_after_a_change(store: Store) -> None:
    await store.tools.seed([tool("Cursor")])
    first = await store.tools.catalogue()
    assert await store.tools.catalogue() is first
    await store.tools.raise_number()
    second = await store.tools.catalogue()
    assert second is not first
    assert (second.number, second.tools) == (first.number + 1, first.tools)


async def test_a_change_by_another_process_is_seen_at_the_next_reading(
    store: Store, opened: OpenStore
) -> None:
    other = await opened()
    await store.tools.seed([tool("Cursor")])
    assert await other.tools.find("zed") is None
    await store.database.collection(COLLECTION).update_one({"_id": "cursor"}, {"$set": {"slug": "zed"}})
    await store.tools.raise_number()
    found = await other.tools.find("zed")
    assert found is not None
    assert found.id == "cursor"


@pytest.mark.parametrize(("name", "id_"), [("cursor", "cursor"), ("curser", "cursor"), ("zed", "zed")])
async def test_a_tool_is_found_by_id_or_slug_and_the_id_wins(store: Store, name: str, id_: str) -> None:
    await store.tools.seed([tool("Cursor", slug="curser"), tool("Aider", slug="zed"), tool("Zed", slug="z")])
    found = await store.tools.find(name)
    assert found is not None
    assert found.id == id_


async def test_nobody_is_found_under_a_name_that_is_not_there(store: Store) -> None:
    assert await store.tools.find("cursor") is None


def test_times_are_cut_to_what_is_kept() -> None:
    exact = tool("Zed", updated_at=NOON.replace(microsecond=1999))
    assert as_stored(exact).updated_at == NOON.replace(microsecond=1000)
