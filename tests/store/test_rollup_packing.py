"""Rollups of schema version 2 become those of version 3."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from sentiment_service.models import Label, Mention
from sentiment_service.store import rollup_packing
from sentiment_service.store.documents import tally_document
from sentiment_service.store.rollup_packing import pack_rollups
from sentiment_service.store.stores import Store
from sentiment_service.store.tally_rows import unpacked
from tests.store.content import DAY, HOUR, NOON, post, scored
from tests.store.test_items import write

Documents = Callable[[str], Awaitable[list[dict[str, Any]]]]


def former(document: dict[str, Any]) -> dict[str, Any]:
    """A rollup as version 2 wrote it."""
    tallies = {key: tally_document(tally) for key, tally in unpacked(document).items()}
    kept = {key: value for key, value in document.items() if key not in ("rows", "row_scorers", "tool_ids")}
    if document["kind"] == "tools":
        ids = document["tool_ids"]
        return kept | {"tools": [{"tool_id": ids[at], "tally": tally} for at, tally in tallies.items()]}
    return kept | {"hours": {str(hour): tally for hour, tally in tallies.items()}}


async def stored_as_before(store: Store, documents: Documents) -> list[dict[str, Any]]:
    """Rollups of two days and two tools, stored as version 2 did; returns how they are now."""
    mentions = tuple(Mention(tool, 0.5, Label.POSITIVE, "it works", ()) for tool in ("cursor", "aider"))
    items = [
        scored(post(n, at=NOON - n * 7 * HOUR, subreddit=("Cursor", "aws")[n % 2]), n / 10) for n in range(6)
    ]
    await write(store, *items, replace(scored(post(9, at=NOON - DAY), 0.3), mentions=mentions))
    await store.rollups.recompute_dirty()
    packed = await documents("rollups")
    assert {document["kind"] for document in packed} == set(rollup_packing.KINDS)
    for document in packed:
        await store.database.collection("rollups").replace_one({"_id": document["_id"]}, former(document))
    return packed


async def test_former_rollups_are_packed_once(store: Store, documents: Documents) -> None:
    packed = await stored_as_before(store, documents)
    assert await documents("rollups") != packed
    for _ in range(2):
        await pack_rollups(store.database)
        assert await documents("rollups") == packed


async def test_a_rollup_that_was_packed_and_counted_meanwhile_stays(
    store: Store, documents: Documents
) -> None:
    packed = await stored_as_before(store, documents)
    updates = [
        rollup_packing._update(document, name)
        for document in await documents("rollups")
        for name in rollup_packing.FORMER
        if name in document
    ]
    await pack_rollups(store.database)
    await store.database.collection("rollups").update_many({}, {"$set": {"rows": b"", "row_scorers": []}})
    await rollup_packing._write(store.database, updates)
    assert len(updates) == len(packed)
    assert {document["rows"] for document in await documents("rollups")} == {b""}
