"""The shape of what is stored, as a number in the database, and the steps from one number to the next.

A step leads from the version before its own to its own. It must be safe to run again after it was cut
short anywhere, and beside itself: the lease that lets one instance migrate can expire under it.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sentiment_service.errors import CycleLostError, DatabaseUnavailableError, StartupError, StoreError
from sentiment_service.models import Lease, utc_now
from sentiment_service.store.connection import Database
from sentiment_service.store.dirty import keep_by_change
from sentiment_service.store.documents import Document
from sentiment_service.store.rollup_packing import pack_rollups
from sentiment_service.store.state import STATE, State

log = logging.getLogger(__name__)

FIRST_VERSION = 1
LEASE = "migration"
LEASE_S = 20.0
POLL_S = 0.5
"""Seconds between two looks at whether another instance is done migrating."""
RESTORING = "restoring"
"""``_id`` of the document in ``state`` that is there while a restore is under way, or was cut short."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration.

    :param version: the version it leads to, from the one before.
    :param what: what it does, for the log.
    :param run: does it.
    """

    version: int
    what: str
    run: Callable[[Database], Awaitable[None]]


STEPS = (
    Step(2, "dirty days are kept by change", keep_by_change),
    Step(3, "the tallies of hours, and of all tools, are packed", pack_rollups),
)
"""All migrations there are, oldest first. A change of shape appends one and never alters another."""


class Schema:
    """Brings a database to the shape this version of the service works with.

    :param steps: the migrations, numbered from :data:`FIRST_VERSION` upwards without a gap.
    """

    def __init__(self, database: Database, state: State, *, steps: Sequence[Step] = STEPS) -> None:
        wanted = range(FIRST_VERSION + 1, FIRST_VERSION + 1 + len(steps))
        if [step.version for step in steps] != list(wanted):
            raise ValueError("migrations must be numbered without a gap")
        self.supported = FIRST_VERSION + len(steps)
        """The version this service works with."""
        self._database = database
        self._state = state
        self._steps = tuple(steps)
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._task: asyncio.Task[None] | None = None
        self._doing = "its indexes are being made"

    async def prepare(self) -> None:
        """Migrate where needed, and make indexes and the documents that always exist. Idempotent.

        :raises StartupError: the database is of a newer version, or only half restored; one line.
        :raises DatabaseUnavailableError: the database is away.
        """
        await self._refuse_half_restored()
        while (found := await self.found()) < self.supported:
            await self._migrate(found)
        if found > self.supported:
            raise StartupError(newer(self._database.name, found, self.supported))
        await self._database.prepare()
        await self._note(self.supported)

    async def prepare_within(self, limit_s: float) -> None:
        """As :meth:`prepare`, which goes on behind when it takes longer; the next call waits for it again.

        :param limit_s: seconds to wait.
        :raises DatabaseUnavailableError: also when it is not done yet.
        """
        self._task = task = self._task or asyncio.create_task(self.prepare(), name="preparing the database")
        done, _ = await asyncio.wait({task}, timeout=limit_s)
        if not done:
            raise DatabaseUnavailableError(f"the database is not ready yet: {self._doing}")
        self._task = None
        await task

    async def close(self) -> None:
        """Stop what :meth:`prepare_within` left running. Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def found(self) -> int:
        """The version of the database; that of a new one is the one supported.

        :raises StartupError: the version is not a number.
        """
        document = await self._read("schema")
        if document is None:
            # Before anything was ever collected there is nothing to migrate.
            return FIRST_VERSION if (await self._state.version()).number else self.supported
        version = document.get("version")
        if not isinstance(version, int):
            raise StartupError(
                f"the database {self._database.name} has no readable schema version: restore a backup, "
                "or set mongodb.database to another name"
            )
        return version

    async def half_restored(self) -> bool:
        """Whether a restore into this database is under way or was cut short."""
        return await self._read(RESTORING) is not None

    async def _refuse_half_restored(self) -> None:
        if await self.half_restored():
            raise StartupError(
                f"the database {self._database.name} is only half restored: "
                "run sentiment-service restore FILE --replace again"
            )

    async def _migrate(self, found: int) -> None:
        """Take all steps under the lease, or wait a little while another instance has it."""
        lease = await self._state.acquire(LEASE, self._owner, LEASE_S)
        if lease is None:
            self._doing = f"another instance brings it from schema version {found} to {self.supported}"
            await asyncio.sleep(POLL_S)
            return
        holding = asyncio.create_task(self._hold(lease), name="holding the migration lease")
        stepping = asyncio.create_task(self._take_steps(), name="migrating")
        try:
            await asyncio.wait({holding, stepping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            holding.cancel()
            stepping.cancel()
            await asyncio.wait({holding, stepping})
        if not stepping.cancelled():
            await self._release(lease)
            await stepping
            return
        try:
            await holding
        except CycleLostError:
            log.warning("another instance took over the migration of the database")

    async def _hold(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            lease = await self._state.renew(lease, LEASE_S)

    async def _release(self, lease: Lease) -> None:
        try:
            await self._state.release(lease)
        except StoreError as error:
            log.warning("the migration lease is left to expire: %s", error)

    async def _take_steps(self) -> None:
        await self._note(await self.found())
        for step in self._steps:
            found = await self.found()
            if step.version <= found:
                continue
            self._doing = f"it is brought from schema version {found} to {step.version} ({step.what})"
            log.info("schema version %d of the database becomes %d: %s", found, step.version, step.what)
            began = time.monotonic()
            await step.run(self._database)
            await self._advance(found, step.version)
            log.info("schema version %d took %.1f s", step.version, time.monotonic() - began)

    async def _read(self, key: str) -> Document | None:
        return await self._database.read(
            "reading the schema version", lambda: self._database.collection(STATE).find_one({"_id": key})
        )

    async def _note(self, version: int) -> None:
        """Write the version into a database that has none."""
        await self._database.write(
            "noting the schema version",
            lambda: self._database.collection(STATE, journaled=True).update_one(
                {"_id": "schema"},
                {"$setOnInsert": {"version": version, "changed_at": utc_now()}},
                upsert=True,
            ),
        )

    async def _advance(self, found: int, version: int) -> None:
        """Write the next version, on disk with all that the step did before; never back."""
        await self._database.write(
            "raising the schema version",
            lambda: self._database.collection(STATE, journaled=True).update_one(
                {"_id": "schema", "version": found}, {"$set": {"version": version, "changed_at": utc_now()}}
            ),
        )


def newer(name: str, found: int, supported: int) -> str:
    """Why a database of a newer version is refused, as one line.

    :param name: of the database.
    """
    return (
        f"the database {name} has schema version {found}, and this version supports up to {supported}: "
        "install the version that wrote it, or set mongodb.database to another name"
    )
