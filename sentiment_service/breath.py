"""Pauses within long work on the event loop, so that everything else gets its turn."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_pause_s: ContextVar[Callable[[], float]] = ContextVar("pause_s", default=lambda: 0.0)


async def breathe() -> None:
    """Let others go first: between two steps of work that together would hold the loop.

    A step should take a third of a millisecond at most.
    """
    await asyncio.sleep(_pause_s.get()())


@contextmanager
def breathing(pause_s: Callable[[], float]) -> Iterator[None]:
    """Let work inside the block pause for longer than a turn of the loop.

    A request takes a few turns until it is answered. With 0 seconds each of them may have another step of
    work before it; with a pause all of them fit in.

    :param pause_s: asked at each pause how many seconds it is to last.
    """
    token = _pause_s.set(pause_s)
    try:
        yield
    finally:
        _pause_s.reset(token)
