"""The default scorer: two lexicons and a linear model that learnt from labelled Reddit comments.

Origin, licence and checksum of the model file stand in ``data/README.md``; ``python -m bench.train`` makes
it.
"""

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

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
        self._pieces_of: dict[str, tuple[Row, int]] = {}

    def score(self, text: str) -> Score:
        """The likeliest label, its probability as confidence, positive less negative as polarity."""
        numbers, subjectivity = self._lexicons.numbers(text)
        text_words = words(text)
        different = set(text_words)
        shares = _softmax(self._evidence(numbers, text_words, different))
        written = {word for word in different if is_word(word)}
        known = len(different & self._model.grams.keys())
        language = self._languages.language_of(text, written, len(written & self._model.grams.keys()))
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
        self, numbers: Sequence[float], text_words: Sequence[str], different: AbstractSet[str]
    ) -> Evidence:
        model = self._model
        negative, neutral, positive = model.bias
        for number, (a, b, c) in zip(numbers, model.numbers, strict=True):
            if number:
                negative += number * a
                neutral += number * b
                positive += number * c
        rows = model.grams
        known = [rows[gram] for gram in grams(text_words) if gram in rows]
        of_grams = _summed(known)
        of_pieces, count = self._pieces(different)
        by_grams = model.step * model.scale / math.sqrt(len(known) or 1)
        by_pieces = model.step * model.scale / math.sqrt(count or 1)
        return (
            (negative + of_grams[0] * by_grams + of_pieces[0] * by_pieces) / model.temperature,
            (neutral + of_grams[1] * by_grams + of_pieces[1] * by_pieces) / model.temperature,
            (positive + of_grams[2] * by_grams + of_pieces[2] * by_pieces) / model.temperature,
        )

    def _pieces(self, different: Iterable[str]) -> tuple[Row, int]:
        """Weights and number of the known pieces of words, each word's remembered."""
        if len(self._pieces_of) > REMEMBERED_WORDS:
            self._pieces_of.clear()
        remembered = self._pieces_of
        negative = neutral = positive = total = 0
        for word in different:
            if word not in remembered:
                remembered[word] = self._pieces_in(word)
            (a, b, c), count = remembered[word]
            negative += a
            neutral += b
            positive += c
            total += count
        return (negative, neutral, positive), total

    def _pieces_in(self, word: str) -> tuple[Row, int]:
        rows = self._model.pieces
        known = [rows[piece] for piece in pieces(word) if piece in rows]
        return _summed(known), len(known)


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
