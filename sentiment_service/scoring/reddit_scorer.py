"""The default scorer: two lexicons and a linear model that learnt from labelled Reddit comments.

Origin, licence and checksum of the model file stand in ``data/README.md``; ``python -m bench.train`` makes
it.
"""

import math
from collections.abc import Sequence

from sentiment_service.models import Label
from sentiment_service.scoring.features import Lexicons
from sentiment_service.scoring.language import OTHER, Languages, language_of
from sentiment_service.scoring.model import Model, read_model
from sentiment_service.scoring.scorer import Score, Thresholds
from sentiment_service.scoring.weights import Weighed, Weights

LABELS = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)

FOREIGN_SHARE = 0.25
"""How much of a lean towards one label is kept for a text that is not English, or not of known words."""

Evidence = tuple[float, float, float]
"""For negative, neutral and positive, as logarithms of odds."""


class RedditScorer:
    """Scores by probabilities of negative, neutral and positive.

    :param thresholds: not used: the label is the likeliest.
    """

    name = "reddit@2"

    def __init__(self, thresholds: Thresholds, model: Model | None = None) -> None:
        del thresholds
        model = model or read_model()
        self._weights = Weights(model, Languages())
        self._lexicons = Lexicons()
        self._bias = model.bias
        self._numbers = model.numbers
        self._scale = model.step * model.scale
        self._temperature = model.temperature

    def score(self, text: str) -> Score:
        """The likeliest label, its probability as confidence, positive less negative as polarity."""
        numbers, subjectivity = self._lexicons.numbers(text)
        weighed = self._weights.weigh(text)
        shares = _softmax(self._evidence(numbers, weighed))
        language = language_of(text, weighed.counts)
        if language == OTHER or not weighed.words_known:
            shares = _doubted(shares)
        confidence = max(shares)
        return Score(
            polarity=shares[2] - shares[0],
            subjectivity=subjectivity,
            label=LABELS[shares.index(confidence)],
            confidence=confidence,
            probabilities=shares,
            language=language,
        )

    def _evidence(self, numbers: Sequence[float], weighed: Weighed) -> Evidence:
        negative, neutral, positive = self._bias
        for number, (a, b, c) in zip(numbers, self._numbers, strict=True):
            if number:
                negative += number * a
                neutral += number * b
                positive += number * c
        of_grams, of_pieces = weighed.grams, weighed.pieces
        by_grams = self._scale / math.sqrt(weighed.grams_known or 1)
        by_pieces = self._scale / math.sqrt(weighed.pieces_known or 1)
        return (
            (negative + of_grams[0] * by_grams + of_pieces[0] * by_pieces) / self._temperature,
            (neutral + of_grams[1] * by_grams + of_pieces[1] * by_pieces) / self._temperature,
            (positive + of_grams[2] * by_grams + of_pieces[2] * by_pieces) / self._temperature,
        )


def _softmax(evidence: Evidence) -> tuple[float, float, float]:
    most = max(evidence)
    negative, neutral, positive = (math.exp(each - most) for each in evidence)
    whole = negative + neutral + positive
    return negative / whole, neutral / whole, positive / whole


def _doubted(shares: tuple[float, float, float]) -> tuple[float, float, float]:
    """The same order, closer to a guess."""
    negative, neutral, positive = (1 / 3 + FOREIGN_SHARE * (share - 1 / 3) for share in shares)
    return negative, neutral, positive
