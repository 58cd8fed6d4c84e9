"""Leases have one holder, fences only grow, versions and outcomes are shared."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from sentiment_service.errors import CycleLostError
from sentiment_service.models import JobOutcome, Lease
from sentiment_service.store.state import EPOCH
from sentiment_service.store.stores import Store
from tests.store.conftest import Clock, OpenStore
from tests.store.content import NOON


async def test_fifty_tasks_ask_and_one_gets_the_lease(store: Store) -> None:
    answers = await asyncio.gather(*(store.state.acquire("collect", f"owner{n}", 60) for n in range(50)))
    granted = [lease for lease in answers if lease is not None]
    assert len(granted) == 1
    assert granted[0] == Lease("collect", granted[0].owner, 1, NOON + timedelta(seconds=60))
    assert await store.state.holder("collect") == granted[0]


async def test_an_expired_lease_goes_to_one_of_fifty_with_a_higher_fence(store: Store, clock: Clock) -> None:
    await store.state.acquire("collect", "crashed", 60)
    for turn in range(2, 5):
        clock.time += timedelta(seconds=60)
        answers = await asyncio.gather(*(store.state.acquire("collect", f"o{n}", 60) for n in range(50)))
        assert [lease.fence for lease in answers if lease is not None] == [turn]


async def test_a_lease_that_is_held_is_not_given_to_its_own_holder_again(store: Store, clock: Clock) -> None:
    await store.state.acquire("collect", "me", 60)
    clock.time += timedelta(seconds=1)
    assert await store.state.acquire("collect", "me", 60) is None


async def test_a_lease_is_told_by_what_is_stored_when_the_server_answers_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.database.write

    async def unanswered(what: str, operation: Callable[[], Awaitable[object]]) -> object:
        await real(what, operation)
        return None

    monkeypatch.setattr(store.database, "write", unanswered)
    lease = await store.state.acquire("collect", "first", 60)
    assert lease == Lease("collect", "first", 1, NOON + timedelta(seconds=60))
    monkeypatch.setattr(store.database, "write", nothing)
    assert await store.state.acquire("collect", "second", 60) is None


async def nothing(what: str, operation: Callable[[], Awaitable[object]]) -> object:
    """A write that another one was quicker than, as the embedded server tells it."""
    return None


async def test_leases_of_different_names_do_not_meet(store: Store) -> None:
    assert await store.state.acquire("collect", "a", 60) is not None
    assert await store.state.acquire("retention", "b", 60) is not None


async def test_a_renewed_lease_lasts_longer_under_the_same_fence(store: Store, clock: Clock) -> None:
    lease = await store.state.acquire("collect", "me", 60)
    assert lease is not None
    clock.time += timedelta(seconds=59)
    renewed = await store.state.renew(lease, 60)
    assert (renewed.fence, renewed.expires_at) == (lease.fence, clock.time + timedelta(seconds=60))
    clock.time += timedelta(seconds=59)
    assert await store.state.acquire("collect", "other", 60) is None


async def test_a_lease_that_another_took_cannot_be_renewed_or_released(store: Store, clock: Clock) -> None:
    lost = await store.state.acquire("collect", "slow", 60)
    assert lost is not None
    clock.time += timedelta(seconds=61)
    theirs = await store.state.acquire("collect", "quick", 60)
    with pytest.raises(CycleLostError, match="collect"):
        await store.state.renew(lost, 60)
    await store.state.release(lost)
    assert await store.state.holder("collect") == theirs


async def test_a_released_lease_is_free_and_its_fence_goes_on(store: Store) -> None:
    lease = await store.state.acquire("collect", "me", 60)
    assert lease is not None
    await store.state.release(lease)
    assert await store.state.holder("collect") is None
    again = await store.state.acquire("collect", "you", 60)
    assert again is not None
    assert again.fence == lease.fence + 1


async def test_nobody_holds_a_lease_never_asked_for(store: Store) -> None:
    assert await store.state.holder("collect") is None


async def test_every_change_raises_the_version_for_all(store: Store, opened: OpenStore) -> None:
    other = await opened()
    before = await store.state.version()
    raised = await asyncio.gather(*(store.state.bump_version() for _ in range(20)))
    assert sorted(one.number for one in raised) == list(range(before.number + 1, before.number + 21))
    after = await other.state.version()
    assert (after.number, after.changed_at) == (before.number + 20, NOON)


async def test_the_version_of_an_untouched_database_is_zero(opened: OpenStore) -> None:
    bare = await opened(prepare=False)
    version = await bare.state.version()
    assert (version.number, version.changed_at) == (0, EPOCH)
    assert (await bare.state.bump_version()).number == 1


async def test_the_last_outcome_of_each_job_is_kept(store: Store) -> None:
    first = JobOutcome("collect", NOON, NOON, "failed", "no \udfff answer")
    later = JobOutcome("collect", NOON, NOON + timedelta(seconds=5), "completed", "", {"items": 3})
    other = JobOutcome("retention", NOON, NOON, "timed_out")
    for outcome in (first, later, other):
        await store.state.save_outcome(outcome)
    assert await store.state.outcomes() == {"collect": later, "retention": other}
