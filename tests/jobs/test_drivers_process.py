"""Drivers found in a process of their own are the same, and its failures are told."""

import asyncio
from datetime import timedelta

import pytest

from sentiment_service.drivers import Drivers
from sentiment_service.errors import DriversError
from sentiment_service.jobs import driver_search, drivers_process
from sentiment_service.jobs.driver_search import DriverSearch
from sentiment_service.jobs.drivers import find_drivers
from sentiment_service.jobs.drivers_process import find_drivers_aside
from sentiment_service.models import Label, Span, utc_now
from sentiment_service.store.stores import Store
from tests.api.content import post, put
from tests.jobs.spoken import saying
from tests.jobs.test_drivers import NAMES, chatter, said
from tests.store.test_tools import tool

BEFORE = chatter(60)
AFTER = [*chatter(50, first=100), *(said(200 + n, "the price rise of Cursor", -0.6) for n in range(70))]


async def test_the_drivers_are_the_same_as_in_this_process() -> None:
    here = find_drivers(NAMES, BEFORE, AFTER)
    assert here.lowered
    assert await find_drivers_aside(NAMES, BEFORE, AFTER) == here


async def test_a_process_that_takes_too_long_is_killed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers_process, "LIMIT_S", 0.001)
    with pytest.raises(DriversError, match="took longer than"):
        await find_drivers_aside(NAMES, BEFORE, AFTER)


async def test_stored_mentions_are_searched_and_no_process_is_started_for_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utc_now()
    before, after = Span(now - timedelta(days=2), now - timedelta(days=1)), Span(now - timedelta(days=1), now)
    search = DriverSearch(store)
    monkeypatch.setattr(driver_search, "find_drivers_aside", None)
    assert await search.find("cursor", NAMES, before, after) == Drivers((), ())
    monkeypatch.undo()
    await store.tools.seed([tool("Cursor")])
    catalogue = await store.tools.catalogue()
    items = [post(f"a{n}", now - timedelta(hours=30), author=f"a{n}") for n in range(12)]
    items += [post(f"b{n}", now - timedelta(hours=3), author=f"b{n}") for n in range(12)]
    label = (Label.POSITIVE, Label.NEGATIVE)
    await put(store, [saying(each, catalogue, cursor=label[n >= 12]) for n, each in enumerate(items)], at=now)
    found, again = await asyncio.gather(
        search.find("cursor", NAMES, before, after), search.find("cursor", ("other",), before, after)
    )
    assert found == Drivers((), ()), "nothing but the name was said"
    assert [(each.phrase, each.before.total, each.after.total) for each in again.lowered] == [
        ("cursor", 12, 12)
    ]
    assert [each.phrase for each in again.raised] == []
    assert again.lowered[0].examples[0].permalink.startswith("https://www.reddit.com/r/")
