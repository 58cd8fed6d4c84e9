"""Tallies as the API shows them: means and shares, each with its count and a 95 % interval."""

import math
from dataclasses import dataclass

from sentiment_service.api.schema import Answer
from sentiment_service.models import Tally

PERCENT_DIGITS = 2
POLARITY_DIGITS = 6

Z_95 = 1.96
"""Standard normal quantile of a two-sided 95 % interval."""

Interval = tuple[float, float]
"""``[low, high]``."""


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
    positive_interval_95: Interval | None
    """95 % interval of ``positive_percentage`` in percent (Wilson's); null when ``total`` is 0."""
    negative_interval_95: Interval | None
    neutral_interval_95: Interval | None
    avg_interval_95: Interval | None
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
        positive_interval_95=percentage_interval(tally.positive, tally.total),
        negative_interval_95=percentage_interval(tally.negative, tally.total),
        neutral_interval_95=percentage_interval(tally.neutral, tally.total),
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


def percentage_interval(part: int, total: int) -> Interval | None:
    """The 95 % interval of a share in percent, as ``[low, high]``; ``None`` of nothing."""
    if not total:
        return None
    low, high = wilson_interval(part, total)
    return round(100 * low, PERCENT_DIGITS), round(100 * high, PERCENT_DIGITS)


def wilson_interval(part: int, total: int, *, z: float = Z_95) -> Interval:
    """Wilson's score interval of a share, within [0, 1].

    ``(p + z²/2n ± z · sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n)`` with ``p = part/total`` and ``n = total``:
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927),
    209-212. Unlike ``p ± z · sqrt(p(1 - p)/n)`` it holds its level for few items and for shares near 0 and 1.

    :param part: how many of ``total``, from 0 to ``total``.
    :param total: at least 1.
    """
    share = part / total
    scale = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / scale
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale
    # Rounding must not take the share itself out of the interval at 0 and 1.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def rounded_polarity(value: float) -> float:
    """A polarity without the noise of floating sums."""
    return round(value, POLARITY_DIGITS)


def interval_of(tally: Tally) -> Interval | None:
    """The 95 % interval of the mean as ``[low, high]``."""
    interval = tally.avg_interval_95
    return None if interval is None else (rounded_polarity(interval[0]), rounded_polarity(interval[1]))
