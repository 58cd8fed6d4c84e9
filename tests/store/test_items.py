"""Writing and reading posts and comments on a real server."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sentiment_service.models import Known, Label, ScoredItem, SetAside, Sighting, Written, position_of
from sentiment_service.store.stores import Store
from tests.store.conftest import Clock
from tests.store.content import DAY, HOUR, NOON, comment, post, scored, sentiment

Documents = Callable[[str], Awaitable[list[dict[str, Any]]]]


async def write(store: Store, *items: ScoredItem, seen_at: datetime = NOON) -> Written:
    known = await store.items.known([one.item.fullname for one in items])
    return await store.items.write(items, known, seen_at=seen_at)


async def test_what_is_written_is_read_back_whole(store: Store) -> None:
    item = post(flair="Bug", edited_at=NOON + HOUR, comment_count=3, author=None)
    answer = comment(parent_id="t1_9", at=NOON + HOUR, flair="Pro")
    assert await write(store, scored(item), scored(answer, -0.4)) == Written(2, 0, 0)
    held = await store.items.post("t3_1")
    assert held is not None
    assert held.post == item
    assert held.sentiment == sentiment(0.5)
    assert (held.collected_at, held.seen, held.previous) == (NOON, Sighting(NOON, 5, 3), None)
    assert held.tools == ()
    (stored,) = await store.items.comments_of("t3_1", limit=10)
    assert stored.comment == answer
    assert stored.sentiment == sentiment(-0.4)


async def test_writing_twice_changes_nothing(store: Store, documents: Documents) -> None:
    items = [scored(post(1)), scored(comment(1)), scored(post(2, text=""), None)]
    await write(store, *items)
    before = await documents("posts") + await documents("comments")
    assert await write(store, *items, seen_at=NOON + HOUR) == Written(0, 0, 3)
    assert await documents("posts") + await documents("comments") == before


async def test_writing_without_looking_first_still_keeps_one_document(
    store: Store, documents: Documents
) -> None:
    await store.items.write([scored(post(upvotes=1))], {}, seen_at=NOON)
    await store.items.write([scored(post(upvotes=2)), scored(post(2))], {}, seen_at=NOON + HOUR)
    first, second = await documents("posts")
    assert (first["_id"], first["upvotes"], first["collected_at"]) == ("t3_1", 2, NOON)
    assert (second["_id"], second["collected_at"]) == ("t3_2", NOON + HOUR)


@pytest.mark.parametrize(
    "changes",
    [
        {"upvotes": 6},
        {"score": 5},
        {"comment_count": 1},
        {"flair": "Solved"},
        {"author": None},
        {"edited_at": NOON + HOUR},
        {"text": "Something else"},
        {"title": "Something else"},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_a_change_of_any_field_is_written(store: Store, changes: dict[str, Any]) -> None:
    await write(store, scored(post()))
    assert await write(store, scored(post(**changes))) == Written(0, 1, 0)
    held = await store.items.post("t3_1")
    assert held is not None
    assert held.post == post(**changes)


async def test_a_score_stands_when_only_counts_change(store: Store) -> None:
    await write(store, scored(post()))
    await write(store, ScoredItem(post(upvotes=50), None, keep_sentiment=True))
    held = await store.items.post("t3_1")
    assert held is not None
    assert held.sentiment == sentiment(0.5)
    assert held.post.upvotes == 50


async def test_a_placeholder_replaces_a_text_and_its_score(store: Store) -> None:
    await write(store, scored(comment()))
    assert await write(store, scored(comment(text="[removed]", author=None), None)) == Written(0, 1, 0)
    (stored,) = await store.items.comments_of("t3_1", limit=1)
    assert (stored.comment.text, stored.comment.author, stored.sentiment) == ("[removed]", None, None)


async def test_another_scorer_replaces_the_score(store: Store) -> None:
    await write(store, scored(post()))
    again = ScoredItem(post(), sentiment(-0.2, scorer="textblob@2"))
    assert await write(store, again) == Written(0, 1, 0)
    known = await store.items.known(["t3_1"])
    assert known["t3_1"].scorer == "textblob@2"


async def test_a_sighting_moves_back_after_fifteen_minutes(store: Store) -> None:
    await write(store, scored(post(upvotes=10)))
    await write(store, scored(post(upvotes=20)), seen_at=NOON + timedelta(minutes=14))
    soon = await store.items.post("t3_1")
    await write(store, scored(post(upvotes=30)), seen_at=NOON + timedelta(minutes=15))
    later = await store.items.post("t3_1")
    assert soon is not None
    assert later is not None
    assert (soon.seen, soon.previous, soon.post.upvotes) == (Sighting(NOON, 10, 0), None, 20)
    assert later.previous == Sighting(NOON, 10, 0)
    assert later.seen == Sighting(NOON + timedelta(minutes=15), 30, 0)


async def test_an_item_deleted_since_it_was_looked_up_is_stored_whole(store: Store) -> None:
    await write(store, scored(post()))
    known = await store.items.known(["t3_1"])
    await store.database.collection("posts").delete_many({})
    again = ScoredItem(post(upvotes=9), None, keep_sentiment=True)
    await store.items.write([again], known, seen_at=NOON + HOUR)
    held = await store.items.post("t3_1")
    assert held is not None
    assert (held.post.upvotes, held.sentiment, held.seen.at) == (9, None, NOON + HOUR)


async def test_known_tells_what_is_held_and_leaves_out_the_rest(store: Store) -> None:
    await write(store, scored(post(comment_count=7, flair="x")), scored(comment(), None))
    known = await store.items.known(["t3_1", "t1_1", "t3_2", "t3_1"])
    assert set(known) == {"t3_1", "t1_1"}
    assert replace(known["t3_1"], digest="") == Known(
        fullname="t3_1",
        digest="",
        scorer="textblob@1",
        score=4,
        upvotes=5,
        comment_count=7,
        seen_at=NOON,
        has_sentiment=True,
        author="someone",
        flair="x",
        seen=Sighting(NOON, 5, 7),
    )
    assert (known["t1_1"].scorer, known["t1_1"].has_sentiment) == (None, False)


@pytest.mark.parametrize("text", ["lone \ud83d surrogate \udc00", "nul \x00 inside", "😡 \u202e\ufeff", ""])
async def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    item = post(text=text, title=text, author=text, flair=text, url=text)
    await write(store, scored(item), scored(comment(text=text, author=text)))
    held = await store.items.post("t3_1")
    assert held is not None
    assert held.post == item
    assert (await store.items.comments_of("t3_1", limit=1))[0].comment.text == text
    assert (await write(store, scored(item))).unchanged == 1


async def test_items_the_database_cannot_store_do_not_stop_the_others(store: Store) -> None:
    written = await write(
        store,
        scored(post(1, upvotes=2**70)),
        scored(post(2)),
        scored(post(3, text="x" * 17_000_000)),
        scored(comment(1, post_id="t3_\ud800")),
    )
    assert (written.new, written.updated) == (1, 0)
    assert sorted((one.fullname, one.error, one.stage) for one in written.refused) == [
        ("t1_1", "UnicodeEncodeError", "store"),
        ("t3_1", "OverflowError", "store"),
        ("t3_3", "DocumentTooLarge", "store"),
    ]
    assert set(await store.items.known(["t3_1", "t3_2", "t3_3", "t1_1"])) == {"t3_2"}


async def test_a_refused_update_leaves_what_was_stored(store: Store) -> None:
    await write(store, scored(post()))
    written = await write(store, scored(post(upvotes=2**70)), scored(post(2)))
    assert (written.new, written.updated, len(written.refused)) == (1, 0, 1)
    assert (await store.items.known(["t3_1"]))["t3_1"].upvotes == 5


async def test_set_aside_keeps_one_note_for_each_item(store: Store, documents: Documents) -> None:
    broken = SetAside("t3_1", "ValueError", "no \ud800 title", "parse")
    await store.items.set_aside([broken], cycle_id="c1", at=NOON)
    await store.items.set_aside([broken], cycle_id="c2", at=NOON + HOUR)
    (note,) = await documents("set_aside")
    assert (note["times"], note["cycle_id"], note["first_at"], note["at"]) == (2, "c2", NOON, NOON + HOUR)


async def test_an_opened_thread_is_noted_at_its_comment_count(store: Store) -> None:
    await write(store, scored(post()))
    before = await store.items.post("t3_1")
    await store.items.thread_opened("t3_1", 12)
    after = await store.items.post("t3_1")
    assert before is not None
    assert after is not None
    assert (before.thread_count, after.thread_count) == (None, 12)


async def test_an_unknown_post_is_none(store: Store) -> None:
    assert await store.items.post("t3_missing") is None


async def test_pages_of_recent_posts_join_without_holes_while_posts_arrive(
    store: Store, clock: Clock
) -> None:
    clock.time = NOON
    await write(store, *(scored(post(n, at=NOON - n * timedelta(minutes=37))) for n in range(60)))
    collected: list[str] = []
    before = None
    for turn in range(20):
        page = await store.items.recent_posts(since=NOON - 30 * DAY, limit=7, before=before)
        if not page:
            break
        collected += [one.post.fullname for one in page]
        before = position_of(page[-1].post.created_at, page[-1].post.fullname)
        await write(store, scored(post(1000 + turn, at=NOON + turn * HOUR)))
    assert collected == [f"t3_{n}" for n in range(60)]


async def test_posts_of_one_second_are_paged_each_once(store: Store) -> None:
    await write(store, *(scored(post(n)) for n in range(300, 309)))
    first = await store.items.recent_posts(since=NOON - DAY, limit=4)
    last = first[-1].post
    rest = await store.items.recent_posts(
        since=NOON - DAY, limit=9, before=position_of(last.created_at, last.fullname)
    )
    assert [one.post.fullname for one in (*first, *rest)] == [f"t3_{n}" for n in range(308, 299, -1)]


async def test_recent_posts_are_filtered(store: Store) -> None:
    await write(
        store,
        scored(post(1, subreddit="Cursor"), 0.5),
        scored(post(2, subreddit="ClaudeAI"), -0.5),
        scored(post(3, subreddit="cursor", at=NOON - 3 * HOUR), -0.5),
        scored(post(4, subreddit="Cursor", at=NOON - 3 * DAY), -0.5),
    )
    await store.database.collection("posts").update_one({"_id": "t3_2"}, {"$set": {"tools": ["claude-code"]}})
    recent, since = store.items.recent_posts, NOON - DAY

    def names(found: list[Any]) -> list[str]:
        return [one.post.fullname for one in found]

    assert names(await recent(since=since, limit=10)) == ["t3_2", "t3_1", "t3_3"]
    assert names(await recent(since=since, limit=10, subreddit="CURSOR")) == ["t3_1", "t3_3"]
    assert names(await recent(since=since, limit=10, subreddit="cursor", label=Label.NEGATIVE)) == ["t3_3"]
    assert names(await recent(since=NOON - 9 * DAY, limit=10, label=Label.NEGATIVE)) == [
        "t3_2",
        "t3_3",
        "t3_4",
    ]
    assert names(await recent(since=since, limit=10, tool="claude-code")) == ["t3_2"]
    assert names(await recent(since=since, limit=10, tool="nobody")) == []


async def test_many_posts_are_read_in_several_pages(store: Store) -> None:
    await write(store, *(scored(post(n, at=NOON - n * timedelta(seconds=9))) for n in range(700)))
    found = await store.items.posts_between(NOON - DAY, NOON + HOUR, limit=650)
    assert [one.post.fullname for one in found] == [f"t3_{n}" for n in range(650)]


async def test_posts_between_includes_the_start_and_not_the_end(store: Store) -> None:
    await write(store, *(scored(post(n, at=NOON + n * HOUR)) for n in range(4)))
    found = await store.items.posts_between(NOON + HOUR, NOON + 3 * HOUR, limit=10)
    assert [one.post.fullname for one in found] == ["t3_2", "t3_1"]


async def test_comments_of_a_post_are_paged_oldest_first(store: Store) -> None:
    await write(
        store,
        *(scored(comment(n, at=NOON + n * HOUR)) for n in range(1, 6)),
        scored(comment(9, post_number=2)),
    )
    first = await store.items.comments_of("t3_1", limit=3)
    last = first[-1].comment
    rest = await store.items.comments_of("t3_1", limit=3, after=position_of(last.created_at, last.fullname))
    assert [one.comment.fullname for one in (*first, *rest)] == [f"t1_{n}" for n in range(1, 6)]


async def test_comments_are_counted_by_post(store: Store) -> None:
    await write(store, *(scored(comment(n, post_number=n % 3)) for n in range(10)))
    assert await store.items.comment_counts(["t3_0", "t3_1", "t3_7"]) == {"t3_0": 4, "t3_1": 3}
