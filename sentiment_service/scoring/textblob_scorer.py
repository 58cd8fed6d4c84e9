"""TextBlob's lexicon: exactly the polarity and subjectivity of ``TextBlob(text).sentiment``.

The analyzer behind it is called directly, which skips a blob and a new result class for every text. It reads
only files of the package itself: no NLTK corpora, no network.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Protocol, cast

from sentiment_service.models import Label
from sentiment_service.scoring.scorer import Score, Thresholds

CHANCE = 1 / 3
"""Confidence of a guess among three labels."""


class _PatternScore(Protocol):
    """TextBlob's result: a pair of polarity and subjectivity, and the words it knew."""

    assessments: Sequence[object]

    def __getitem__(self, index: int) -> float: ...


_Analyzer = Callable[[str], _PatternScore]


class TextBlobScorer:
    """Scores by TextBlob's lexicon."""

    name = "textblob@1"

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._analyze = _load_analyzer()

    def score(self, text: str) -> Score:
        """Polarity and subjectivity as TextBlob gives them, the label by thresholds, and a confidence."""
        analyzed = self._analyze(text)
        polarity, subjectivity = analyzed[0], analyzed[1]
        evidence = len(analyzed.assessments)
        return Score(
            polarity=polarity,
            subjectivity=subjectivity,
            label=self._thresholds.label_of(polarity),
            confidence=confidence_of(polarity, evidence, self._thresholds),
        )


def confidence_of(polarity: float, evidence: int, thresholds: Thresholds) -> float:
    """How likely TextBlob's label is right, from 1/3 (a guess) to 1.

    Let *margin* in [0, 1] be the distance of the polarity from the nearest threshold as a share of the
    greatest possible, and *evidence* the number of words or phrases the lexicon knew.

    - positive, negative: ``1/3 + 2/3 · (1 - (1 - margin) ** evidence)``. Each known word is one more chance
      to be right, the better the further the text is from the threshold.
    - neutral: ``1/3 + 1/3 · margin / evidence``. Near zero is neutral, but the more words cancelled each
      other on the way there, the less it is.
    - no evidence at all: 1/3. The lexicon saw nothing, so neutral is only a guess.

    The shape follows how often TextBlob's label was right on 42,588 Reddit comments labelled by people
    (GoEmotions, training part). On the 32,710 with evidence, confidence and accuracy differ by .034 on
    average (expected calibration error, ten bins; .10 on those called negative, where TextBlob is surer than
    it should be), on all by .083.
    """
    if evidence == 0:
        return CHANCE
    label = thresholds.label_of(polarity)
    margin = _margin(polarity, label, thresholds)
    if label is Label.NEUTRAL:
        return CHANCE + CHANCE * margin / evidence
    return float(CHANCE + (1 - CHANCE) * (1 - (1 - margin) ** evidence))


def _margin(polarity: float, label: Label, thresholds: Thresholds) -> float:
    """Distance from the nearest threshold as a share of the greatest possible one, in [0, 1]."""
    if label is Label.NEUTRAL:
        threshold = thresholds.positive_from if polarity >= 0 else thresholds.negative_from
        return 1 - polarity / threshold
    threshold = thresholds.positive_from if label is Label.POSITIVE else -thresholds.negative_from
    room = 1 - threshold
    return min(1.0, max(0.0, (abs(polarity) - threshold) / room)) if room else 1.0


def _load_analyzer() -> _Analyzer:
    """Import ``textblob.en`` alone when nothing of TextBlob is imported yet.

    ``import textblob`` brings in all of NLTK, which its lexicon does not use: 0.3 s instead of 0.05 s, and 53
    MB instead of 16 MB, at every start of the worker.
    """
    if "textblob" in sys.modules:
        return _analyzer_of(importlib.import_module("textblob.en"))
    spec = importlib.util.find_spec("textblob")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("TextBlob is not installed", name="textblob")
    package = ModuleType("textblob")
    package.__path__ = spec.submodule_search_locations
    sys.modules["textblob"] = package
    try:
        return _analyzer_of(importlib.import_module("textblob.en"))
    finally:
        # Whoever imports TextBlob later gets the real, whole package.
        for name in [name for name in sys.modules if name.partition(".")[0] == "textblob"]:
            del sys.modules[name]


def _analyzer_of(module: ModuleType) -> _Analyzer:
    return cast("_Analyzer", module.sentiment)
