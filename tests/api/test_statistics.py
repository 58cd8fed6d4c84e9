import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.api.statistics import statistics_of
from sentiment_service.models import Tally


def test_figures_of_nothing_are_zeros_and_a_low_sample() -> None:
    figures = statistics_of(Tally(unscored=2, posts=2), 0.5)
    assert (figures.total, figures.avg_sentiment, figures.positive_percentage) == (0, 0.0, 0.0)
    assert figures.avg_interval_95 is None
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


def test_a_small_mean_is_not_rounded_away() -> None:
    assert statistics_of(Tally(positive=1000, polarity_sum=0.123), 1).avg_sentiment == 0.000123


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_percentages_add_up_to_about_a_hundred(positive: int, negative: int, neutral: int) -> None:
    figures = statistics_of(Tally(positive=positive, negative=negative, neutral=neutral), 1)
    together = figures.positive_percentage + figures.negative_percentage + figures.neutral_percentage
    assert together == pytest.approx(100, abs=0.02)
