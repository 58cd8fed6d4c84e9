"""A cycle's record, and what it makes visible."""

import itertools

from sentiment_service.jobs.courtesy import Courtesy, Rests
from sentiment_service.jobs.ingest import Counts
from sentiment_service.jobs.ledger import Ledger
from sentiment_service.models import Cycle, day_of
from sentiment_service.store.stores import Store
from tests.api.content import post
from tests.jobs.conftest import SteppedClock


def ledger(store: Store, clock: SteppedClock, rests: Rests | None = None) -> Ledger:
    """The record of a cycle that just began."""
    return Ledger(
        Cycle("c1", "running", "schedule", clock()),
        store,
        rests=rests or Courtesy().begin(),
        subreddits=("Cursor",),
        counts=Counts(),
        requests=lambda: 0,
        progress=None,
    )


async def test_a_cycle_that_was_stopped_publishes_what_it_had_written(
    store: Store, clock: SteppedClock
) -> None:
    record, before = ledger(store, clock), await store.state.version()
    await store.items.write([post("p1", clock())], {}, seen_at=clock())
    await record.end("abandoned", clock())
    assert (await store.state.version()).number == before.number + 1
    (day,) = await store.rollups.read("all", day_of(clock()), clock())
    assert day.whole.posts == 1


async def test_a_cycle_that_brought_nothing_new_raises_the_version_once(
    store: Store, clock: SteppedClock
) -> None:
    record, before = ledger(store, clock), await store.state.version()
    await record.publish()
    await record.publish(last=True)
    await record.end("completed", clock())
    assert (await store.state.version()).number == before.number + 1


async def test_what_is_published_at_the_end_does_not_rest_for_requests(
    store: Store, clock: SteppedClock
) -> None:
    requests = itertools.count(step=1000)
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    rests = Courtesy(lambda: next(requests), limit_s=3600.0, sleep=rest).begin()
    record = ledger(store, clock, rests)
    await store.items.write([post("p1", clock())], {}, seen_at=clock())
    await record.publish()
    before = len(rested)
    await store.items.write([post("p2", clock())], {}, seen_at=clock())
    await record.end("abandoned", clock())
    (day,) = await store.rollups.read("all", day_of(clock()), clock())
    assert (before > 0, len(rested), day.whole.posts) == (True, before, 2)
