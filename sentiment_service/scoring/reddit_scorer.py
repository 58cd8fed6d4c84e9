"""The default scorer: two lexicons and a linear model that learnt from labelled Reddit comments.

Origin, licence and checksum of the model file stand in ``data/README.md``; ``python -m bench.train`` makes
it.
"""

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sentiment_service.models import Label
from sentiment_service.scoring.features import Lexicons, grams, is_word, pieces, words
from sentiment_service.scoring.language import OTHER, Languages
from sentiment_service.scoring.model import Model, Row, read_model
from sentiment_service.scoring.scorer import Score, Thresholds

LABELS = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)
REMEMBERED_WORDS = 50_000

FOREIGN_SHARE = 0.25
"""How much of a lean towards one label is kept for a text that is not English, or not of known words."""

Evidence = tuple[float, float, float]
"""For negative, neutral and positive, as logarithms of odds."""


class _Word(NamedTuple):
    pieces: Row
    """The sum of the weights of its known pieces."""
    pieces_known: int
    """How many those are."""
    written: bool
    """Whether it is made of letters."""
    known: bool
    """Whether the model has learnt it."""


class RedditScorer:
    """Scores by probabilities of negative, neutral and positive.

    :param thresholds: not used: the label is the likeliest.
    """

    name = "reddit@2"

    def __init__(self, thresholds: Thresholds, model: Model | None = None) -> None:
        del thresholds
        self._model = model or read_model()
        self._lexicons = Lexicons()
        self._languages = Languages()
        self._met: dict[str, _Word] = {}

    def score(self, text: str) -> Score:
        """The likeliest label, its probability as confidence, positive less negative as polarity."""
        numbers, subjectivity = self._lexicons.numbers(text)
        text_words = words(text)
        different = self._different(text_words)
        shares = _softmax(self._evidence(numbers, text_words, different.values()))
        written = {word for word, met in different.items() if met.written}
        known = any(met.known for met in different.values())
        language = self._languages.language_of(
            text, written, sum(met.known for met in different.values() if met.written)
        )
        if language == OTHER or not known:
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

    def _evidence(
        self, numbers: Sequence[float], text_words: Sequence[str], different: Collection["_Word"]
    ) -> Evidence:
        model = self._model
        negative, neutral, positive = model.bias
        for number, (a, b, c) in zip(numbers, model.numbers, strict=True):
            if number:
                negative += number * a
                neutral += number * b
                positive += number * c
        rows = model.grams
        known = [row for row in map(rows.get, grams(text_words)) if row]
        of_grams = _summed(known)
        of_pieces = _summed([met.pieces for met in different])
        count = sum([met.pieces_known for met in different])
        by_grams = model.step * model.scale / math.sqrt(len(known) or 1)
        by_pieces = model.step * model.scale / math.sqrt(count or 1)
        return (
            (negative + of_grams[0] * by_grams + of_pieces[0] * by_pieces) / model.temperature,
            (neutral + of_grams[1] * by_grams + of_pieces[1] * by_pieces) / model.temperature,
            (positive + of_grams[2] * by_grams + of_pieces[2] * by_pieces) / model.temperature,
        )

    def _different(self, text_words: Sequence[str]) -> dict[str, "_Word"]:
        """The different words of a text, with what is remembered of each."""
        if len(self._met) > REMEMBERED_WORDS:
            self._met.clear()
        met = self._met
        return {word: met[word] if word in met else self._meet(word) for word in text_words}

    def _meet(self, word: str) -> "_Word":
        rows = self._model.pieces
        known = [rows[piece] for piece in pieces(word) if piece in rows]
        met = _Word(_summed(known), len(known), is_word(word), word in self._model.grams)
        self._met[word] = met
        return met


def _summed(rows: Sequence[Row]) -> Row:
    if not rows:
        return 0, 0, 0
    negative, neutral, positive = zip(*rows, strict=True)
    return sum(negative), sum(neutral), sum(positive)


def _softmax(evidence: Evidence) -> tuple[float, float, float]:
    most = max(evidence)
    negative, neutral, positive = (math.exp(each - most) for each in evidence)
    whole = negative + neutral + positive
    return negative / whole, neutral / whole, positive / whole


def _doubted(shares: tuple[float, float, float]) -> tuple[float, float, float]:
    """The same order, closer to a guess."""
    negative, neutral, positive = (1 / 3 + FOREIGN_SHARE * (share - 1 / 3) for share in shares)
    return negative, neutral, positive
