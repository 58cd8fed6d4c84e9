"""Purging, receipts, erased authors, what is due, and dropped texts, on a real server."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sentiment_service.deletion import Receipt, RefreshPlan, author_hash
from sentiment_service.models import SetAside, Tally, TrendingPost, TrendingTopic, day_of
from sentiment_service.store.purges import RECEIPTS_KEPT, position_of_receipt
from sentiment_service.store.scrub import SCRATCH, note_withdrawn, scrub
from sentiment_service.store.stores import Store
from tests.store.commands import SeenCommands, operators, stages
from tests.store.conftest import Clock
from tests.store.content import DAY, HOUR, NOON, comment, post, scored
from tests.store.test_items import write
from tests.store.test_queries import OPERATORS, PROTOCOL, plan_of

Documents = Callable[[str], Awaitable[list[dict[str, Any]]]]


def topic(name: str, *post_ids: str) -> TrendingTopic:
    posts = tuple(TrendingPost(post_id, "A title", "https://x/", 1.0) for post_id in post_ids)
    return TrendingTopic(name, "", name, (), posts, 1.0, len(posts), Tally(), (), NOON, NOON)


async def test_a_purge_removes_the_item_its_notes_and_its_topics_and_leaves_a_receipt(
    store: Store, documents: Documents
) -> None:
    await write(store, scored(post(1)), scored(post(2)), scored(comment(1)), scored(comment(2)))
    await store.items.set_aside([SetAside("t3_1", "ValueError", "", "score")], cycle_id="c", at=NOON)
    await store.rollups.recompute_dirty()
    await store.trending.replace([topic("shown", "t3_2", "t3_1"), topic("other", "t3_2")])
    receipts = await store.purges.purge({"t3_1": "deleted", "t1_1": "removed", "t1_99": "missing"})
    assert receipts == [Receipt("t3_1", NOON, "deleted"), Receipt("t1_1", NOON, "removed")]
    assert [one["_id"] for one in await documents("posts")] == ["t3_2"]
    assert [one["_id"] for one in await documents("comments")] == ["t1_2"], "its other comments stay"
    assert await documents("set_aside") == []
    assert [each.topic for each in await store.trending.top(5)] == ["other"]
    assert await store.rollups.recompute_dirty() == 1
    (rollup,) = await store.rollups.read("all", day_of(NOON), day_of(NOON))
    assert (rollup.whole.posts, rollup.whole.comments) == (1, 1)
    kept = await documents("deletions")
    assert [set(one) for one in kept] == [{"_id", "kind", "deleted_at", "reason", "position"}] * 2
    assert await store.purges.receipts(limit=10) == receipts


async def test_purging_what_is_not_stored_leaves_no_trace(store: Store, documents: Documents) -> None:
    assert await store.purges.purge({"t3_1": "deleted"}) == []
    assert await documents("deletions") == []
    assert await store.purges.epoch() == 0


async def test_what_a_moderator_removed_is_barred_for_an_hour_and_what_its_author_deleted_for_good(
    store: Store,
) -> None:
    await write(store, *(scored(post(number)) for number in range(1, 5)))
    await store.purges.purge({"t3_1": "deleted", "t3_2": "removed", "t3_3": "missing", "t3_4": "erased"})
    assert await store.purges.epoch() == 1
    everything = ["t3_1", "t3_2", "t3_3", "t3_4", "t3_5"]
    soon = await store.purges.barred(everything, NOON + timedelta(minutes=59))
    assert soon == {"t3_1": "deleted", "t3_2": "removed", "t3_3": "missing", "t3_4": "erased"}
    assert set(await store.purges.barred(everything, NOON + HOUR)) == {"t3_1", "t3_4"}


async def test_receipts_are_read_in_pages_newest_first_and_expire_after_a_year(
    store: Store, clock: Clock
) -> None:
    await write(store, *(scored(post(number)) for number in range(10)))
    for number in range(10):
        clock.time = NOON + number * 20 * DAY
        await store.purges.purge({f"t3_{number}": "erased" if number == 0 else "removed"})
    found: list[Receipt] = []
    while page := await store.purges.receipts(
        limit=3, before=position_of_receipt(found[-1]) if found else None
    ):
        found += page
    assert [each.fullname for each in found] == [f"t3_{number}" for number in reversed(range(10))]
    clock.time = NOON + RECEIPTS_KEPT + 30 * DAY
    await store.purges.expire()
    left = await store.database.collection("deletions").find({}).to_list(None)
    assert {one["_id"] for one in left} == {f"t3_{number}" for number in (0, *range(2, 10))}


async def test_erasing_finds_the_author_in_any_case_and_remembers_only_a_hash(
    store: Store, documents: Documents
) -> None:
    mine = [scored(comment(number, author="Some_Body")) for number in range(250)]
    await write(store, *mine, scored(post(1, author="some_body")), scored(post(2, author="another")))
    receipts = await store.erasures.erase("sOME_bODY")
    assert len(receipts) == 251
    assert {each.reason for each in receipts} == {"erased"}
    assert [one["_id"] for one in await documents("posts")] == ["t3_2"]
    assert await documents("comments") == []
    assert await store.erasures.hashes(await store.purges.epoch()) == {author_hash("some_body")}
    await store.erasures.kept_out([author_hash("some_body")] * 3)
    (kept,) = await documents("erased_authors")
    assert (kept["_id"], kept["kept_out"], kept["erased_at"]) == (author_hash("some_body"), 3, NOON)
    assert await store.erasures.erase("some_body") == []
    assert "ody" not in str(await documents("deletions")) + str(await documents("erased_authors"))


async def test_the_erased_authors_are_read_again_only_when_something_was_purged(
    store: Store, seen: SeenCommands
) -> None:
    await store.erasures.erase("somebody")
    epoch = await store.purges.epoch()
    await store.erasures.hashes(epoch)
    seen.commands.clear()
    assert await store.erasures.hashes(epoch)
    assert seen.commands == []


async def test_items_are_due_when_the_plan_says_most_overdue_first(store: Store, clock: Clock) -> None:
    await write(store, scored(post(1, at=NOON)), scored(comment(1, at=NOON - 4.5 * HOUR)))
    assert await store.refreshes.due(limit=10) == []
    clock.time = NOON + 2 * HOUR
    assert [each.fullname for each in await store.refreshes.due(limit=10)] == ["t3_1", "t1_1"]
    assert [each.fullname for each in await store.refreshes.due(limit=1)] == ["t3_1"]
    plan = RefreshPlan()
    await store.refreshes.seen({"t3_1": plan.next_after(NOON, clock.time), "t3_404": NOON})
    assert [each.fullname for each in await store.refreshes.due(limit=10)] == ["t1_1"]
    assert await store.items.post("t3_404") is None, "noting a refresh brings nothing back"


async def test_items_of_before_there_were_refreshes_are_due_at_once(store: Store) -> None:
    await write(store, scored(post(1)), scored(post(2)))
    await store.database.collection("posts").update_one({"_id": "t3_2"}, {"$unset": {"refresh_at": ""}})
    assert [each.fullname for each in await store.refreshes.due(limit=10)] == ["t3_2"]


async def test_since_when_an_item_is_missing_is_kept_until_it_is_seen(store: Store, clock: Clock) -> None:
    await write(store, scored(post(1)))
    clock.time = NOON + HOUR
    await store.refreshes.missing(await store.refreshes.due(limit=1), again_at=clock.time)
    clock.time = NOON + 2 * HOUR
    due = await store.refreshes.due(limit=1)
    assert due[0].missing_since == NOON + HOUR
    await store.refreshes.missing(due, again_at=clock.time)
    assert (await store.refreshes.due(limit=1))[0].missing_since == NOON + HOUR
    await store.refreshes.seen({"t3_1": clock.time})
    assert (await store.refreshes.due(limit=1))[0].missing_since is None


SLUG = "https://www.reddit.com/r/Cursor/comments/1/my_secret_title/"


async def test_dropping_texts_keeps_the_numbers_and_still_notices_an_edit(
    store: Store, documents: Documents
) -> None:
    old = post(1, at=NOON - DAY, title="Secret", text="secret", permalink=SLUG, url=SLUG)
    await write(
        store, scored(old), scored(comment(1, at=NOON - DAY, text="secret")), scored(post(2, at=NOON))
    )
    assert sum([count async for count in store.items.drop_texts(NOON - HOUR, batch=1)]) == 2
    assert sum([count async for count in store.items.drop_texts(NOON - HOUR, batch=1)]) == 0
    bare, whole = await documents("posts")
    assert "secret" not in str((bare, await documents("comments"))).lower()
    assert whole["text"] == "Text 2"
    stored = await store.items.post("t3_1")
    assert stored is not None
    assert (stored.post.score, stored.sentiment, stored.post.permalink) == (
        4,
        scored(old).sentiment,
        "https://www.reddit.com/r/Cursor/comments/1/_/",
    )
    known = await store.items.known(["t3_1"])
    changed = post(1, at=NOON - DAY, title="Secret", text="secret", score=9, permalink=SLUG, url=SLUG)
    assert known["t3_1"].digest == bare["digest"]
    await write(store, scored(changed, -0.5))
    await write(
        store, scored(post(1, at=NOON - DAY, title="Secret", text="secret, edited", permalink=SLUG), -0.5)
    )
    bare, _ = await documents("posts")
    assert (bare["text"], bare["title"], bare["sentiment"]["polarity"]) == ("", "", -0.5)
    assert "secret" not in str(bare).lower()


async def test_a_comment_does_not_carry_the_title_of_its_post(store: Store, documents: Documents) -> None:
    link = "https://www.reddit.com/r/Cursor/comments/1/my_secret_title/abc/"
    await write(store, scored(comment(1, permalink=link)))
    (held,) = await documents("comments")
    assert held["permalink"] == "https://www.reddit.com/r/Cursor/comments/1/_/abc/"


async def test_searches_are_served_by_indexes_and_only_portable_operators_are_sent(
    store: Store, seen: SeenCommands, clock: Clock
) -> None:
    await write(store, *(scored(post(number, author=f"a{number}")) for number in range(30)))
    clock.time = NOON + 2 * HOUR
    seen.commands.clear()
    due = await store.refreshes.due(limit=10)
    await store.refreshes.missing(due, again_at=clock.time)
    await store.refreshes.seen({each.fullname: clock.time for each in due})
    await store.purges.purge({"t3_1": "removed"})
    await store.purges.barred(["t3_1"], clock.time)
    await store.purges.receipts(limit=5)
    await store.purges.expire()
    await store.erasures.erase("a2")
    await store.erasures.hashes(1)
    await store.audit.record("erase", "x", {"items": 1})
    assert [count async for count in store.items.drop_texts(NOON + HOUR, batch=10)]
    assert {operator for command in seen.commands for operator in operators(command)} - PROTOCOL <= OPERATORS
    searches: list[tuple[str, dict[str, Any], dict[str, int]]] = [
        ("posts", {"refresh_at": {"$lte": NOON}}, {"refresh_at": 1}),
        ("posts", {"refresh_at": None}, {"refresh_at": 1}),
        ("comments", {"author_key": "x"}, {}),
        ("deletions", {"position": {"$gte": "x"}}, {"position": -1}),
    ]
    for name, wanted, sort in searches:
        plan = await plan_of(store, name, wanted, sort)
        assert "COLLSCAN" not in set(stages(plan["queryPlanner"]["winningPlan"])), (name, wanted)


async def test_scrubbing_leaves_nothing_behind(store: Store, documents: Documents) -> None:
    await scrub(store.database)
    await note_withdrawn(store.database)
    await scrub(store.database)
    assert await documents(SCRATCH) == []
    assert [document for document in await documents("state") if document["_id"] == "scrub"] == []
