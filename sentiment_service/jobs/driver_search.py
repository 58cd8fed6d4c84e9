"""Searches for what moved the figures of a tool: reads what was said, and has it compared aside."""

import asyncio
from collections.abc import Sequence

from sentiment_service.drivers import Drivers
from sentiment_service.jobs.drivers_process import find_drivers_aside
from sentiment_service.models import Span
from sentiment_service.store.stores import Store

MOST_SAID = 1_600
"""Mentions of one window that are read at most, evenly from all of it."""


class DriverSearch:
    """Reads what was said of a tool in two windows, and finds what moved the mean; one search at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = asyncio.Semaphore(1)

    async def find(self, tool_id: str, names: Sequence[str], before: Span, after: Span) -> Drivers:
        """The drivers of a tool.

        :param names: the tool's names.
        :raises DriversError: when the process cannot be started, fails, or takes longer than ``LIMIT_S``.
        :raises StoreError: when the mentions cannot be read.
        """
        async with self._turn:
            earlier = await self._store.spoken.said(tool_id, before, limit=MOST_SAID)
            later = await self._store.spoken.said(tool_id, after, limit=MOST_SAID)
            if not earlier or not later:
                return Drivers((), ())
            return await find_drivers_aside(names, earlier, later)
