"""Processes die: the service, its scoring worker, its embedded database; at three points of a cycle."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.accounts import KINDS
from tests.faults.lists import heal
from tests.faults.nightly import nightly
from tests.faults.plant import WORKER, Plant, brought_to, collected
from tests.faults.recovery import kinds_of, recover
from tests.faults.site import Point, Site
from tests.serving import DATABASE, Served
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


BY_NIGHT = [pytest.param(point, marks=nightly) for point in (Point.BEFORE, Point.AFTER)]
POINTS = [Point.BETWEEN, *BY_NIGHT]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_plant(tmp_path_factory: pytest.TempPathFactory, reddit: Served) -> AsyncIterator[Plant]:
    """A service with an embedded database, everything collected once."""
    async with collected(Plant(tmp_path_factory.mktemp("plant"), reddit)) as plant:
        yield plant


@pytest_asyncio.fixture(loop_scope="module")
async def plant(shared_plant: Plant, reddit: Served) -> AsyncIterator[Plant]:
    """The module's service, running; what a test broke at the look-alike is whole again afterwards."""
    if shared_plant.site.service.process.returncode is not None:
        await shared_plant.again()
    yield shared_plant
    await heal(reddit)


async def record_of(site: Site, cycle_id: str) -> str:
    """The status that a cycle's record tells."""
    cycle = await site.store.cycles.get(cycle_id)
    assert cycle is not None
    return cycle.status


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
async def test_a_service_that_dies_loses_nothing_and_its_successor_goes_on(
    plant: Plant, reddit: Served, number: signal.Signals, point: Point
) -> None:
    cycle_id, _ = await brought_to(point, plant.site)
    code = await plant.site.service.stop(number)
    assert code == (0 if number is signal.SIGTERM else -signal.SIGKILL)
    await heal(reddit)
    site = await plant.again()
    (await site.count()).assert_honest()
    if number is signal.SIGTERM:
        assert await record_of(site, cycle_id) in ("completed", "partial", "abandoned")
    await recover(site, f"{number.name} of the service", point, told=[await record_of(site, cycle_id)])
    whole = ("completed",) if point is Point.AFTER else ("abandoned", "partial")
    assert await record_of(site, cycle_id) in whole


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_that_is_killed_costs_no_score(plant: Plant, reddit: Served, point: Point) -> None:
    site = plant.site
    cycle_id, _ = await brought_to(point, site)
    await plant.kill(WORKER)
    await heal(reddit)
    cycle = await site.ended(cycle_id)
    assert (cycle["status"], cycle["errors"], cycle["items_set_aside"]) == ("completed", [], 0)
    (await site.count()).assert_whole()
    await recover(site, "SIGKILL of the worker", point, told=[cycle["status"]])


@pytest.mark.parametrize("point", POINTS)
async def test_a_database_that_is_killed_is_started_again_and_nothing_is_claimed_that_it_forgot(
    plant: Plant, reddit: Served, point: Point
) -> None:
    cycle_id, _ = await brought_to(point, plant.site)
    held = await plant.site.count()
    began = asyncio.get_running_loop().time()
    await plant.kill(DATABASE)
    site = await plant.look_again()
    back_s = asyncio.get_running_loop().time() - began
    forgotten = held.stored - (await site.count()).stored
    await heal(reddit)
    cycle = await site.ended(cycle_id)
    (await site.count()).assert_honest()
    told = [cycle["status"], *sorted(kinds_of(cycle)), f"back after {back_s:.1f} s, {forgotten} forgotten"]
    await recover(site, "SIGKILL of the database", point, told=told)


@pytest.mark.parametrize(
    ("point", "seconds"),
    [(Point.BETWEEN, 4), *(pytest.param(point, 60, marks=nightly) for point in Point)],
)
async def test_a_database_that_freezes_is_waited_for_or_started_anew(
    plant: Plant, reddit: Served, point: Point, seconds: float
) -> None:
    cycle_id, _ = await brought_to(point, plant.site)
    await heal(reddit)
    await plant.freeze(DATABASE, seconds)
    site = await plant.look_again()
    (await site.count()).assert_honest()
    await site.collect()  # as soon as the one that froze has ended or given up
    told = await record_of(site, cycle_id)
    assert told in ("completed", "partial", "failed", "abandoned")
    await recover(site, f"SIGSTOP of the database for {seconds} s", point, told=[told])


@nightly
@pytest.mark.parametrize("items", [1, 90, 150, 200, 300, 400])
async def test_a_database_that_is_killed_just_when_it_acknowledged_loses_nothing_of_what_is_claimed(
    plant: Plant, items: int
) -> None:
    before = await plant.site.rewind()
    counts = plant.site.store.database
    database = plant.child(DATABASE)
    cycle_id = await plant.site.begin()

    async def stored() -> bool:
        found = [await counts.collection(kind).count_documents({}) for kind in KINDS]
        return sum(found) >= before.stored + items

    await eventually(stored, pause_s=0)
    database.send_signal(signal.SIGKILL)
    site = await plant.look_again()
    (await site.count()).assert_honest()
    await site.collect()  # as soon as the one whose database was killed has ended or given up
    told = await record_of(site, cycle_id)
    assert told in ("completed", "partial", "failed", "abandoned")
    await recover(site, "SIGKILL of the database", Point.BETWEEN, told=[told, f"killed at {items} items"])
