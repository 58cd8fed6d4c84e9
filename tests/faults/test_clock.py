"""The system clock is set back and forward under a running collection."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.lists import heal
from tests.faults.nightly import nightly
from tests.faults.plant import Plant, brought_to, collected
from tests.faults.recovery import kinds_of, recover
from tests.faults.site import Point
from tests.serving import Served

COMPILER = shutil.which("cc")
HOUR_S = 3600

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(COMPILER is None, reason="needs a C compiler for a clock that can be set"),
]


class Clock:
    """A wall clock that can be set, for everything that is started with :attr:`surroundings`.

    :param folder: for its files.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "offset"
        self._file.write_bytes(bytes(8))
        library = folder / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run(
            [str(COMPILER), "-shared", "-fPIC", "-O2", "-o", str(library), str(source)],
            check=True,
            timeout=60,
        )
        self.surroundings = {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(self._file)}

    def set(self, offset_s: int) -> None:
        """Set it so many seconds off."""
        with self._file.open("r+b", buffering=0) as file:
            file.write(offset_s.to_bytes(8, "little", signed=True))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """The module's clock."""
    folder = tmp_path_factory.mktemp("clock")
    return await asyncio.to_thread(Clock, folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plant(
    tmp_path_factory: pytest.TempPathFactory, reddit: Served, clock: Clock
) -> AsyncIterator[Plant]:
    """A service whose clock can be set, everything collected once."""
    plant = Plant(tmp_path_factory.mktemp("plant"), reddit, surroundings=clock.surroundings)
    async with collected(plant):
        yield plant


POINTS = [Point.BETWEEN, *(pytest.param(point, marks=nightly) for point in (Point.BEFORE, Point.AFTER))]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_clock_that_jumps_loses_nothing_and_claims_nothing(
    plant: Plant, reddit: Served, clock: Clock, hours: int, point: Point
) -> None:
    site = plant.site
    cycle_id, _ = await brought_to(point, site)
    clock.set(hours * HOUR_S)
    try:
        await heal(reddit)
        cycle = await site.ended(cycle_id)
        (await site.count()).assert_honest()
        jumped = await site.collect()
        (await site.count()).assert_honest()
    finally:
        clock.set(0)
    told = [cycle["status"], *sorted(kinds_of(cycle) | kinds_of(jumped))]
    await recover(site, f"clock set by {hours:+} h", point, told=told)
