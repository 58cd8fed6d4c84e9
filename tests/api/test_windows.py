from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.api.windows import (
    Granularity,
    buckets_of,
    by_day,
    days_of,
    granularity_of,
    tally_of,
    window_of,
)
from sentiment_service.models import DayRollup, Span, Tally, day_of

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 25, 15, 42, 7, tzinfo=UTC)  # a Wednesday


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "start"),
    [(1, at(25, 15)), (24, at(24, 16)), (2160, at(25, 16) - timedelta(days=90))],
)
def test_a_window_ends_with_the_running_hour(hours: int, start: datetime) -> None:
    assert window_of(NOW, hours) == Span(start, at(25, 16))


def test_a_window_that_begins_on_the_hour_still_ends_with_that_hour() -> None:
    assert window_of(at(25, 15), 1) == Span(at(25, 15), at(25, 16))


@pytest.mark.parametrize(
    ("hours", "granularity"),
    [(1, "hourly"), (72, "hourly"), (73, "daily"), (720, "daily"), (721, "weekly"), (2160, "weekly")],
)
def test_auto_is_hourly_then_daily_then_weekly(hours: int, granularity: Granularity) -> None:
    assert granularity_of("auto", hours) == granularity


def test_a_granularity_that_was_asked_for_is_kept() -> None:
    assert granularity_of("hourly", 2160) == "hourly"


def test_days_are_utc_days_and_the_outer_ones_are_cut_to_the_window() -> None:
    assert buckets_of(Span(at(23, 16), at(25, 16)), "daily") == [
        Span(at(23, 16), at(24)),
        Span(at(24), at(25)),
        Span(at(25), at(25, 16)),
    ]


def test_weeks_begin_on_monday_and_the_outer_ones_are_cut_to_the_window() -> None:
    assert buckets_of(Span(at(7, 16), at(25, 16)), "weekly") == [
        Span(at(7, 16), at(9)),
        Span(at(9), at(16)),
        Span(at(16), at(23)),
        Span(at(23), at(25, 16)),
    ]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 2160),
    st.sampled_from(["hourly", "daily", "weekly"]),
)
def test_buckets_fill_the_window_without_holes(now: datetime, hours: int, granularity: Granularity) -> None:
    window = window_of(now, hours)
    buckets = buckets_of(window, granularity)
    assert (buckets[0].start, buckets[-1].end) == (window.start, window.end)
    assert all(left.end == right.start for left, right in pairwise(buckets))
    assert window.end - window.start == hours * HOUR
    assert window.start <= now < window.end or hours == 1


def test_a_window_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    assert days_of(Span(at(24), at(25))) == (at(24), at(24))
    assert days_of(Span(at(24, 23), at(25, 1))) == (at(24), at(25))


def rollup(day: datetime, hours: dict[int, int]) -> DayRollup:
    tallies = {hour: Tally(posts=n, positive=n, polarity_sum=n / 2) for hour, n in hours.items()}
    return DayRollup("all", day, sum(tallies.values(), Tally()), tallies)


def test_whole_days_are_read_from_the_day_and_edges_from_hours() -> None:
    # The day in the middle has a tally that its hours do not add up to, so its source shows.
    middle = DayRollup("all", at(24), Tally(posts=1000, positive=1000), {3: Tally(posts=1, positive=1)})
    days = by_day([rollup(at(23), {15: 1, 16: 10}), middle, rollup(at(25), {0: 100, 15: 200, 16: 5000})])
    assert tally_of(Span(at(23, 16), at(25, 16)), days).total == 10 + 1000 + 100 + 200


def test_absent_days_and_hours_count_nothing() -> None:
    assert tally_of(Span(at(1), at(20)), {}) == Tally()
    assert tally_of(Span(at(23, 4), at(23, 5)), by_day([rollup(at(23), {5: 1, 3: 1})])) == Tally()


@given(
    st.dictionaries(st.integers(0, 24 * 12), st.integers(1, 50), max_size=60),
    st.integers(1, 24 * 11),
    st.sampled_from(["hourly", "daily", "weekly"]),
)
def test_buckets_add_up_to_a_count_of_the_hours(
    said: dict[int, int], hours: int, granularity: Granularity
) -> None:
    origin = at(13, 16)
    moments = {origin + n * HOUR: count for n, count in said.items()}
    by: dict[datetime, dict[int, int]] = {}
    for moment, count in moments.items():
        by.setdefault(day_of(moment), {})[moment.hour] = count
    days = by_day([rollup(day, counts) for day, counts in by.items()])
    window = window_of(NOW, hours)
    expected = sum(count for moment, count in moments.items() if window.start <= moment < window.end)
    assert tally_of(window, days).total == expected
    assert sum(tally_of(bucket, days).total for bucket in buckets_of(window, granularity)) == expected
