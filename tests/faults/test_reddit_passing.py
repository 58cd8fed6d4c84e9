"""Reddit misbehaves in passing, or sends strange pages: nothing is lost, nothing doubled."""

import pytest

from tests.faults.lists import delete, heal, revoke_tokens, strike
from tests.faults.misbehaviour import Fault, cases
from tests.faults.recovery import assert_recorded, kinds_of, recover
from tests.faults.site import Point, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = {"reddit__request_timeout_seconds": 2, "reddit__request_deadline_seconds": 60}
"""Time enough to ask again, also on a busy machine: here every cycle is whole."""

PASSING = (
    Fault("429 twice", "429:next=2,seconds=0.5", Point.BETWEEN),
    Fault("401 once, the token expired", "401:next=1", Point.BETWEEN),
    Fault("503 once", "503:next=1", Point.BETWEEN),
    Fault("no answer once", "hang:next=1", Point.BEFORE),
    Fault("connection reset twice", "reset:next=2", None),
    Fault("JSON cut short once", "truncated:next=1", None),
)
SPOILED = (
    Fault("a text of 200 KB", "big_text", Point.BEFORE),
    Fault("unknown types of fields", "bad_fields", Point.BEFORE, set_aside=60),
    Fault("every item twice on a page", "duplicated", Point.BEFORE),
    Fault("items of a page in another order", "reordered", Point.BEFORE),
)


@pytest.mark.parametrize(("fault", "point"), cases(PASSING))
async def test_what_passes_is_ridden_out(site: Site, fault: Fault, point: Point) -> None:
    before = await (site.whole() if point is Point.AFTER else site.rewind())
    await strike(site.reddit, fault.at(point))
    cycle = await site.collect()
    after = await site.count()
    assert (cycle["status"], cycle["errors"]) == ("completed", [])
    assert_recorded(cycle, before, after)
    after.assert_whole()
    await recover(site, fault.name, point, told=["completed"])


@pytest.mark.parametrize(("fault", "point"), cases(SPOILED))
async def test_spoiled_pages_cost_no_item_that_can_be_used(site: Site, fault: Fault, point: Point) -> None:
    before = await (site.whole() if point is Point.AFTER else site.rewind())
    await strike(site.reddit, fault.at(point))
    cycle = await site.collect()
    after = await site.count()
    assert cycle["status"] in ("completed", "partial")
    assert_recorded(cycle, before, after)
    after.assert_whole(set_aside=fault.set_aside)
    await heal(site.reddit)
    await recover(site, fault.name, point, told=[cycle["status"]], set_aside=fault.set_aside)


async def test_tokens_that_expire_in_mid_cycle_are_renewed(site: Site) -> None:
    before = await site.rewind()
    await strike(site.reddit, "hang:path=after=t,seconds=0.5,next=2")
    cycle_id = await site.begin()
    await site.grown(before)
    await revoke_tokens(site.reddit)
    cycle = await site.ended(cycle_id)
    assert (cycle["status"], cycle["errors"]) == ("completed", [])
    (await site.count()).assert_whole()
    await recover(site, "all tokens revoked", Point.BETWEEN, told=["completed"])


async def test_a_full_page_without_a_known_id_is_told_as_a_gap_and_costs_nothing_that_is_listed(
    site: Site,
) -> None:
    await site.rewind(anchors_known=False)
    cycle = await site.collect()
    after = await site.count()
    after.assert_whole()
    assert cycle["gaps"] > 0
    assert "gap" in kinds_of(cycle)
    await recover(site, "full page without a known id", Point.BETWEEN, told=["partial", "gap"])


async def test_anchors_that_were_deleted_at_their_source_are_no_gap_and_cost_nothing(site: Site) -> None:
    await site.rewind()
    marks = (await site.store.watermarks.all()).values()
    listings = [listing for mark in marks for listing in (mark.posts, mark.comments)]
    gone = frozenset(anchor.fullname for listing in listings for anchor in listing.anchors[:3])
    for fullname in sorted(gone):
        await delete(site.reddit, fullname)
    await site.forget(gone)
    cycle = await site.collect()
    assert (cycle["status"], cycle["gaps"], cycle["errors"]) == ("completed", 0, [])
    (await site.count()).assert_whole()
    await recover(site, "three anchors of each listing deleted", Point.BETWEEN, told=["completed"])
