"""Tests of difference, beside those of SciPy."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sentiment_service.api.significance import holm, label_test, welch_test
from sentiment_service.models import Tally

POLARITIES = st.lists(
    st.integers(-100, 100).map(lambda hundredths: hundredths / 100), min_size=2, max_size=60
)


def tally(polarities: Sequence[float]) -> Tally:
    return Tally(
        positive=sum(each >= 0.1 for each in polarities),
        negative=sum(each <= -0.1 for each in polarities),
        neutral=sum(-0.1 < each < 0.1 for each in polarities),
        polarity_sum=sum(polarities),
        polarity_square_sum=sum(each * each for each in polarities),
    )


@given(POLARITIES.filter(lambda some: len(set(some)) > 1), POLARITIES.filter(lambda some: len(set(some)) > 1))
@settings(max_examples=200, deadline=None)
def test_means_are_compared_as_scipy_does_by_welchs_test(a: list[float], b: list[float]) -> None:
    found = welch_test(tally(a), tally(b))
    expected = stats.ttest_ind(a, b, equal_var=False)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
    low, high = found.interval_95
    assert low < found.delta < high


@pytest.mark.parametrize(
    ("a", "b", "p_value"), [([0.5] * 10, [0.5] * 12, 1.0), ([0.5] * 10, [-0.5] * 12, 0.0)]
)
def test_tools_of_which_the_same_is_said_every_time(a: list[float], b: list[float], p_value: float) -> None:
    assert welch_test(tally(a), tally(b)).p_value == p_value


COUNTS = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).filter(any)


@given(COUNTS, COUNTS)
@settings(max_examples=200, deadline=None)
def test_counts_by_label_are_compared_as_scipy_does_by_the_chi_square_test(
    a: tuple[int, int, int], b: tuple[int, int, int]
) -> None:
    columns = [pair for pair in zip(a, b, strict=True) if sum(pair)]
    expected = stats.chi2_contingency(list(zip(*columns, strict=True)), correction=False).pvalue
    first, second = (Tally(positive=one[0], negative=one[1], neutral=one[2]) for one in (a, b))
    assert label_test(first, second) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_several_tries_are_adjusted_by_holms_method() -> None:
    # By hand: sorted 0.01, 0.02, 0.04 times 3, 2, 1, none smaller than the one before.
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []
