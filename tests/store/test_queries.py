"""What is sent: served by an index, and understood by MongoDB 6 and Cosmos DB.

The embedded server accepts more than both, so what is sent is compared with a list.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest_asyncio

from sentiment_service.models import (
    Cycle,
    JobOutcome,
    Label,
    ScoredItem,
    SetAside,
    Span,
    Tally,
    TrendingTopic,
    Watermark,
    day_of,
    position_of,
)
from sentiment_service.store.connection import Document
from sentiment_service.store.stores import Store
from tests.store.commands import SeenCommands, operators, stages
from tests.store.content import DAY, HOUR, NOON, comment, post, scored
from tests.store.test_items import write

OPERATORS = {
    "$match", "$group", "$unwind", "$facet", "$sum", "$multiply",
    "$in", "$nin", "$ne", "$gt", "$gte", "$lt", "$lte",
    "$set", "$setOnInsert", "$unset", "$inc",
}  # fmt: skip
"""Operators and stages that every server we promise to run on understands."""
PROTOCOL = {"$db", "$clusterTime", "$readPreference"}
ALLOWED_COMMANDS = {
    "find", "aggregate", "insert", "update", "delete", "findAndModify", "getMore", "createIndexes",
    "endSessions", "hello", "isMaster", "killCursors", "drop", "dropDatabase",
}  # fmt: skip
UNINDEXED = {"sentiment.label"}
"""Equalities that are checked on what a range of positions finds."""
SMALL = {"state", "leases", "outcomes", "watermarks", "dirty_days", "trending"}
"""Collections that hold a handful of documents, read as a whole."""


@pytest_asyncio.fixture
async def used(store: Store, seen: SeenCommands) -> Store:
    """A store after each of its methods was used."""
    items = [scored(post(n, at=NOON - n * HOUR)) for n in range(40)]
    await write(
        store, *items, *(scored(comment(n, post_number=n % 5, at=NOON - n * HOUR)) for n in range(40))
    )
    await write(store, ScoredItem(post(1, at=NOON - HOUR, upvotes=77), None, keep_sentiment=True))
    await store.items.confirm()
    await store.rollups.recompute_dirty()
    await store.rollups.read("all", day_of(NOON) - DAY, day_of(NOON))
    await store.items.thread_opened("t3_1", 3)
    before = position_of(NOON, "t3_0")
    for filters in (
        {},
        {"subreddit": "Cursor"},
        {"subreddit": "Cursor", "label": Label.NEGATIVE},
        {"label": Label.POSITIVE},
        {"tool": "cursor"},
    ):
        await store.items.recent_posts(since=NOON - 3 * DAY, limit=5, before=before, **filters)
    await store.items.recent_posts(since=NOON - 3 * DAY, limit=100)
    await store.items.posts_between(NOON - DAY, NOON, limit=100)
    await store.spoken.said("cursor", Span(NOON - DAY, NOON), limit=160)
    await store.items.post("t3_1")
    await store.items.comments_of("t3_1", limit=5, after=before)
    await store.items.comment_counts(["t3_1", "t3_2"])
    await store.items.set_aside([SetAside("t3_9", "ValueError", "", "parse")], cycle_id="c", at=NOON)
    assert [count async for count in store.items.delete_before(NOON - DAY, batch=10)]
    await store.rollups.recompute_dirty()
    await _use_the_rest(store)
    return store


async def _use_the_rest(store: Store) -> None:
    cycle = Cycle("c1", "running", "admin", NOON)
    await store.cycles.save(cycle)
    await store.cycles.save(replace(cycle, id="c2"))
    await store.cycles.latest(limit=1, before="c2")
    await store.cycles.abandon_running(except_id="c2")
    await store.watermarks.save(Watermark("Cursor"), fence=1)
    await store.watermarks.all()
    topic = TrendingTopic("a", "b", "c", (), (), 1.0, 1, Tally(), (), NOON, NOON)
    await store.trending.replace([topic])
    await store.trending.replace([topic])
    await store.trending.top(5)
    lease = await store.state.acquire("collect", "me", 60)
    assert lease is not None
    await store.state.renew(lease, 60)
    await store.state.holder("collect")
    await store.state.release(lease)
    await store.state.bump_version()
    await store.state.version()
    await store.state.save_outcome(JobOutcome("collect", NOON, NOON, "completed"))
    await store.state.outcomes()
    await store.database.check()


def filters_of(command: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], Mapping[str, int]]]:
    """Collection, filter and sort of everything a command looks for."""
    if "find" in command:
        return [(command["find"], command["filter"], command.get("sort", {}))]
    if "aggregate" in command:
        first = command["pipeline"][0]
        assert list(first) == ["$match"], "a pipeline begins by narrowing down"
        return [(command["aggregate"], first["$match"], {})]
    if "findAndModify" in command:
        return [(command["findAndModify"], command["query"], command.get("sort") or {})]
    parts = [("update", "updates"), ("delete", "deletes")]
    return [
        (command[name], one["q"], {})
        for name, several in parts
        if name in command
        for one in command[several]
    ]


def indexed_part(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """A filter without what is only checked on what an index finds.

    The embedded server uses the index then, as MongoDB does, but its explain does not know it.
    """
    if isinstance(wanted.get("_id"), str):
        return {"_id": wanted["_id"]}
    beside = {"tools", "found"} if "subreddit_key" in wanted else UNINDEXED
    return {key: value for key, value in wanted.items() if key not in beside}


async def plan_of(store: Store, name: str, wanted: Mapping[str, Any], sort: Mapping[str, int]) -> Document:
    """The plan of a search."""
    collection = store.database.collection(name)
    search: Document = {"find": name, "filter": dict(wanted)} | ({"sort": dict(sort)} if sort else {})
    plan: Document = await collection.database.command("explain", search, verbosity="queryPlanner")
    return plan


async def test_every_search_in_a_large_collection_is_served_by_an_index(
    used: Store, seen: SeenCommands
) -> None:
    looked_at = set()
    searches = [search for command in seen.commands for search in filters_of(command)]
    for name, wanted, sort in searches:
        if name in SMALL:
            continue
        assert not {"$or", "$and", "$nor", "$expr"} & set(wanted), (
            f"{name}: only flat filters are fast everywhere"
        )
        plan = await plan_of(used, name, indexed_part(wanted), sort)
        found = set(stages(plan["queryPlanner"]["winningPlan"]))
        assert "COLLSCAN" not in found, f"{name} {wanted}"
        assert found & {"IXSCAN", "IDHACK"}, f"{name} {wanted}: {plan}"
        looked_at.add(name)
    assert looked_at == {"posts", "comments", "rollups", "cycles", "set_aside"}


async def test_small_collections_stay_small_enough_to_be_read_whole(used: Store) -> None:
    for name in SMALL:
        assert len(await used.database.collection(name).find({}).to_list(None)) <= 10, name


async def test_only_stages_and_operators_that_every_server_understands_are_sent(
    used: Store, seen: SeenCommands
) -> None:
    sent = {operator for command in seen.commands for operator in operators(command)} - PROTOCOL
    assert sent <= OPERATORS
    assert {"$match", "$group", "$setOnInsert"} <= sent, "the listener saw the commands"
    assert {next(iter(command)) for command in seen.commands} <= ALLOWED_COMMANDS


async def test_sorted_searches_are_limited_or_narrow(used: Store, seen: SeenCommands) -> None:
    for command in seen.named("find"):
        if command["find"] in SMALL or not command.get("sort"):
            continue
        ranged = any(isinstance(value, dict) for value in command["filter"].values())
        assert command.get("limit") or ranged, command
