"""Breakers: how long a failing subreddit is left alone, and what that misses."""

from datetime import UTC, datetime, timedelta

import pytest

from sentiment_service.errors import SourceError, SourceErrorKind
from sentiment_service.jobs.breaker import OUTAGES_KEPT, after_failure, after_success, is_open, missed
from sentiment_service.models import ListingMark, Outage, Span, Watermark

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read_until(moment: datetime) -> Watermark:
    """A subreddit whose listings were read up to then."""
    mark = ListingMark(covered=(Span(moment - 24 * HOUR, moment),))
    return Watermark("aws", posts=mark, comments=mark)


@pytest.mark.parametrize(
    ("kind", "status", "waits_s"),
    [
        ("private", "private", (3600, 21600, 86400, 86400)),
        ("banned", "banned", (3600, 21600, 86400, 86400)),
        ("not_found", "not_found", (3600, 21600, 86400, 86400)),
        ("quarantined", "error", (3600, 21600, 86400, 86400)),
        ("unavailable", "error", (60, 300, 900, 900)),
        ("timeout", "error", (60, 300, 900, 900)),
    ],
)
def test_refusals_open_it_for_long_and_trouble_for_short(
    kind: SourceErrorKind, status: str, waits_s: tuple[int, ...]
) -> None:
    mark = read_until(NOW - HOUR)
    for number, wait_s in enumerate(waits_s, start=1):
        mark = after_failure(mark, SourceError(kind, "why"), now=NOW)
        assert (mark.status, mark.failures, mark.last_error) == (status, number, "why")
        assert mark.retry_at == NOW + timedelta(seconds=wait_s)
        assert is_open(mark, NOW)
        assert not is_open(mark, NOW + timedelta(seconds=wait_s))


def test_a_rate_limit_opens_it_for_as_long_as_reddit_asks() -> None:
    error = SourceError("rate_limited", "too many", retry_after_s=1234)
    assert after_failure(Watermark("aws"), error, now=NOW).retry_at == NOW + timedelta(seconds=1234)


def test_a_read_that_succeeds_closes_it() -> None:
    failed = after_failure(read_until(NOW - HOUR), SourceError("private", "why"), now=NOW)
    closed = after_success(failed)
    assert (closed.status, closed.failures, closed.retry_at, closed.last_error) == ("ok", 0, None, None)
    assert not is_open(closed, NOW)
    assert closed.outages == failed.outages
    assert not is_open(None, NOW)


def test_missed_time_begins_where_coverage_ends_and_grows_while_the_reason_stays() -> None:
    mark = read_until(NOW - 2 * HOUR)
    first = after_failure(mark, SourceError("private", "why"), now=NOW)
    assert first.outages == (Outage(NOW - 2 * HOUR, NOW, "private"),)
    second = after_failure(first, SourceError("private", "why"), now=NOW + HOUR)
    assert second.outages == (Outage(NOW - 2 * HOUR, NOW + HOUR, "private"),)
    other = after_failure(second, SourceError("timeout", "slow"), now=NOW + 2 * HOUR)
    assert other.outages[1:] == (Outage(NOW + HOUR, NOW + 2 * HOUR, "timeout"),)


def test_only_so_many_outages_are_kept() -> None:
    mark = read_until(NOW)
    for number in range(OUTAGES_KEPT + 5):
        reason = ("private", "timeout")[number % 2]
        mark = Watermark("aws", outages=missed(mark, reason, now=NOW + number * HOUR))
    assert len(mark.outages) == OUTAGES_KEPT
