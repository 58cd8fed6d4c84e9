"""The disk of the embedded database fills up under a running collection, and is given room again."""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.lists import heal
from tests.faults.nightly import nightly
from tests.faults.plant import Plant, brought_to, collected
from tests.faults.recovery import recover
from tests.faults.site import Point
from tests.serving import Served

DISK_MB = 400
MOUNT = shutil.which("mount")

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(MOUNT is None or os.geteuid() != 0, reason="only root can make a small disk"),
    nightly,
]


class Disk:
    """A small disk in memory, mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Take all the room that is left."""
        with self._filler.open("wb", buffering=0) as filler:
            while True:
                try:
                    filler.write(bytes(4096))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    return

    def empty(self) -> None:
        """Give the room back."""
        self._filler.unlink(missing_ok=True)


@asynccontextmanager
async def disk_at(folder: Path) -> AsyncIterator[Disk]:
    """Mount a small disk; taken away at the end."""
    await _run("mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder))
    try:
        yield Disk(folder)
    finally:
        await _run("umount", str(folder))


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    async with asyncio.timeout(60):
        assert await process.wait() == 0, command


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def disk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Disk]:
    """The module's disk."""
    async with disk_at(tmp_path_factory.mktemp("disk")) as disk:
        yield disk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plant(tmp_path_factory: pytest.TempPathFactory, reddit: Served, disk: Disk) -> AsyncIterator[Plant]:
    """A service whose data lie on the small disk, everything collected once."""
    plant = Plant(tmp_path_factory.mktemp("plant"), reddit, storage__data_dir=disk.folder / "data")
    async with collected(plant):
        yield plant


@pytest.mark.parametrize("point", list(Point))
async def test_a_full_disk_stops_the_collection_and_room_lets_it_go_on_without_loss(
    plant: Plant, reddit: Served, disk: Disk, point: Point
) -> None:
    cycle_id, _ = await brought_to(point, plant.site)
    await asyncio.to_thread(disk.fill)
    try:
        await heal(reddit)
        if point is Point.AFTER:
            await plant.site.ask()
        else:
            await plant.site.idle()  # it failed, unless the rest had room in the database's log
    finally:
        await asyncio.to_thread(disk.empty)
    site = await plant.look_again()
    (await site.count()).assert_honest()
    await site.collect()
    record = await site.store.cycles.get(cycle_id)
    await recover(site, "full disk", point, told=["nothing" if record is None else record.status])
