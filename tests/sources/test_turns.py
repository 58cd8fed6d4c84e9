import asyncio
from itertools import pairwise

import pytest

from sentiment_service.sources.turns import Turns


async def test_others_get_the_loop_between_two_steps() -> None:
    turns, order = Turns(), list[str]()

    async def other() -> None:
        for _ in range(20):
            order.append("other")
            await asyncio.sleep(0)

    await asyncio.gather(*(turns.run(order.append, f"step {number}") for number in range(3)), other())
    steps = [place for place, name in enumerate(order) if name != "other"]
    assert [order[place] for place in steps] == ["step 0", "step 1", "step 2"]
    assert all(later - earlier > 1 for earlier, later in pairwise(steps))


async def test_a_step_gives_its_result_and_one_that_fails_gives_its_turn_back() -> None:
    turns = Turns()
    with pytest.raises(ValueError):
        await turns.run(int, "x")
    assert await turns.run(int, "7") == 7
