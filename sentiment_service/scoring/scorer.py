"""What a scorer is: something with a versioned name that turns text into a score.

Scorers know nothing of Reddit, processes or storage. A new one is a class with this protocol, an entry in
:data:`SCORERS`, and a new version in its name whenever the same text could score differently.
"""

import importlib
from dataclasses import dataclass
from typing import Protocol, cast

from sentiment_service.models import Label

SCORERS = {
    "reddit": "sentiment_service.scoring.reddit_scorer:RedditScorer",
    "textblob": "sentiment_service.scoring.textblob_scorer:TextBlobScorer",
}
"""Where each scorer that can be chosen in the settings lives; imported only by the process that scores."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which polarity on a text is positive, and down from which it is negative."""

    positive_from: float
    """In (0, 1]."""
    negative_from: float
    """In [-1, 0)."""

    def label_of(self, polarity: float) -> Label:
        """The label of a polarity; a threshold itself is positive or negative, not neutral."""
        if polarity >= self.positive_from:
            return Label.POSITIVE
        return Label.NEGATIVE if polarity <= self.negative_from else Label.NEUTRAL


@dataclass(frozen=True, slots=True)
class Score:
    """What a scorer says of one text."""

    polarity: float
    """From -1 (negative) to 1 (positive)."""
    subjectivity: float
    """From 0 (objective) to 1 (subjective)."""
    label: Label
    confidence: float
    """From 0 to 1: how sure the scorer is of the label."""
    probabilities: tuple[float, float, float] | None = None
    """Of negative, neutral and positive, adding up to 1; from scorers that know them."""
    language: str | None = None
    """``en``, ``other``, or ``und`` when there is too little to tell; from scorers that look."""


class Scorer(Protocol):
    """Turns text into a score; made with :class:`Thresholds`."""

    @property
    def name(self) -> str:
        """``name@version``, stored with every score."""

    def score(self, text: str) -> Score:
        """Score one text that was cleaned by :func:`~sentiment_service.scoring.clean.scorable_text`."""


class _ScorerClass(Protocol):
    def __call__(self, thresholds: Thresholds) -> Scorer: ...


def create_scorer(choice: str, thresholds: Thresholds) -> Scorer:
    """Make a scorer.

    :param choice: a name of :data:`SCORERS`, or ``package.module:Class`` for one that is not of this package.
    """
    module, _, class_name = SCORERS.get(choice, choice).partition(":")
    scorer_class = cast("_ScorerClass", getattr(importlib.import_module(module), class_name))
    return scorer_class(thresholds)
