"""The ring of events: ids grow, listeners keep their own pace, nothing grows without bound."""

import asyncio
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.events import BATCH, Event, Events, Listener, Missed, TooManyListenersError

LONG_S = 20.0


def numbers(found: list[Event] | Missed | None) -> list[int]:
    assert isinstance(found, list)
    return [orjson.loads(event.data)["n"] for event in found]


def tell(events: Events, *told: int) -> None:
    for number in told:
        events.publish("told", {"n": number})


async def test_ids_grow_and_listeners_hear_what_comes_after() -> None:
    events = Events(first_id=10)
    tell(events, 1)
    with events.listen(None) as listener:
        tell(events, 2, 3)
        found = await listener.next(LONG_S)
        assert numbers(found) == [2, 3]
        assert isinstance(found, list)
        assert [event.id for event in found] == [11, 12]
        assert [event.kind for event in found] == ["told", "told"]
        waiting = asyncio.create_task(listener.next(LONG_S))
        await asyncio.sleep(0)
        tell(events, 4)
        assert numbers(await waiting) == [4]
        assert await listener.next(0) == []
    assert events.published == {"told": 4}


async def test_times_end_with_z() -> None:
    events = Events(first_id=1)
    events.publish("told", {"at": datetime(2026, 11, 23, tzinfo=UTC)})
    found = events.after(0)
    assert isinstance(found, list)
    assert found[0].data == b'{"at":"2026-11-23T00:00:00Z"}'


async def test_who_comes_back_goes_on_after_the_last_event_it_knows() -> None:
    events = Events(first_id=1)
    tell(events, 1, 2, 3)
    for known, rest in ((0, [1, 2, 3]), (2, [3])):
        with events.listen(known) as listener:
            assert numbers(await listener.next(LONG_S)) == rest
    with events.listen(3) as listener:
        assert await listener.next(0) == []
    assert events.missed == 0


@pytest.mark.parametrize(
    ("known", "reason"), [(1, "not kept"), (0, "not kept"), (99, "unknown"), (-5, "not")]
)
async def test_who_knows_something_too_old_or_unknown_is_told_and_goes_on(known: int, reason: str) -> None:
    events = Events(keep=3, first_id=1)
    tell(events, 1, 2, 3, 4, 5)
    with events.listen(known) as listener:
        missed = await listener.next(LONG_S)
        assert isinstance(missed, Missed)
        assert missed.resume_after == 5
        assert reason in missed.reason
        tell(events, 6)
        assert numbers(await listener.next(LONG_S)) == [6]
    assert events.missed == 1


async def test_ids_of_an_earlier_run_are_unknown() -> None:
    earlier = Events()
    tell(earlier, 1)
    later = Events()
    with later.listen(earlier.last_id) as listener:
        assert isinstance(await listener.next(LONG_S), Missed)


async def test_a_slow_listener_holds_nobody_and_nothing() -> None:
    events = Events(keep=10, first_id=1)
    with events.listen(None) as slow, events.listen(None) as quick:
        heard = []
        for number in range(1000):
            tell(events, number)
            heard += numbers(await quick.next(LONG_S))
        assert heard == list(range(1000))
        assert len(events._ring) == 10
        assert isinstance(await slow.next(LONG_S), Missed)
        tell(events, 1000)
        assert numbers(await slow.next(LONG_S)) == [1000]


async def test_the_ring_is_bounded_in_bytes_too_and_keeps_the_newest() -> None:
    events = Events(keep_bytes=100, first_id=1)
    for _ in range(5):
        events.publish("told", {"n": "x" * 40})
    assert events._bytes <= 100
    events.publish("told", {"n": "x" * 400})
    with events.listen(5) as listener:
        assert len(numbers(await listener.next(LONG_S))) == 1


async def test_much_comes_in_pieces() -> None:
    events = Events(first_id=1)
    with events.listen(None) as listener:
        tell(events, *range(BATCH + 1))
        assert numbers(await listener.next(LONG_S)) == list(range(BATCH))
        assert numbers(await listener.next(LONG_S)) == [BATCH]


async def test_listeners_are_limited_and_make_room_when_they_leave() -> None:
    events = Events(max_listeners=1)
    with events.listen(None):
        assert events.listeners == 1
        with pytest.raises(TooManyListenersError), events.listen(None):
            pass
    with events.listen(None):
        pass
    assert events.listeners == 0


async def test_closing_ends_who_waits_and_who_is_busy() -> None:
    events = Events()

    async def busy(listener: Listener) -> None:
        async with listener.passing_on(LONG_S):
            await asyncio.Event().wait()

    with events.listen(None) as waiter, events.listen(None) as worker:
        waiting = asyncio.create_task(waiter.next(LONG_S))
        working = asyncio.create_task(busy(worker))
        await asyncio.sleep(0)
        tell(events, 1)
        assert numbers(await waiting) == [1]
        waiting = asyncio.create_task(waiter.next(LONG_S))
        await asyncio.sleep(0)
        events.close()
        assert await waiting is None
        with pytest.raises(TimeoutError):
            await working
    tell(events, 2)
    assert events.published == {"told": 1}
    with pytest.raises(TooManyListenersError), events.listen(None):
        pass


@given(st.lists(st.one_of(st.just(-1), st.integers(0, 12)), max_size=60), st.integers(1, 8))
def test_a_listener_hears_everything_in_order_or_is_told_that_it_missed_some(
    steps: list[int], keep: int
) -> None:
    """-1 listens, another number tells so many."""

    async def play() -> None:
        events, told, heard = Events(keep=keep, first_id=1), 0, 0
        with events.listen(None) as listener:
            for step in [*steps, *([-1] * 70)]:
                if step >= 0:
                    tell(events, *range(told, told + step))
                    told += step
                    continue
                found = await listener.next(0)
                if isinstance(found, Missed):
                    assert told - heard > keep
                    heard = told
                else:
                    assert numbers(found) == list(range(heard, heard + len(found or ())))
                    heard += len(found or ())
        assert heard == told

    asyncio.run(play())
