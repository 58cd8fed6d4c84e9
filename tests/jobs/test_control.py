"""Whoever asks for a collection is told when there can be none yet."""

from typing import Any, cast

import pytest

from sentiment_service.errors import DatabaseUnavailableError
from sentiment_service.jobs.announce import CycleAnnouncer
from sentiment_service.jobs.collect import Collector
from sentiment_service.jobs.control import CollectionControl
from sentiment_service.jobs.totals import CycleTotals
from sentiment_service.store.stores import Store


def ignore(*_: Any) -> None:
    """Nobody listens."""


async def test_nothing_begins_before_leases_of_a_former_process_are_cleared_away(store: Store) -> None:
    control = CollectionControl(store, CycleAnnouncer(ignore), CycleTotals(), collected=ignore)
    control.collector = cast("Collector", object())
    control.settled = False
    for begin in (control.trigger, control.run):
        with pytest.raises(DatabaseUnavailableError, match="still starting"):
            await begin()
