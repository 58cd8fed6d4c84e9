"""Tallies as the API shows them."""

from dataclasses import dataclass

from sentiment_service.api.schema import Answer
from sentiment_service.models import Tally

PERCENT_DIGITS = 2
POLARITY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Statistics(Answer):
    """What was said in a window, in numbers."""

    total: int
    """Scored posts and comments."""
    positive: int
    negative: int
    neutral: int
    avg_sentiment: float
    """Mean polarity, from -1 (negative) to 1 (positive); 0 when ``total`` is 0."""
    positive_percentage: float
    negative_percentage: float
    neutral_percentage: float
    avg_interval_95: tuple[float, float] | None
    """95 % interval of the mean; null below two scored items."""
    low_sample: bool
    """Fewer than 10 scored items: too few to trust the figures."""
    posts: int
    comments: int
    unscored: int
    """Posts and comments without a text to score; not part of ``total``."""
    coverage: float
    """Share of the window's hours and watched subreddits that was collected, from 0 to 1."""


def statistics_of(tally: Tally, coverage: float) -> Statistics:
    """The figures of a tally."""
    return Statistics(
        total=tally.total,
        positive=tally.positive,
        negative=tally.negative,
        neutral=tally.neutral,
        avg_sentiment=rounded_polarity(tally.avg_sentiment),
        positive_percentage=percentage(tally.positive, tally.total),
        negative_percentage=percentage(tally.negative, tally.total),
        neutral_percentage=percentage(tally.neutral, tally.total),
        avg_interval_95=interval_of(tally),
        low_sample=tally.low_sample,
        posts=tally.posts,
        comments=tally.comments,
        unscored=tally.unscored,
        coverage=round(coverage, 4),
    )


def percentage(part: int, total: int) -> float:
    """A share in percent; 0.0 of nothing."""
    return round(100 * part / total, PERCENT_DIGITS) if total else 0.0


def rounded_polarity(value: float) -> float:
    """A polarity without the noise of floating sums."""
    return round(value, POLARITY_DIGITS)


def interval_of(tally: Tally) -> tuple[float, float] | None:
    """The 95 % interval of the mean as ``[low, high]``."""
    interval = tally.avg_interval_95
    return None if interval is None else (rounded_polarity(interval[0]), rounded_polarity(interval[1]))
