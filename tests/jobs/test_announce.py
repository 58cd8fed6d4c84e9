"""What listeners are told of collections and of changes of the data."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sentiment_service.jobs import announce
from sentiment_service.jobs.announce import CycleAnnouncer, announce_versions
from sentiment_service.jobs.totals import CycleTotals
from sentiment_service.models import Cycle, DataVersion
from sentiment_service.resources import background
from sentiment_service.store.version import VersionWatch
from tests.waiting import until

BEGAN = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
CYCLE = Cycle("c1", "running", "schedule", BEGAN)
ENDED = replace(
    CYCLE, status="completed", end_time=BEGAN + timedelta(seconds=4, microseconds=900), items_new=7
)


@pytest.fixture
def told() -> list[tuple[str, dict[str, object]]]:
    return []


async def test_a_cycle_is_announced_from_beginning_to_end(
    told: list[tuple[str, dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announce, "PROGRESS_INTERVAL_S", 0.0)
    announcer = CycleAnnouncer(lambda kind, data: told.append((kind, data)))
    announcer.started(CYCLE)
    announcer.progressed(replace(CYCLE, percentage=50.0))
    announcer.progressed(ENDED)  # told when its record is stored
    announcer.finished(ENDED)
    assert [kind for kind, _ in told] == ["cycle.started", "cycle.progress", "cycle.finished"]
    assert told[1][1]["percentage"] == 50.0
    assert told[0][1]["duration_seconds"] is None
    assert told[2][1] | {"items_new": 7, "duration_seconds": 4.001} == told[2][1]


async def test_progress_is_announced_now_and_then(told: list[tuple[str, dict[str, object]]]) -> None:
    announcer = CycleAnnouncer(lambda kind, data: told.append((kind, data)))
    announcer.started(CYCLE)
    for done in range(100):
        announcer.progressed(replace(CYCLE, percentage=float(done)))
    assert len(told) <= 3


async def test_a_change_of_the_data_is_announced_but_not_the_version_found_at_the_start(
    told: list[tuple[str, dict[str, object]]],
) -> None:
    version = DataVersion(3, BEGAN)

    async def read() -> DataVersion:
        return version

    watch = VersionWatch(read)
    async with background(announce_versions(watch, lambda kind, data: told.append((kind, data))), "told"):
        await watch.poll()
        await asyncio.sleep(0)
        watch.doubt()
        await asyncio.sleep(0)
        await watch.poll()
        await asyncio.sleep(0)
        assert told == []
        watch.announce(DataVersion(4, BEGAN))
        watch.announce(DataVersion(5, BEGAN))
        await until(lambda: bool(told))
    assert told == [("data.updated", {"version": 5, "changed_at": BEGAN})]


def test_totals_grow_with_a_cycle_and_count_it_once() -> None:
    totals = CycleTotals()
    for _ in range(2):
        totals.saw(replace(CYCLE, items_new=3, items_updated=1, posts_collected=2, gaps=1))
    for _ in range(2):
        totals.saw(replace(ENDED, items_updated=1, items_set_aside=2, posts_collected=5, gaps=1))
    totals.saw(Cycle("c2", "running", "admin", BEGAN, items_new=10, comments_collected=4))
    assert totals.items == {"new": 17, "updated": 1, "set_aside": 2}
    assert totals.read == {"post": 5, "comment": 4}
    assert totals.gaps == 1
    assert {status: each.count for status, each in totals.durations.items()} == {"completed": 1}
