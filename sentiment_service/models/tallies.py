"""Counts and sums of scored items, by scope and day."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

LOW_SAMPLE = 10
"""Fewer scored items than this make a figure a low sample."""


class Tally(NamedTuple):
    """Counts and sums of the scored items of one bucket; adding two gives the tally of both.

    For a tool, of its mentions: labels and polarities are those of the mentions, not of whole items.
    A named tuple, because windows are added up from thousands of them and these are made twice as fast.
    """

    posts: int = 0
    comments: int = 0
    positive: int = 0
    negative: int = 0
    neutral: int = 0
    unscored: int = 0
    """Items without a text to score; not part of ``total``."""
    polarity_sum: float = 0.0
    polarity_square_sum: float = 0.0
    scorers: frozenset[str] = frozenset()
    comment_sum: int = 0
    """Comments of the posts, as Reddit counts them; only for tools."""
    upvote_sum: int = 0
    """Upvotes of posts and comments; only for tools."""

    @property
    def total(self) -> int:
        """Scored items."""
        return self.positive + self.negative + self.neutral

    @property
    def avg_sentiment(self) -> float:
        """Mean polarity in [-1, 1]; 0.0 when nothing was scored, which ``total`` tells."""
        return self.polarity_sum / self.total if self.total else 0.0

    @property
    def avg_interval_95(self) -> tuple[float, float] | None:
        """95 % interval of the mean: mean ± 1.96 · s/√n with the sample standard deviation s, cut to [-1, 1].

        ``None`` below two scored items, where no spread can be estimated.
        """
        n = self.total
        if n < 2:
            return None
        mean = self.polarity_sum / n
        variance = max(0.0, (self.polarity_square_sum - n * mean * mean) / (n - 1))
        half = 1.96 * math.sqrt(variance / n)
        return max(-1.0, mean - half), min(1.0, mean + half)

    @property
    def low_sample(self) -> bool:
        """Whether there are too few items to trust the figures."""
        return self.total < LOW_SAMPLE

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]
        return Tally(
            self.posts + other.posts,
            self.comments + other.comments,
            self.positive + other.positive,
            self.negative + other.negative,
            self.neutral + other.neutral,
            self.unscored + other.unscored,
            self.polarity_sum + other.polarity_sum,
            self.polarity_square_sum + other.polarity_square_sum,
            self.scorers | other.scorers,
            self.comment_sum + other.comment_sum,
            self.upvote_sum + other.upvote_sum,
        )


@dataclass(frozen=True, slots=True)
class DayRollup:
    """The rollup of one scope and one UTC day: the whole day, and the hours in which something was said."""

    scope: str
    """``all``, ``subreddit:<name in lower case>``, ``tool:<id>``, or the latter two joined by ``|``."""
    day: datetime
    """Midnight, UTC."""
    whole: Tally
    hours: dict[int, Tally]
    """By hour of the day, 0 to 23; hours without items are absent."""


def scope_of(subreddit: str | None) -> str:
    """The rollup scope of a subreddit, or of everything."""
    return "all" if subreddit is None else f"subreddit:{subreddit.lower()}"
