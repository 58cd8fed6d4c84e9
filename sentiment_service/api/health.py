"""Whether the service is well, from what background checks saw last."""

from typing import Literal

from sentiment_service.api.context import HealthSnapshot
from sentiment_service.models import SubredditStatus, Watermark

HealthStatus = Literal["healthy", "degraded", "unhealthy"]
SubredditState = Literal["ok", "quiet", "blocked", "stale", "unknown"]

STALE_INTERVALS = 3
"""Collections missed before data counts as old."""
QUIET_HOURS = 24
"""Hours without a post or comment after which a subreddit counts as quiet."""

_BLOCKED: frozenset[SubredditStatus] = frozenset({"private", "banned", "not_found"})


def health_status(snapshot: HealthSnapshot, interval_s: float) -> HealthStatus:
    """Unhealthy without the database; degraded when collecting or scoring does not work as it should.

    :param interval_s: seconds between two scheduled collections.
    """
    if not snapshot.database.connected:
        return "unhealthy"
    trouble = (
        snapshot.last_cycle_status == "failed"
        or snapshot.reddit.ok is False
        or not snapshot.scoring.worker_alive
        or _age_s(snapshot) > STALE_INTERVALS * interval_s
    )
    return "degraded" if trouble else "healthy"


def _age_s(snapshot: HealthSnapshot) -> float:
    """Age of the newest data; before the first collection, the time in which there could have been one."""
    minutes = snapshot.application.data_freshness_minutes
    return snapshot.process.uptime_seconds if minutes is None else minutes * 60


def subreddit_state(mark: Watermark | None, now_s: float, interval_s: float) -> SubredditState:
    """How a subreddit does as a source: a blocked or stale one must not look quiet.

    :param now_s: seconds since the epoch.
    :param interval_s: seconds between two scheduled collections.
    """
    if mark is None:
        return "unknown"
    if mark.status in _BLOCKED:
        return "blocked"
    if mark.last_collected_at is None:
        return "stale" if mark.status == "error" else "unknown"
    if now_s - mark.last_collected_at.timestamp() > STALE_INTERVALS * interval_s:
        return "stale"
    if mark.last_item_at is None or now_s - mark.last_item_at.timestamp() > QUIET_HOURS * 3600:
        return "quiet"
    return "ok"
