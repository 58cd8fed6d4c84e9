"""The database refuses, is slow or hangs up: ridden out, or told and made up for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from motor.motor_asyncio import AsyncIOMotorClient

from sentiment_service.models import utc_now
from tests.faults.accounts import Account
from tests.faults.lists import heal, strike
from tests.faults.nightly import nightly
from tests.faults.recovery import assert_recorded, kinds_of, recover
from tests.faults.site import PATIENT, Point, Site
from tests.store.faults import FailPoints

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS = PATIENT


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which the server fails."""

    name: str
    commands: tuple[str, ...]
    """Those that fail."""
    when: Point | None
    """The point at which every run tries it; the nightly form tries all, and those without one."""
    times: int | None = None
    """How often; for as long as the cycle runs if not said."""
    break_it: dict[str, object] = field(default_factory=dict)
    """What the fail point does."""


WRITES = ("update", "insert")
ALL = ("update", "insert", "delete", "find", "aggregate", "findAndModify")
PASSING = (
    Fault("16500 (over budget) on writes, 4 times", WRITES, Point.BETWEEN, 4, {"errorCode": 16500}),
    Fault("16500 on reads, once", ("find", "aggregate"), Point.BEFORE, 1, {"errorCode": 16500}),
    Fault("no longer primary (10107), twice", WRITES, Point.BETWEEN, 2, {"errorCode": 10107}),
    Fault("shutting down (91), twice", WRITES, None, 2, {"errorCode": 91}),
    Fault("connection closed, 3 times", WRITES, Point.BETWEEN, 3, {"closeConnection": True}),
    Fault(
        "every reply late by 100 ms", ALL, Point.BEFORE, None, {"blockConnection": True, "blockTimeMS": 100}
    ),
)
LASTING = (
    Fault("16500 on every write", WRITES, Point.BETWEEN, None, {"errorCode": 16500}),
    Fault("connection closed on every write", WRITES, None, None, {"closeConnection": True}),
    Fault("a refusal that no repetition cures (2)", WRITES, None, None, {"errorCode": 2}),
)


def cases(faults: tuple[Fault, ...]) -> list[object]:
    """Every fault at its point; at all three by night."""
    return [
        pytest.param(
            fault, point, id=f"{fault.name}, {point}", marks=() if point is fault.when else (nightly,)
        )
        for fault in faults
        for point in Point
    ]


@pytest_asyncio.fixture(loop_scope="module")
async def points(mongodb_uri: str) -> AsyncIterator[FailPoints]:
    """The fail points of the session's server."""
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(mongodb_uri)
    switches = FailPoints(client)
    yield switches
    await switches.off()
    client.close()


async def brought_to(point: Point, site: Site) -> tuple[str | None, Account]:
    """A cycle held between its first pages and the next ones, or none yet; and what was stored before it."""
    if point is Point.AFTER:
        return None, await site.whole()
    before = await site.rewind()
    if point is Point.BEFORE:
        return None, before
    await strike(site.reddit, "hang:path=after=t")
    cycle_id = await site.begin()
    await site.grown(before)
    return cycle_id, before


@pytest.mark.parametrize(("fault", "point"), cases(PASSING))
async def test_what_passes_is_ridden_out(site: Site, points: FailPoints, fault: Fault, point: Point) -> None:
    cycle_id, before = await brought_to(point, site)
    async with points.failing(*fault.commands, times=fault.times, **fault.break_it):
        await heal(site.reddit)
        cycle = await site.ended(cycle_id or await site.begin())
    after = await site.count()
    assert (cycle["status"], cycle["errors"]) == ("completed", [])
    assert_recorded(cycle, before, after)
    after.assert_whole()
    await recover(site, fault.name, point, told=["completed"])


@pytest.mark.parametrize(("fault", "point"), cases(LASTING))
async def test_what_lasts_claims_nothing_and_is_made_up_for(
    site: Site, points: FailPoints, fault: Fault, point: Point
) -> None:
    cycle_id, _ = await brought_to(point, site)
    failed = await site.cycles_failed()
    async with points.failing(*fault.commands, times=None, **fault.break_it):
        await heal(site.reddit)
        if cycle_id is None:
            status, _ = await site.ask()
            assert status in (202, 500, 503)
        else:
            await site.failing_since(failed)
        (await site.count()).assert_honest()
    before = await site.count()
    before.assert_honest()
    cycle = await site.collect()
    told = [each.status for each in await site.store.cycles.latest(limit=2)][-1:]
    if cycle_id is not None:
        record = await site.store.cycles.get(cycle_id)
        assert record is not None
        assert record.status in ("failed", "abandoned")
        told = [record.status]
    assert cycle["status"] == "completed", kinds_of(cycle)
    await recover(site, fault.name, point, told=told)
    assert utc_now() > (await site.count()).ends["aws", "posts"]
