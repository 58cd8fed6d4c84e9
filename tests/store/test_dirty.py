"""Marks on days survive whatever happens between a change and its recount."""

from datetime import timedelta

import pytest

from sentiment_service.store.dirty import (
    LONGEST_CHANGE,
    PLACES_IN_MARK,
    DirtyDays,
    SubredditDay,
    keep_by_change,
)
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


async def test_only_marks_that_were_read_are_cleared(dirty: DirtyDays) -> None:
    async with dirty.changing([PLACE]):
        pass
    read = await dirty.all()
    async with dirty.changing([PLACE]):
        pass
    await dirty.clear(read)
    (left,) = await dirty.all()
    assert left.places == (PLACE,)
    assert left.id != read[0].id


async def test_a_change_that_outlasted_its_time_is_marked_again_when_it_is_over(
    store: Store, dirty: DirtyDays, clock: Clock
) -> None:
    async with dirty.changing([PLACE]):
        clock.time += LONGEST_CHANGE + timedelta(seconds=1)
        assert await store.rollups.recompute_dirty() == 1
        assert await dirty.all() == []
    assert [mark.places for mark in await dirty.all()] == [(PLACE,)]


async def test_many_days_are_marked_in_documents_of_bounded_size(dirty: DirtyDays) -> None:
    places = {SubredditDay("cursor", TODAY - n * DAY) for n in range(PLACES_IN_MARK + 1)}
    await dirty.mark(places)
    marks = await dirty.all()
    assert sorted(len(mark.places) for mark in marks) == [1, PLACES_IN_MARK]
    assert {place for mark in marks for place in mark.places} == places


async def test_a_change_of_nothing_leaves_no_mark(dirty: DirtyDays) -> None:
    async with dirty.changing([]):
        assert await dirty.all() == []
    assert await dirty.all() == []


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


async def test_the_end_of_one_change_is_not_that_of_another(dirty: DirtyDays) -> None:
    async with dirty.changing([PLACE]):
        async with dirty.changing([PLACE]):
            pass
        assert sorted(mark.over for mark in await dirty.all()) == [False, True]
    assert [mark.over for mark in await dirty.all()] == [True, True]


async def test_marks_are_set_before_the_items_are_written(store: Store, dirty: DirtyDays) -> None:
    await store.database.collection("posts").insert_one({"_id": "t3_1"})
    await write(store, scored(post(2, at=NOON - DAY)))
    (mark,) = await dirty.all()
    assert mark.places == (SubredditDay("cursor", TODAY - DAY),)


async def test_marks_of_single_days_become_the_mark_of_a_change(store: Store, dirty: DirtyDays) -> None:
    former = [{"_id": f"cursor|2026-11-{day:02}", "token": "x", "writers": {}} for day in range(1, 4)]
    await store.database.collection("dirty_days").insert_many(former)
    async with dirty.changing([PLACE]):
        for _ in range(2):
            await keep_by_change(store.database)
        marks = await dirty.all()
    assert sorted(len(mark.places) for mark in marks) == [1, 3]
    assert [mark.over for mark in marks if len(mark.places) == 3] == [True]
