from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.api.coverage import both, covered_by, covering_counts, hours_covered
from sentiment_service.api.windows import buckets_of
from sentiment_service.models import ListingMark, Span, Watermark, merge_spans

HALF_HOUR = timedelta(minutes=30)


def at(hour: float) -> datetime:
    return datetime(2026, 11, 25, tzinfo=UTC) + timedelta(hours=hour)


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([span(3, 3)], []),
        ([span(4, 6), span(1, 2)], [span(1, 2), span(4, 6)]),
        ([span(1, 2), span(2, 3)], [span(1, 3)]),
        ([span(1, 5), span(2, 3)], [span(1, 5)]),
    ],
)
def test_spans_that_touch_or_overlap_are_one(spans: list[Span], expected: list[Span]) -> None:
    assert merge_spans(spans) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([span(0, 9)], [], []),
        ([span(0, 3)], [span(3, 5)], []),
        ([span(0, 9)], [span(1, 2), span(4, 10)], [span(1, 2), span(4, 9)]),
        ([span(0, 3), span(5, 8)], [span(2, 6), span(7, 9)], [span(2, 3), span(5, 6), span(7, 8)]),
    ],
)
def test_only_time_in_both_listings_counts(left: list[Span], right: list[Span], expected: list[Span]) -> None:
    assert both(left, right) == expected
    assert both(right, left) == expected


def test_a_subreddit_covers_what_both_its_listings_cover() -> None:
    mark = Watermark("x", ListingMark(covered=(span(0, 5),)), ListingMark(covered=(span(2, 9),)))
    assert covered_by(mark) == [span(2, 5)]


def test_a_subreddit_without_a_watermark_covers_nothing() -> None:
    assert covered_by(None) == []


@pytest.mark.parametrize(
    ("spans", "now", "expected"),
    [
        # hours 0, 1, 2 are past and hour 3 is running
        ([span(0, 3.4)], 3.5, [1, 1, 1, 1]),
        ([], 3.5, [0, 0, 0, 0]),
        ([span(0.1, 3.4)], 3.5, [0, 1, 1, 1]),  # the first hour was not read from its beginning
        ([span(0, 2.9)], 3.1, [1, 1, 0, 0]),  # the past hour misses its last minutes
        ([span(0, 3)], 3.1, [1, 1, 1, 0]),  # nothing of the running hour was collected yet
        ([span(0, 1.5), span(1.6, 3.4)], 3.5, [1, 0, 1, 1]),  # a gap
        ([span(3.2, 3.4)], 3.5, [0, 0, 0, 0]),  # the running hour misses its beginning
        ([span(0, 9)], 3.5, [1, 1, 1, 1]),  # a clock that runs ahead
    ],
)
def test_hours_are_covered_when_all_of_them_was_collected(
    spans: list[Span], now: float, expected: list[int]
) -> None:
    hours = buckets_of(span(0, 4), "hourly")
    assert covering_counts(hours, [spans], at(now), HALF_HOUR) == expected


@pytest.mark.parametrize(("hours_ago", "covered"), [(0.5, 1), (1.0, 1), (1.01, 0), (9.0, 0)])
def test_a_running_day_is_not_covered_when_collections_stopped(hours_ago: float, covered: int) -> None:
    day = buckets_of(span(0, 20), "daily")
    assert covering_counts(day, [[span(-5, 19.5 - hours_ago)]], at(19.5), HALF_HOUR) == [covered]


def test_sources_are_counted() -> None:
    hours = buckets_of(span(0, 3), "hourly")
    sources = [[span(0, 3)], [span(1, 2)], []]
    assert covering_counts(hours, sources, at(9), HALF_HOUR) == [1, 2, 1]


_QUARTERS = st.integers(-20, 220).map(lambda quarters: quarters / 4)
_SPANS = st.lists(st.tuples(_QUARTERS, _QUARTERS).map(sorted), max_size=4).map(
    lambda pairs: merge_spans([span(start, end) for start, end in pairs])
)


@given(st.lists(_SPANS, max_size=3), _QUARTERS, st.integers(1, 50))
def test_hours_are_counted_as_their_buckets_are(sources: list[list[Span]], now: float, hours: int) -> None:
    window = Span(at(0), at(hours))
    counts = covering_counts(buckets_of(window, "hourly"), sources, at(now), HALF_HOUR)
    assert hours_covered(window, sources, at(now), HALF_HOUR) == sum(counts)
