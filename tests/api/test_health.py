from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sentiment_service.api.context import (
    ApplicationHealth,
    DatabaseHealth,
    HealthSnapshot,
    RedditHealth,
    ScoringHealth,
)
from sentiment_service.api.health import health_status, subreddit_state
from sentiment_service.models import Watermark
from tests.api.conftest import snapshot

INTERVAL_S = 1800.0
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


def aged(minutes: float | None) -> ApplicationHealth:
    return ApplicationHealth(None, 0, 0, minutes, False, None, "all")


def up_for(seconds: float, minutes: float | None) -> HealthSnapshot:
    well = snapshot(application=aged(minutes))
    return replace(well, process=replace(well.process, uptime_seconds=seconds))


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (snapshot(), "healthy"),
        (snapshot(database=DatabaseHealth(False, None)), "unhealthy"),
        (snapshot(database=DatabaseHealth(False, 1.0), last_cycle_status="failed"), "unhealthy"),
        (snapshot(last_cycle_status="failed"), "degraded"),
        (snapshot(last_cycle_status="partial"), "healthy"),
        (snapshot(last_cycle_status=None), "healthy"),
        (snapshot(reddit=RedditHealth(False, None, None)), "degraded"),
        (snapshot(reddit=RedditHealth(None, None, None)), "healthy"),
        (snapshot(scoring=ScoringHealth(False, 0)), "degraded"),
        (up_for(1e6, 90.0), "healthy"),
        (up_for(1e6, 90.1), "degraded"),
        (up_for(5400.0, None), "healthy"),
        (up_for(5401.0, None), "degraded"),
    ],
)
def test_health_follows_from_what_was_seen(seen: HealthSnapshot, status: str) -> None:
    assert health_status(seen, INTERVAL_S) == status


def mark(**fields: object) -> Watermark:
    fresh = Watermark("x", last_collected_at=NOW - timedelta(minutes=20), last_item_at=NOW)
    return replace(fresh, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("watermark", "state"),
    [
        (None, "unknown"),
        (mark(), "ok"),
        (mark(status="private"), "blocked"),
        (mark(status="banned"), "blocked"),
        (mark(status="not_found", last_collected_at=None), "blocked"),
        (mark(last_collected_at=None), "unknown"),
        (mark(last_collected_at=None, status="error"), "stale"),
        (mark(last_collected_at=NOW - timedelta(minutes=91)), "stale"),
        (mark(last_item_at=NOW - timedelta(hours=25)), "quiet"),
        (mark(last_item_at=None), "quiet"),
        (mark(status="error"), "ok"),
    ],
)
def test_a_dead_subreddit_does_not_look_quiet(watermark: Watermark | None, state: str) -> None:
    assert subreddit_state(watermark, NOW.timestamp(), INTERVAL_S) == state
