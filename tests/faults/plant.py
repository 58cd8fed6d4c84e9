"""A service with its embedded database, whose processes can be killed, frozen and started again."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import psutil

from tests.faults.accounts import Account
from tests.faults.lists import Listed, listed, requests, strike
from tests.faults.site import PATIENT, SUBREDDITS, Point, Site, answering, settings, store_at
from tests.serving import Served, database_of, serving
from tests.waiting import eventually, gone, until

WORKER = "sentiment_service.scoring.child"


class Plant:
    """Starts the service of one folder again and again.

    :param folder: where its data lie.
    :param surroundings: environment variables besides the settings.
    :param more: further settings.
    """

    def __init__(
        self, folder: Path, reddit: Served, *, surroundings: Mapping[str, str] | None = None, **more: object
    ) -> None:
        self._folder = folder
        self._reddit = reddit
        self._more = PATIENT | more
        self._surroundings = dict(surroundings or {})
        self._stack = AsyncExitStack()
        self._truth: dict[str, Listed] = {}
        self._site: Site | None = None

    @property
    def site(self) -> Site:
        """What runs."""
        assert self._site is not None
        return self._site

    async def start(self) -> Site:
        """Start the service and wait until it answers from its database."""
        if not self._truth:
            self._truth = await listed(self._reddit, SUBREDDITS)
        env = settings(self._folder, self._reddit, **self._more) | self._surroundings
        service = await self._stack.enter_async_context(serving("serve", env=env, cwd=self._folder))
        await answering(service)
        await self._look_in(service)
        return self.site

    async def _look_in(self, service: Served) -> None:
        store = await self._stack.enter_async_context(store_at(database_of(service), "sentiment_service"))
        self._site = Site(service, self._reddit, store, self._truth)

    async def close(self) -> None:
        """End the service and forget its address."""
        await self._stack.aclose()
        self._site = None

    async def again(self) -> Site:
        """Start the service again after it ended."""
        await self.close()
        return await self.start()

    async def look_again(self) -> Site:
        """Open the database anew, after it came back at another address."""
        await answering(self.site.service)
        await self._look_in(self.site.service)
        return self.site

    def child(self, mark: str) -> psutil.Process:
        """The child whose command line holds this word."""
        for process in psutil.Process(self.site.service.process.pid).children(recursive=True):
            if mark in " ".join(process.cmdline()):
                return process
        raise LookupError(f"the service has no child {mark}")

    async def kill(self, mark: str) -> None:
        """Kill a child with SIGKILL and wait until it is gone."""
        process = self.child(mark)
        process.send_signal(signal.SIGKILL)
        await until(lambda: gone(process))

    async def freeze(self, mark: str, seconds: float) -> None:
        """Stop a child with SIGSTOP and let it go on after a while, if it still is there by then."""
        process = self.child(mark)
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def collected(plant: Plant) -> AsyncIterator[Plant]:
    """A plant that runs, everything collected once; closed at the end."""
    try:
        site = await plant.start()
        first = await site.collect()
        assert first["status"] == "completed", first
        (await site.count()).assert_whole()
        yield plant
    finally:
        await plant.close()


async def brought_to(point: Point, site: Site) -> tuple[str, Account]:
    """Rewind, begin a cycle and hold it at a point; returns its id and what was stored before it."""
    before = await site.rewind()
    if point is Point.AFTER:
        return (await site.collect())["id"], before
    await strike(site.reddit, f"hang:path={'/r/' if point is Point.BEFORE else 'after=t'}")
    asked = await requests(site.reddit)
    cycle_id = await site.begin()
    if point is Point.BETWEEN:
        await site.grown(before)
    else:

        async def asking() -> bool:
            return await requests(site.reddit) > asked

        await eventually(asking)
    return cycle_id, before
