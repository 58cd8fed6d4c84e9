"""Rollups equal a recount from the items, whatever happened before."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentiment_service.api.windows import by_day, tally_of
from sentiment_service.models import Post, ScoredItem, Span, Tally, day_of, scope_of
from sentiment_service.store.stores import Store
from tests.store.content import DAY, HOUR, NOON, comment, post, scored
from tests.store.test_items import write

Documents = Callable[[str], Awaitable[list[dict[str, Any]]]]
TODAY = day_of(NOON)


def recount(items: list[ScoredItem], scope: str) -> dict[tuple[datetime, int], Tally]:
    """Tallies by day and hour, straight from the items."""
    hours: dict[tuple[datetime, int], Tally] = {}
    for one in items:
        if scope not in ("all", scope_of(one.item.subreddit)):
            continue
        kind: dict[str, Any] = {"posts": 1} if isinstance(one.item, Post) else {"comments": 1}
        if one.sentiment is None:
            tally = Tally(**kind, unscored=1)
        else:
            polarity = one.sentiment.polarity
            tally = Tally(
                **kind,
                **{one.sentiment.label.value: 1},
                polarity_sum=polarity,
                polarity_square_sum=polarity * polarity,
                scorers=frozenset({one.sentiment.scorer}),
            )
        key = day_of(one.item.created_at), one.item.created_at.hour
        hours[key] = hours.get(key, Tally()) + tally
    return hours


async def assert_equal_to_recount(store: Store, items: list[ScoredItem], scope: str) -> None:
    expected = recount(items, scope)
    rollups = await store.rollups.read(scope, TODAY - 90 * DAY, TODAY + DAY)
    assert [one.day for one in rollups] == sorted({day for day, _ in expected})
    found = {(one.day, hour): tally for one in rollups for hour, tally in one.hours.items()}
    assert found.keys() == expected.keys()
    for key, tally in found.items():
        assert_same(tally, expected[key])
    for rollup in rollups:
        assert_same(rollup.whole, sum(rollup.hours.values(), Tally()))


def assert_same(found: Tally, expected: Tally) -> None:
    for name in ("posts", "comments", "positive", "negative", "neutral", "unscored", "scorers"):
        assert getattr(found, name) == getattr(expected, name), name
    assert found.polarity_sum == pytest.approx(expected.polarity_sum, abs=1e-8)
    assert found.polarity_square_sum == pytest.approx(expected.polarity_square_sum, abs=1e-8)


async def test_rollups_equal_a_recount_over_subreddits_days_and_hours(store: Store) -> None:
    items = [
        scored(
            (post if n % 2 else comment)(
                n, at=NOON - n * 5 * HOUR, subreddit=("Cursor", "ClaudeAI")[n % 3 == 0]
            ),
            None if n % 7 == 0 else (n % 20 - 10) / 10,
        )
        for n in range(120)
    ]
    await write(store, *items)
    days = {(one.item.subreddit, day_of(one.item.created_at)) for one in items}
    assert await store.rollups.recompute_dirty() == len(days)
    for scope in ("all", "subreddit:cursor", "subreddit:claudeai"):
        await assert_equal_to_recount(store, items, scope)


async def test_recomputing_again_does_nothing_and_changes_nothing(store: Store, documents: Documents) -> None:
    items = [scored(post(n, at=NOON - n * HOUR), n / 30) for n in range(30)]
    await write(store, *items)
    await store.rollups.recompute_dirty()
    before = await documents("rollups")
    assert await store.rollups.recompute_dirty() == 0
    await store.items.write(items, {}, seen_at=NOON)
    assert await store.rollups.recompute_dirty() == 2
    assert await documents("rollups") == before


async def test_counts_that_change_leave_rollups_alone(store: Store, documents: Documents) -> None:
    await write(store, scored(post()))
    await store.rollups.recompute_dirty()
    await write(store, scored(post(upvotes=99)))
    assert await documents("dirty_days") == []


async def test_a_day_that_lost_its_items_loses_its_rollup(store: Store) -> None:
    await write(store, scored(post(1, at=NOON - DAY)), scored(post(2)))
    await store.rollups.recompute_dirty()
    assert len(await store.rollups.read("all", TODAY - DAY, TODAY)) == 2
    assert [count async for count in store.items.delete_before(TODAY, batch=10)] == [1]
    await store.rollups.recompute_dirty()
    for scope in ("all", "subreddit:cursor"):
        assert [one.day for one in await store.rollups.read(scope, TODAY - 9 * DAY, TODAY)] == [TODAY]


async def test_the_first_and_last_second_of_a_day_belong_to_it(store: Store) -> None:
    items = [scored(post(1, at=TODAY)), scored(post(2, at=TODAY + DAY - timedelta(seconds=1)))]
    await write(store, *items)
    await store.rollups.recompute_dirty()
    await assert_equal_to_recount(store, items, "subreddit:cursor")


async def test_days_outside_what_is_asked_for_are_left_out(store: Store) -> None:
    await write(store, *(scored(post(n, at=NOON - n * DAY)) for n in range(5)))
    await store.rollups.recompute_dirty()
    days = [one.day for one in await store.rollups.read("all", TODAY - 3 * DAY, TODAY - DAY)]
    assert days == [TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY - DAY]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(
            st.tuples(
                st.integers(0, 5),
                st.sampled_from(["Cursor", "aws"]),
                st.integers(0, 100),
                st.none() | st.floats(-1, 1, allow_nan=False),
                st.booleans(),
            ),
            max_size=6,
        ),
        min_size=1,
        max_size=3,
    )
)
async def test_rollups_equal_a_recount_after_any_writes(
    store: Store, batches: list[list[tuple[Any, ...]]]
) -> None:
    for name in ("posts", "comments", "rollups", "dirty_days"):
        await store.database.collection(name).delete_many({})
    final: dict[str, ScoredItem] = {}
    for batch in batches:
        items = {}
        for number, subreddit, edition, polarity, is_post in batch:
            # An item keeps its subreddit and its time; its text and score change.
            at = NOON - number * 11 * HOUR
            make = post if is_post else comment
            item = make(
                hash((number, subreddit)) % 10**9, at=at, subreddit=subreddit, text=f"edition {edition}"
            )
            one = scored(item, polarity)
            items[item.fullname] = one
        await write(store, *items.values())
        final |= items
        await store.rollups.recompute_dirty()
    held = list(final.values())
    for scope in ("all", "subreddit:cursor", "subreddit:aws"):
        await assert_equal_to_recount(store, held, scope)


async def test_a_window_is_read_with_the_hours_of_the_days_it_cuts_and_no_others(store: Store) -> None:
    await write(store, *(scored(post(n, at=NOON - n * 5 * HOUR), (n % 20 - 10) / 10) for n in range(40)))
    await store.rollups.recompute_dirty()
    everything = by_day(await store.rollups.read("all", TODAY - 20 * DAY, TODAY))
    for start, hours in (
        (TODAY - 3 * DAY, 72),
        (TODAY - 3 * DAY + 5 * HOUR, 72),
        (TODAY - 2 * DAY, 50),
        (TODAY - DAY + HOUR, 23),
        (TODAY - DAY + HOUR, 3),
        (TODAY, 13),
        (TODAY - 90 * DAY + HOUR, 24 * 90 + 12),
    ):
        window = Span(start, start + hours * HOUR)
        rollups = await store.rollups.read_window("all", window)
        assert tally_of(window, by_day(rollups)) == tally_of(window, everything)
        cut = {day_of(window.start), day_of(window.end - HOUR)} - {
            rollup.day for rollup in rollups if window.start <= rollup.day and rollup.day + DAY <= window.end
        }
        assert {rollup.day for rollup in rollups if rollup.hours} == cut & everything.keys()
