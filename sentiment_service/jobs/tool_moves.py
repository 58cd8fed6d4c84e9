"""Moving mentions after tools were linked, parted, merged or deleted: stored items and rollups follow.

The change itself is made already (:mod:`sentiment_service.store.tool_changes`). One process at a time moves,
under a lease; what a process leaves undone when it ends is taken up by any other, or at the next start.
Moving again what was moved already changes nothing.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable

from sentiment_service.errors import CycleLostError, StoreError
from sentiment_service.models import Lease
from sentiment_service.store.stores import Store
from sentiment_service.store.tool_changes import Move
from sentiment_service.tools import LabelOf

log = logging.getLogger(__name__)

LEASE = "tool moves"
LEASE_S = 120.0
PAUSE_S = 5.0
"""Seconds between two looks at what other processes have left undone."""
POLL_S = 0.05


class ToolMoves:
    """Moves whatever there is to move, until it is cancelled.

    :param label_of: the labels of joined mentions.
    :param ready: whether the database can be used now.
    """

    def __init__(self, store: Store, label_of: LabelOf, *, ready: Callable[[], bool] = lambda: True) -> None:
        self._store = store
        self._label_of = label_of
        self._ready = ready
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Finish changes and moves that were cut short, and those that are asked for."""
        while True:
            if self._ready():
                try:
                    await self.move_all()
                except (StoreError, CycleLostError) as error:
                    log.warning("what is said of tools is moved later: %s", error)
            await self._pause()

    async def finish(self, change_id: str, within_s: float) -> Move:
        """Have a change's mentions moved, and wait for it a little; says how far it is.

        :param within_s: seconds; afterwards it goes on without being waited for.
        """
        self._wake.set()
        until = time.monotonic() + within_s
        while True:
            move = await self._store.tool_changes.move(change_id)
            if move is None:
                return Move(change_id, (), done=True, items=0)
            if move.done or time.monotonic() > until:
                return move
            await asyncio.sleep(POLL_S)

    async def move_all(self) -> None:
        """Move everything there is to move, unless another process does.

        :raises StoreError: the database failed; moving goes on with the next call.
        :raises CycleLostError: it took so long that another process took over.
        """
        await self._store.tool_changes.complete()
        while moves := await self._store.tool_changes.open_moves():
            lease = await self._store.state.acquire(LEASE, uuid.uuid4().hex, LEASE_S)
            if lease is None:
                return
            try:
                for move in moves:
                    lease = await self._move(move, lease)
            finally:
                await self._store.state.release(lease)

    async def _move(self, move: Move, lease: Lease) -> Lease:
        store, items = self._store, 0
        # Read after the change: links as they are now, which may be newer than this move.
        targets = (await store.tools.catalogue()).targets()
        renewed = time.monotonic()
        async for changed in store.items.retag(move.tools, targets, self._label_of):
            items += changed
            if time.monotonic() - renewed > LEASE_S / 4:
                lease, renewed = await store.state.renew(lease, LEASE_S), time.monotonic()
        lease = await store.state.renew(lease, LEASE_S)
        await store.rollups.recompute_dirty()
        await store.state.bump_version()
        await store.tool_changes.close(move, items)
        log.info("%d items were tagged again for the tools %s", items, ", ".join(move.tools))
        return lease

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(PAUSE_S):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
