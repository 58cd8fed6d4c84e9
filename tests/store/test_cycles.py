"""Cycles are kept and listed newest first."""

from dataclasses import replace
from datetime import datetime, timedelta

from sentiment_service.models import Cycle, CycleProblem
from sentiment_service.store.stores import Store
from tests.store.content import DAY, HOUR, NOON


def cycle(start: datetime, **changes: object) -> Cycle:
    """A cycle whose id sorts by its start."""
    return replace(
        Cycle(id=f"{start:%Y%m%dT%H%M%S}-abcd", status="running", trigger="schedule", start_time=start),
        **changes,  # type: ignore[arg-type]
    )


async def test_a_cycle_is_read_back_whole(store: Store) -> None:
    saved = cycle(
        NOON,
        status="partial",
        end_time=NOON + HOUR,
        subreddits_processed=("Cursor", "aws"),
        posts_collected=3,
        items_new=2,
        percentage=50.0,
        errors=(CycleProblem("aws", "private", "no \ud800 access"), CycleProblem(None, "timeout", "slow")),
    )
    await store.cycles.save(replace(saved, status="running", end_time=None))
    await store.cycles.save(saved)
    assert await store.cycles.get(saved.id) == saved
    assert await store.cycles.latest(limit=5) == [saved]


async def test_cycles_are_paged_newest_first_however_far_apart(store: Store) -> None:
    ages = [timedelta(0), HOUR, 3 * DAY, 30 * DAY, 400 * DAY]
    cycles = [cycle(NOON - age) for age in ages]
    for one in reversed(cycles):
        await store.cycles.save(one)
    assert await store.cycles.latest(limit=2) == cycles[:2]
    assert await store.cycles.latest(limit=2, before=cycles[1].id) == cycles[2:4]
    assert await store.cycles.latest(limit=9, before=cycles[3].id) == cycles[4:]
    assert await store.cycles.latest(limit=9, before=cycles[4].id) == []
    assert await store.cycles.latest(limit=9, before="unknown") == []


async def test_cycles_of_one_moment_are_paged_each_once(store: Store) -> None:
    cycles = [replace(cycle(NOON), id=f"c{n}") for n in range(5)]
    for one in cycles:
        await store.cycles.save(one)
    first = await store.cycles.latest(limit=2)
    rest = await store.cycles.latest(limit=9, before=first[-1].id)
    assert [one.id for one in (*first, *rest)] == ["c4", "c3", "c2", "c1", "c0"]


async def test_running_cycles_that_nobody_runs_are_abandoned(store: Store) -> None:
    old, running, done = cycle(NOON), cycle(NOON + HOUR), cycle(NOON + DAY, status="completed")
    for one in (old, running, done):
        await store.cycles.save(one)
    assert await store.cycles.abandon_running(except_id=running.id) == 1
    assert await store.cycles.get(old.id) == replace(old, status="abandoned", end_time=NOON)
    assert await store.cycles.get(running.id) == running
    assert await store.cycles.abandon_running() == 1
    assert await store.cycles.abandon_running() == 0


async def test_an_unknown_cycle_is_none(store: Store) -> None:
    assert await store.cycles.get("nothing") is None
