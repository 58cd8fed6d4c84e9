import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.api.statistics import percentage_interval, statistics_of, wilson_interval
from sentiment_service.models import Tally


def test_figures_of_nothing_are_zeros_and_a_low_sample() -> None:
    figures = statistics_of(Tally(unscored=2, posts=2), 0.5)
    assert (figures.total, figures.avg_sentiment, figures.positive_percentage) == (0, 0.0, 0.0)
    assert figures.avg_interval_95 is None
    shares = (figures.positive_interval_95, figures.negative_interval_95, figures.neutral_interval_95)
    assert shares == (None, None, None)
    assert figures.low_sample
    assert (figures.unscored, figures.posts, figures.coverage) == (2, 2, 0.5)


def test_figures_of_a_tally() -> None:
    tally = Tally(
        posts=3, comments=9, positive=6, negative=4, neutral=2, polarity_sum=1.2, polarity_square_sum=1.5
    )
    figures = statistics_of(tally, 1.0)
    assert (figures.total, figures.avg_sentiment, figures.low_sample) == (12, 0.1, False)
    assert (figures.positive_percentage, figures.negative_percentage, figures.neutral_percentage) == (
        50.0,
        33.33,
        16.67,
    )
    # mean 0.1, s² = (1.5 - 12 · 0.01) / 11, half = 1.96 · sqrt(s² / 12)
    assert figures.avg_interval_95 == (-0.100405, 0.300405)
    assert figures.positive_interval_95 == percentage_interval(6, 12)
    assert figures.negative_interval_95 == percentage_interval(4, 12)
    assert figures.neutral_interval_95 == percentage_interval(2, 12)


def test_a_small_mean_is_not_rounded_away() -> None:
    assert statistics_of(Tally(positive=1000, polarity_sum=0.123), 1).avg_sentiment == 0.000123


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_percentages_add_up_to_about_a_hundred(positive: int, negative: int, neutral: int) -> None:
    figures = statistics_of(Tally(positive=positive, negative=negative, neutral=neutral), 1)
    together = figures.positive_percentage + figures.negative_percentage + figures.neutral_percentage
    assert together == pytest.approx(100, abs=0.02)


@pytest.mark.parametrize(
    ("part", "total", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_a_share_s_interval_is_wilson_s(part: int, total: int, expected: tuple[float, float]) -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    assert wilson_interval(part, total) == pytest.approx(expected, abs=5e-5)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_lies_in_its_interval_and_that_between_none_and_all(part: int, total: int) -> None:
    part = min(part, total)
    low, high = wilson_interval(part, total)
    assert 0 <= low <= part / total <= high <= 1
    assert low < high


@given(st.integers(0, 100))
def test_more_items_make_a_share_s_interval_narrower(part: int) -> None:
    few, many = wilson_interval(part, 100), wilson_interval(100 * part, 10_000)
    assert many[1] - many[0] < few[1] - few[0]
