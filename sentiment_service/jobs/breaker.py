"""A breaker for each subreddit: one that fails is left alone for a while, and what that misses is noted.

Refusals (private, banned, not found, quarantined) open it for long, failures in passing (server errors,
time-outs, nonsense) for short, and a rate limit for as long as Reddit asks. Pure functions.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sentiment_service.errors import SourceError
from sentiment_service.models import Outage, SubredditStatus, Watermark

ABOUT_THE_SUBREDDIT = frozenset({"private", "banned", "not_found", "quarantined", "forbidden"})
"""Failures that say something of one subreddit, and nothing of the source as a whole."""
_STATUS_OF_KIND: dict[str, SubredditStatus] = {
    "private": "private",
    "banned": "banned",
    "not_found": "not_found",
}
_BLOCKED_S = (3600.0, 6 * 3600.0, 24 * 3600.0)
"""Seconds a subreddit that refuses is left alone, after one failure, two, and more."""
_TROUBLE_S = (60.0, 300.0, 900.0)
"""The same for one that fails in passing: server errors, time-outs, nonsense."""
OUTAGES_KEPT = 50


def is_open(mark: Watermark | None, now: datetime) -> bool:
    """Whether a subreddit's breaker is open: it failed, and it is too early to ask again."""
    return mark is not None and mark.retry_at is not None and now < mark.retry_at


def after_failure(mark: Watermark, error: SourceError, *, now: datetime) -> Watermark:
    """The watermark of a subreddit that could not be read: its status, its breaker, and the time it misses.

    Refusals open the breaker for long, failures in passing for short, and a rate limit for as long as
    Reddit asks.
    """
    failures = mark.failures + 1
    waits = _BLOCKED_S if error.kind in ABOUT_THE_SUBREDDIT else _TROUBLE_S
    wait_s = max(waits[min(failures, len(waits)) - 1], error.retry_after_s or 0.0)
    return replace(
        mark,
        status=_STATUS_OF_KIND.get(error.kind, "error"),
        last_error=error.detail,
        checked_at=now,
        failures=failures,
        retry_at=now + timedelta(seconds=wait_s),
        outages=missed(mark, error.kind, now=now),
    )


def missed(mark: Watermark, reason: str, *, now: datetime) -> tuple[Outage, ...]:
    """The outages of a subreddit with the time since it was last read added."""
    ends = [each.covered[-1].end for each in (mark.posts, mark.comments) if each.covered]
    covered_to = min(ends, default=None)
    last = mark.outages[-1] if mark.outages else None
    if last is not None and (covered_to is None or covered_to <= last.end):  # not read since
        if last.reason == reason:
            return (*mark.outages[:-1], replace(last, end=now))
        covered_to = last.end
    return (*mark.outages, Outage(covered_to or now, now, reason))[-OUTAGES_KEPT:]


def after_success(mark: Watermark) -> Watermark:
    """The watermark of a subreddit that was read: its breaker closes."""
    return replace(mark, status="ok", last_error=None, failures=0, retry_at=None)
