"""What this process knows of the data version, so that whoever depends on it need not ask the database.

Changes made here are known the moment they are done; those of other processes within two seconds, by asking
the database once a second. While the database does not answer, nothing is known. Before a newer version takes
the place of one that is known, who keeps answers may make them anew, for a second at most.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sentiment_service.errors import StoreError
from sentiment_service.models import DataVersion

POLL_INTERVAL_S = 0.75
POLL_LIMIT_S = 1.0
"""Seconds an answer and getting ready for it may take: with the interval, the two seconds in which others'
changes must be seen."""
READY_LIMIT_S = 1.0
"""Seconds that getting ready for a change made here may take."""

GetReady = Callable[[DataVersion], Awaitable[None]]


class VersionWatch:
    """The current data version, as far as this process knows.

    A version is the same object for as long as it is current, so comparing by identity is enough.

    :param read: asks the database for the version.
    """

    def __init__(self, read: Callable[[], Awaitable[DataVersion]]) -> None:
        self.current: DataVersion | None = None
        """``None`` before :meth:`run` first asked, and while the database is away."""
        self.get_ready: GetReady | None = None
        """Told of a newer version that the database has already, before it becomes the current one here."""
        self._read = read
        self._announced: DataVersion | None = None  # the newest since the last question was asked
        self._doubts = 0
        self._change = asyncio.Event()
        self._moving = asyncio.Lock()

    async def raised(self, version: DataVersion) -> None:
        """This process raised the version to this one: it is current when this returns."""
        try:
            await self._make_ready(version, asyncio.get_running_loop().time() + READY_LIMIT_S)
        finally:
            self.announce(version)

    def announce(self, version: DataVersion) -> None:
        """This process raised the version to this one; nobody gets ready for it."""
        if self._announced is None or version.number > self._announced.number:
            self._announced = version
        if self.current is not None and version.number > self.current.number:
            self._set(version)

    def doubt(self) -> None:
        """The database did not answer somebody: nothing is known until it answers again."""
        self._doubts += 1
        self._set(None)

    async def changed(self, since: DataVersion | None) -> DataVersion:
        """Wait until a version is known that is another than this one; those in between are skipped."""
        while self.current is None or self.current == since:
            await self._change.wait()
        return self.current

    async def run(self) -> None:
        """Ask for ever."""
        try:
            while True:
                await self.poll()
                await asyncio.sleep(POLL_INTERVAL_S)
        finally:
            self._set(None)

    async def poll(self) -> None:
        """Ask once."""
        doubts, self._announced = self._doubts, None
        deadline = asyncio.get_running_loop().time() + POLL_LIMIT_S
        try:
            async with asyncio.timeout_at(deadline):
                version = await self._read()
        except (StoreError, TimeoutError):
            self._set(None)
            return
        await self._make_ready(version, deadline)
        if doubts != self._doubts:
            return  # who asked later may have got no answer
        if self._announced is not None:
            # Raised while the answer was under way, which may be of before.
            version = max(version, self._announced, key=lambda one: one.number)
        self._set(version)

    async def _make_ready(self, version: DataVersion, deadline: float) -> None:
        """Let who keeps answers make them anew; what is not done by the deadline is left."""
        if self.get_ready is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline), self._moving:
                if self.current is not None and version.number > self.current.number:
                    await self.get_ready(version)

    def _set(self, version: DataVersion | None) -> None:
        if version == self.current:
            return
        self.current = version
        change, self._change = self._change, asyncio.Event()
        change.set()
