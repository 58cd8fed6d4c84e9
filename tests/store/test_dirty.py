"""Marks on days survive whatever happens between a change and its recount."""

from datetime import timedelta

import pytest

from sentiment_service.store.dirty import LONGEST_CHANGE, DirtyDays, SubredditDay
from sentiment_service.store.stores import Store
from tests.store.conftest import Clock
from tests.store.content import DAY, NOON, post, scored
from tests.store.test_items import write
from tests.store.test_rollups import TODAY, assert_equal_to_recount

PLACE = SubredditDay("cursor", TODAY)


@pytest.fixture
def dirty(store: Store, clock: Clock) -> DirtyDays:
    return DirtyDays(store.database, clock)


class CrashedError(Exception):
    """Stands for the end of the process."""


async def test_a_recount_during_a_write_leaves_the_mark_for_the_next(store: Store, dirty: DirtyDays) -> None:
    item = scored(post())
    async with dirty.changing([PLACE]):
        assert await store.rollups.recompute_dirty() == 1
        await store.database.collection("posts").insert_one({"_id": "other", "subreddit_key": "x"})
        await store.items.write([item], {}, seen_at=NOON)
    assert await store.rollups.recompute_dirty() == 1
    assert await dirty.all() == []
    await assert_equal_to_recount(store, [item], "subreddit:cursor")


async def test_a_mark_renewed_since_it_was_read_is_not_cleared(dirty: DirtyDays) -> None:
    async with dirty.changing([PLACE]):
        pass
    read = await dirty.all()
    async with dirty.changing([PLACE]):
        pass
    await dirty.clear(read)
    assert [mark.place for mark in await dirty.all()] == [PLACE]


async def test_the_mark_of_a_crashed_writer_is_cleared_when_its_time_is_over(
    store: Store, dirty: DirtyDays, clock: Clock
) -> None:
    with pytest.raises(CrashedError):
        async with dirty.changing([PLACE]):
            raise CrashedError
    assert await store.rollups.recompute_dirty() == 1
    assert len(await dirty.all()) == 1
    clock.time += LONGEST_CHANGE + timedelta(seconds=1)
    assert await store.rollups.recompute_dirty() == 1
    assert await dirty.all() == []


async def test_a_writer_that_ends_does_not_take_another_ones_name_away(dirty: DirtyDays) -> None:
    async with dirty.changing([PLACE]):
        async with dirty.changing([PLACE]):
            pass
        (mark,) = await dirty.all()
        assert not mark.clearable
    (mark,) = await dirty.all()
    assert mark.clearable


async def test_marks_are_set_before_the_items_are_written(store: Store, dirty: DirtyDays) -> None:
    await store.database.collection("posts").insert_one({"_id": "t3_1"})
    await write(store, scored(post(2, at=NOON - DAY)))
    assert [mark.place for mark in await dirty.all()] == [SubredditDay("cursor", TODAY - DAY)]
