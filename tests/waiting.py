"""Waiting for something to become true, with a limit.

Limits are for what hangs, not for what is slow: a busy machine takes many times as long as a quiet one.
"""

import asyncio
from collections.abc import Awaitable, Callable

import psutil


async def until(condition: Callable[[], bool], *, limit_s: float = 90.0) -> None:
    """Return as soon as a condition holds; a test fails with ``TimeoutError`` when it does not in time."""

    async def ask() -> bool:
        return condition()

    await eventually(ask, limit_s=limit_s, pause_s=0.005)


async def eventually(
    condition: Callable[[], Awaitable[bool]], *, limit_s: float = 180.0, pause_s: float = 0.02
) -> None:
    """The same for a condition that has to be asked for."""
    async with asyncio.timeout(limit_s):
        while not await condition():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(pause_s)


def gone(process: psutil.Process) -> bool:
    """Whether a process has ended, waited for by its parent or not."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two questions
        return True
