"""Finding drivers in a process of its own: two busy weeks need half a second of processor time."""

import sys
from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO, cast

from sentiment_service.drivers import Drivers, Said
from sentiment_service.errors import DriversError
from sentiment_service.jobs.aside import answer, ask, frames
from sentiment_service.jobs.drivers import find_drivers
from sentiment_service.priority import yield_to_the_service

LIMIT_S = 30.0
NICENESS = 5
PART = 50
"""Mentions encoded at once: well below a millisecond."""


async def find_drivers_aside(names: Sequence[str], before: Sequence[Said], after: Sequence[Said]) -> Drivers:
    """The same as :func:`~sentiment_service.jobs.drivers.find_drivers`, without holding the event loop.

    :raises DriversError: when the process cannot be started, fails, or takes longer than ``LIMIT_S``.
    """

    async def values() -> AsyncIterator[object]:
        yield list(names)
        for part in _parts(before):
            yield part
        yield []  # parts the windows
        for part in _parts(after):
            yield part

    found = await ask(__name__, values(), limit_s=LIMIT_S, doing="finding drivers", error=DriversError)
    return cast("Drivers", found)


def _parts(said: Sequence[Said]) -> list[list[Said]]:
    return [list(said[start : start + PART]) for start in range(0, len(said), PART)]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """The other end: read everything, find the drivers, write them."""
    names, *parts = frames(requests)
    parting = parts.index([])
    before = [said for part in parts[:parting] for said in part]
    after = [said for part in parts[parting + 1 :] for said in part]
    answer(answers, find_drivers(names, before, after))


if __name__ == "__main__":
    yield_to_the_service(NICENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
