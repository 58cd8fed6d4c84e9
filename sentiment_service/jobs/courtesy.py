"""Making room for requests: work that can wait rests between its pieces, the longer the more is asked.

A collection, the database that takes it in and the process that scores it want a core and more; on a machine
that requests keep busy too, one of the two has to wait, and nobody waits for a collection.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sentiment_service.breath import breathing

FREE_RATE = 100.0
"""Requests a second that leave time enough for work: answering so many takes some 3 % of a core."""
REST_FOR_REQUEST_S = 0.02
"""Seconds of rest for each request beyond those that was answered during a piece of work: with 150 a second
work takes twice as long as without requests."""
MOST_REST = 8.0
"""How many times as long as a piece of work took the rest after it is at most: reached at 500 a second."""
BREATH_S = 0.001
"""Seconds between two steps of a piece of work while there are more requests than those."""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """How a piece of background work makes room.

    :param answered: how many requests were answered so far.
    :param limit_s: seconds from the beginning after which work goes on without rests; 0 for no rests at all.
    :param clock: monotonic seconds.
    :param sleep: waits for seconds of that clock.
    """

    answered: Callable[[], int] = lambda: 0
    limit_s: float = 0.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    def begin(self) -> "Rests":
        """For work that begins now."""
        return Rests(self)


class Rests:
    """The rests of one cycle or refresh."""

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy = courtesy
        self._until = courtesy.clock() + courtesy.limit_s
        self._due_s = 0.0
        self._crowded = False

    @asynccontextmanager
    async def piece(self) -> AsyncIterator[None]:
        """One piece of work, begun when the rest that earlier ones call for is over.

        Pieces may run side by side; what is not followed by another piece is not rested from.
        """
        clock, answered = self._courtesy.clock, self._courtesy.answered
        due_s, self._due_s = min(self._due_s, self._until - clock()), 0.0
        if due_s > 0:
            await self._courtesy.sleep(due_s)
        began, before = clock(), answered()
        with breathing(self._breath_s):
            yield
        rest_s = _rest_s(clock() - began, answered() - before)
        self._crowded = rest_s > 0
        self._due_s += rest_s

    def end(self) -> None:
        """No more of them: somebody waits for the work to be over."""
        self._until = -math.inf

    def _breath_s(self) -> float:
        return BREATH_S if self._crowded and self._courtesy.clock() < self._until else 0.0


def _rest_s(worked_s: float, requests: int) -> float:
    wanting = max(0.0, requests - FREE_RATE * worked_s)
    return min(MOST_REST * worked_s, wanting * REST_FOR_REQUEST_S)
