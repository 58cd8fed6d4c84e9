"""Deleting what is too old."""

from collections.abc import Awaitable, Callable
from typing import Any

from sentiment_service.models import SetAside, day_of
from sentiment_service.store.stores import Store
from tests.store.content import DAY, HOUR, NOON, comment, post, scored
from tests.store.test_items import write

Documents = Callable[[str], Awaitable[list[dict[str, Any]]]]


async def delete(store: Store, *, batch: int = 500) -> list[int]:
    return [count async for count in store.items.delete_before(NOON, batch=batch)]


async def names(documents: Documents) -> set[str]:
    return {one["_id"] for one in await documents("posts") + await documents("comments")}


async def test_old_posts_go_with_all_their_comments_and_young_ones_stay(
    store: Store, documents: Documents
) -> None:
    await write(
        store,
        scored(post(1, at=NOON - DAY)),
        scored(comment(1, post_number=1, at=NOON - HOUR)),
        scored(comment(2, post_number=1, at=NOON + HOUR)),
        scored(post(2, at=NOON)),
        scored(comment(3, post_number=2, at=NOON + HOUR)),
        scored(comment(4, post_number=99, at=NOON - 5 * DAY)),
    )
    assert sum(await delete(store)) == 4
    assert await names(documents) == {"t3_2", "t1_3"}


async def test_deletion_goes_in_batches_and_rollups_follow(store: Store, documents: Documents) -> None:
    posts = [scored(post(n, at=NOON - n * HOUR)) for n in range(60)]
    comments = [scored(comment(n, post_number=n % 60, at=NOON + HOUR)) for n in range(240)]
    await write(store, *posts, *comments)
    await store.rollups.recompute_dirty()
    counts = await delete(store, batch=25)
    assert sum(counts) == 59 + 236
    assert max(counts) <= 50
    assert await names(documents) == {"t3_0", "t1_0", "t1_60", "t1_120", "t1_180"}
    await store.rollups.recompute_dirty()
    today = day_of(NOON)
    (rollup,) = await store.rollups.read("all", today - 9 * DAY, today)
    assert (rollup.day, rollup.whole.posts, rollup.whole.comments) == (today, 1, 4)


async def test_deletion_that_was_interrupted_goes_on_later(store: Store, documents: Documents) -> None:
    await write(
        store,
        *(scored(post(n, at=NOON - n * HOUR)) for n in range(1, 9)),
        *(scored(comment(n, post_number=n, at=NOON)) for n in range(1, 9)),
    )
    async for count in store.items.delete_before(NOON, batch=3):
        assert count > 0
        break
    assert await names(documents)
    await delete(store)
    assert await names(documents) == set()


async def test_old_notes_of_set_aside_items_go_too(store: Store, documents: Documents) -> None:
    note = SetAside("t3_1", "ValueError", "no title", "parse")
    await store.items.set_aside([note], cycle_id="c1", at=NOON - DAY)
    await delete(store)
    assert await documents("set_aside") == []


async def test_nothing_old_deletes_nothing(store: Store) -> None:
    await write(store, scored(post(1, at=NOON)))
    assert await delete(store) == []
