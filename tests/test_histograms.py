"""Values counted by bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.histograms import SECONDS, Histogram


def test_a_bound_belongs_to_its_bucket_and_what_is_above_to_the_last() -> None:
    histogram = Histogram((0.1, 1.0))
    for value in (0.1, 0.11, 1.0, 5.0):
        histogram.observe(value)
    assert histogram.cumulative() == [("0.1", 1.0), ("1.0", 3.0), ("+Inf", 4.0)]
    assert histogram.count == 4
    assert histogram.sum == pytest.approx(6.21)


@given(st.lists(st.floats(0, 100)))
def test_every_bucket_holds_what_is_not_above_its_bound(values: list[float]) -> None:
    histogram = Histogram()
    for value in values:
        histogram.observe(value)
    *bounded, (last, total) = histogram.cumulative()
    assert [count for _, count in bounded] == [sum(value <= bound for value in values) for bound in SECONDS]
    assert (last, total, histogram.count) == ("+Inf", len(values), len(values))
