"""Pauses within long work."""

import asyncio

import pytest

from sentiment_service.breath import breathe, breathing


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("sentiment_service.breath.asyncio.sleep", sleep)
    return pauses


async def test_work_that_nobody_watches_lets_the_loop_turn_once(slept: list[float]) -> None:
    await breathe()
    assert slept == [0.0]


async def test_a_block_says_at_each_pause_how_long_it_is(slept: list[float]) -> None:
    pauses = iter([0.25, 0.5])
    with breathing(lambda: next(pauses)):
        await breathe()
        await breathe()
    await breathe()
    assert slept == [0.25, 0.5, 0.0]


async def test_other_tasks_do_not_pause_for_it(slept: list[float]) -> None:
    outside = asyncio.Event()

    async def other() -> None:
        await outside.wait()
        await breathe()

    beside = asyncio.create_task(other())
    with breathing(lambda: 0.25):
        outside.set()
        await beside
    assert slept == [0.0]
