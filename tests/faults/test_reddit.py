"""Reddit misbehaves for as long as a cycle tries: nothing is lost, nothing claimed that was not read."""

import pytest

from tests.faults.lists import heal, strike
from tests.faults.misbehaviour import Fault, cases, told
from tests.faults.recovery import assert_recorded, kinds_of, recover
from tests.faults.site import Point, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

LASTING = (
    Fault("429 with Retry-After", "429", Point.BETWEEN, told("rate_limited")),
    Fault("429 without Retry-After", "429_bare", Point.BETWEEN, told("rate_limited")),
    Fault("401 for every token", "401", Point.BETWEEN, told("unauthorized")),
    Fault("403", "403", Point.BETWEEN, told("forbidden")),
    Fault("404", "404", Point.BETWEEN, told("not_found")),
    Fault("500", "500", Point.BETWEEN, told("unavailable")),
    Fault("501", "501", None, told("unavailable")),
    Fault("502", "502", None, told("unavailable")),
    Fault("503", "503", Point.BEFORE, told("unavailable")),
    Fault("504", "504", None, told("unavailable")),
    Fault("no answer", "hang", Point.BETWEEN, told("timeout")),
    Fault("connection reset", "reset", Point.BETWEEN, told("unavailable")),
    Fault("connection closed in the body", "cut", None, told("unavailable")),
    Fault("JSON that ends in the middle", "truncated", Point.BETWEEN, told("bad_answer")),
    Fault("no JSON", "not_json", Point.BETWEEN, told("bad_answer")),
)


@pytest.mark.parametrize(("fault", "point"), cases(LASTING))
async def test_what_lasts_is_told_and_made_up_for_when_it_is_over(
    site: Site, fault: Fault, point: Point
) -> None:
    before = await (site.whole() if point is Point.AFTER else site.rewind())
    await strike(site.reddit, fault.at(point))
    cycle = await site.collect()
    after = await site.count()
    after.assert_honest()
    assert not after.wrong_hours
    assert cycle["status"] in ("failed", "partial")
    assert kinds_of(cycle) & fault.told
    assert_recorded(cycle, before, after)
    assert (after.stored > before.stored) == (point is Point.BETWEEN)
    await site.assert_figures()
    await heal(site.reddit)
    await recover(site, fault.name, point, told=[cycle["status"], *sorted(kinds_of(cycle))])
