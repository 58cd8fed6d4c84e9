"""The ledger: each hour collected, quiet, or not covered and why."""

from datetime import UTC, datetime, timedelta

from sentiment_service.api.coverage_ledger import stretches_of
from sentiment_service.models import DayRollup, ListingMark, Outage, Span, Tally, Watermark

HOUR = timedelta(hours=1)
HALF_HOUR = timedelta(minutes=30)


def at(hour: float) -> datetime:
    """A moment of one day."""
    return datetime(2026, 11, 23, tzinfo=UTC) + hour * HOUR


def test_every_hour_has_its_state_and_the_reason_it_is_not_covered() -> None:
    listing = ListingMark(covered=(Span(at(2), at(6)), Span(at(9), at(12.4))))
    mark = Watermark(
        "aws",
        posts=listing,
        comments=listing,
        outages=(Outage(at(6), at(7), "unavailable"), Outage(at(7), at(8), "gap")),
    )
    said = Tally(posts=1, positive=1)
    days = {at(0): DayRollup("subreddit:aws", at(0), said + said, {3: said, 10: said})}
    found = [
        (stretch.start.hour, (stretch.end - stretch.start) // HOUR, stretch.state, stretch.reason)
        for stretch in stretches_of(Span(at(0), at(13)), mark, days, now=at(12.5), interval=HALF_HOUR)
    ]
    assert found == [
        (0, 2, "not_covered", "before_first"),
        (2, 1, "quiet", None),
        (3, 1, "collected", None),
        (4, 2, "quiet", None),
        (6, 1, "not_covered", "unavailable"),
        (7, 1, "not_covered", "gap"),
        (8, 1, "not_covered", "not_running"),
        (9, 1, "quiet", None),
        (10, 1, "collected", None),
        (11, 2, "quiet", None),
    ]


def test_a_subreddit_nobody_asked_for_yet_was_not_running() -> None:
    (only,) = stretches_of(Span(at(0), at(24)), None, {}, now=at(23), interval=HALF_HOUR)
    assert (only.state, only.reason, only.start, only.end) == ("not_covered", "not_running", at(0), at(24))


def test_a_blocked_subreddit_says_so_though_it_was_never_read() -> None:
    mark = Watermark("aws", status="private", outages=(Outage(at(5), at(9), "private"),))
    found = list(stretches_of(Span(at(4), at(10)), mark, {}, now=at(9.5), interval=HALF_HOUR))
    assert [(stretch.state, stretch.reason) for stretch in found] == [
        ("not_covered", "not_running"),
        ("not_covered", "private"),
        ("not_covered", "not_running"),
    ]
