"""The words of a text as the model of the ``reddit`` scorer weighs them.

What a word is worth is looked up when it is met for the first time, and its pairs with the words that may
follow it stand beside it; so a text is a row of objects that are counted and added up, and neither pairs nor
pieces are put together as strings. Says the same as :func:`~sentiment_service.scoring.features.grams` and
:func:`~sentiment_service.scoring.features.pieces`, which training goes by; a test compares them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, cast

from sentiment_service.scoring.features import (
    BEGIN,
    END,
    MAX_CHARACTERS,
    NEGATED,
    NEGATED_WORDS,
    ends_negation,
    is_word,
    negates,
    pieces,
    words,
)
from sentiment_service.scoring.language import Languages, WordCounts
from sentiment_service.scoring.model import Model, Row
from sentiment_service.scoring.remembered import Remembered

_NO_PAIRS: dict[str, int] = {}


class _Counts(NamedTuple):
    """What is added up over the different words of a text."""

    negative: int = 0
    """Weight of the word itself, as the next two."""
    neutral: int = 0
    positive: int = 0
    known: int = 0
    """1 when the model has learnt it, as for the others that are no weights."""
    pieces_negative: int = 0
    """Weight of its known pieces together, as the next two."""
    pieces_neutral: int = 0
    pieces_positive: int = 0
    pieces_known: int = 0
    """How many those are."""
    written: int = 0
    """Whether it is made of letters; the rest is nothing of those that are not."""
    written_known: int = 0
    english: int = 0
    other: int = 0
    letters: int = 0


@dataclass(slots=True, eq=False)
class _Word:
    """A word; the same one is always the same object, so that different objects are different words."""

    text: str
    negates: bool
    ends_negation: bool
    negated: int | None
    """The number of the gram that it is after a negation, when the model has learnt that."""
    pairs: dict[str, int]
    """By the word that follows: the number of the gram that they are together."""
    counts: _Counts


class Weighed(NamedTuple):
    """What the words of a text amount to, in steps of the model."""

    grams: Row
    grams_known: int
    pieces: Row
    pieces_known: int
    words_known: int
    counts: WordCounts


class Weights:
    """Weighs texts.

    :param model: what was learnt.
    :param languages: tells function words.
    """

    def __init__(self, model: Model, languages: Languages) -> None:
        self._languages = languages
        self._pieces = model.pieces
        self._alone: dict[str, Row] = {}
        self._negated: dict[str, int] = {}
        self._pairs: dict[str, dict[str, int]] = {BEGIN: {}}
        self._rows: list[Row] = []
        for gram, row in model.grams.items():
            self._take_in(gram, row)
        self._met: dict[str, _Word] = {}
        self._stretches = Remembered(self._learn)

    def weigh(self, text: str) -> Weighed:
        """The weights of all grams and pieces in a text's beginning, each counted once."""
        if self._stretches.forget_when_full():
            self._met.clear()
        found = [*chain.from_iterable(self._stretches.of(text[:MAX_CHARACTERS].split()))]
        grams = self._grams(found)
        sums = _Counts(*map(sum, zip(_Counts(), *[word.counts for word in set(found)], strict=True)))
        rows = [sums[:3], *map(self._rows.__getitem__, grams)]
        negative, neutral, positive = map(sum, zip(*rows, strict=True))
        return Weighed(
            (negative, neutral, positive),
            sums.known + len(grams),
            (sums.pieces_negative, sums.pieces_neutral, sums.pieces_positive),
            sums.pieces_known,
            sums.known,
            WordCounts(sums.written, sums.written_known, sums.english, sums.other, sums.letters),
        )

    def _take_in(self, gram: str, row: Row) -> None:
        first, _, second = gram.partition(" ")
        if second:
            self._pairs.setdefault(first, {})[second] = len(self._rows)
        elif gram.startswith(NEGATED):
            self._negated[gram.removeprefix(NEGATED)] = len(self._rows)
        else:
            self._alone[gram] = row
            return
        self._rows.append(row)

    def _grams(self, found: Sequence[_Word]) -> set[int]:
        """The numbers of the pairs and of the words after negations."""
        firsts = [self._pairs[BEGIN], *[word.pairs for word in found]]
        seconds = [*[word.text for word in found], END]
        numbers = {*map(dict.get, firsts, seconds)}
        if True in [word.negates for word in found]:
            numbers.update(_negated(found))
        numbers.discard(None)
        return cast("set[int]", numbers)

    def _learn(self, stretch: str) -> tuple[_Word, ...]:
        met = self._met
        return tuple([met[word] if word in met else self._meet(word) for word in words(stretch)])

    def _meet(self, text: str) -> _Word:
        word = _Word(
            text,
            negates(text),
            ends_negation(text),
            self._negated.get(text),
            self._pairs.get(text, _NO_PAIRS),
            self._counts(text),
        )
        self._met[text] = word
        return word

    def _counts(self, text: str) -> _Counts:
        own, known = self._alone.get(text, (0, 0, 0)), int(text in self._alone)
        if not is_word(text):
            return _Counts(*own, known)
        of_pieces = [*map(self._pieces.__getitem__, pieces(text) & self._pieces.keys())]
        negative, neutral, positive = map(sum, zip((0, 0, 0), *of_pieces, strict=True))
        english, other = int(self._languages.is_english(text)), int(self._languages.is_other(text))
        return _Counts(
            *own, known, negative, neutral, positive, len(of_pieces), 1, known, english, other, len(text)
        )


def _negated(words_found: Sequence[_Word]) -> Iterator[int | None]:
    left = 0
    for word in words_found:
        if word.negates:
            left = NEGATED_WORDS
        elif left:
            if word.ends_negation:
                left = 0
            elif word.text[0].isalpha():
                left -= 1
                yield word.negated
