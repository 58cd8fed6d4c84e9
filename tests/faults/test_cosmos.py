"""Cosmos DB over budget: some operations of a bulk are refused, and the text tells how long to wait."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.lists import heal, strike
from tests.faults.nightly import nightly
from tests.faults.recovery import assert_recorded, recover
from tests.faults.site import PATIENT, Site, reddit_at, site_at
from tests.faults.stingy import Stingy, stingy_before
from tests.waiting import until


@pytest.fixture
async def stingy(mongodb_uri: str) -> AsyncIterator[Stingy]:
    """A proxy before the session's server."""
    port = urlsplit(mongodb_uri).port
    assert port is not None
    async with stingy_before(port) as proxy:
        yield proxy


@pytest.fixture
async def site(stingy: Stingy, tmp_path: Path) -> AsyncIterator[Site]:
    """A service that reaches its database through the proxy."""
    uri = f"mongodb://127.0.0.1:{stingy.port}/?directConnection=true&heartbeatFrequencyMS=500"
    async with (
        reddit_at(tmp_path) as reddit,
        site_at(tmp_path, reddit, uri, f"faults_{uuid.uuid4().hex[:12]}", **PATIENT) as made,
    ):
        yield made


async def test_refused_operations_are_repeated_after_the_wait_that_was_asked_for(
    site: Site, stingy: Stingy
) -> None:
    before = await site.rewind()
    stingy.left = 150
    cycle = await site.collect()
    after = await site.count()
    assert stingy.left == 0
    assert (cycle["status"], cycle["errors"]) == ("completed", [])
    assert_recorded(cycle, before, after)
    after.assert_whole()
    await recover(site, "Cosmos: a third of each bulk refused", "before the write", told=["completed"])
    before = await site.rewind()
    await strike(site.reddit, "hang:path=after=t")
    cycle_id = await site.begin()
    await site.grown(before)
    stingy.left = 150
    await heal(site.reddit)
    cycle = await site.ended(cycle_id)
    assert (cycle["status"], cycle["errors"]) == ("completed", [])
    (await site.count()).assert_whole()
    await recover(site, "Cosmos: a third refused", "between write and watermark", told=["completed"])


@nightly
async def test_refusals_without_end_claim_nothing_and_are_made_up_for(site: Site, stingy: Stingy) -> None:
    await site.rewind()
    stingy.left = 10**9
    cycle_id = await site.begin()
    await until(lambda: stingy.refused > 200)
    (await site.count()).assert_honest()
    stingy.left = 0
    cycle = await site.ended(cycle_id)
    await recover(site, "Cosmos: refusals for long", "before the write", told=[cycle["status"]])
