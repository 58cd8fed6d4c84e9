"""The numbers of vaderSentiment's ``polarity_scores``, many times as fast and in linear time.

The package lowers the whole text again for every word of its lexicon, so that long texts take seconds. Here
each stretch between spaces is looked up once, and only words of the lexicon look at what stands before them.
Lexicon, emoji, boosters and negations are read from the installed package; the tests hold both to the same
numbers.

Source of the rules: Hutto and Gilbert, VADER, ICWSM 2014, as vaderSentiment 3.3.2 has them.
"""

import importlib
import math
import re
import string
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from sentiment_service.scoring.remembered import Remembered

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BEFORE = 3
"""How many words before one of the lexicon matter to it."""
_DAMPENED = (1.0, 0.95, 0.9)
_BUT_BEFORE, _BUT_AFTER = 0.5, 1.5
_NEVER_SO = 1.25
_BENDING = frozenset({"kind", "least", "never", "no", "so", "this", "without"})
"""Words that rules of their own look for, beside boosters, negations and the longest words of phrases."""
_LOOKED_AT = _BENDING | {"at", "but", "doubt", "nor", "of", "or", "very"}
"""All that the rules ask for by name."""
_ALPHA = 15
_EXCLAMATION, _MOST_EXCLAMATIONS = 0.292, 4
_QUESTION, _MOST_QUESTIONS, _MANY_QUESTIONS = 0.18, 3, 0.96


class Valence(NamedTuple):
    """What VADER says of a text."""

    compound: float
    """From -1 to 1."""
    positive: float
    """Share of the text, as the next two."""
    negative: float
    neutral: float


class _Word(NamedTuple):
    lower: str
    shouts: bool
    valence: float | None
    """Its own, when it is in the lexicon and no booster."""
    in_lexicon: bool
    boosts: float
    negates: bool
    in_phrase: bool
    """Part of one of the phrases that have a valence of their own."""
    bends: bool
    """Whether it can change what a word of the lexicon near it is worth."""


_ORDINARY, _ORDINARY_SHOUTED = (
    _Word("", shouts, None, in_lexicon=False, boosts=0.0, negates=False, in_phrase=False, bends=False)
    for shouts in (False, True)
)
"""What stands for most words: nothing looks at which of them it is."""

_NOTHING = Valence(0.0, 0.0, 0.0, 0.0)


class FastVader:
    """Reads texts as vaderSentiment does."""

    def __init__(self) -> None:
        self._rules = importlib.import_module("vaderSentiment.vaderSentiment")
        folder = _folder(self._rules)
        self._lexicon = {word: float(value) for word, value in _table(folder / "vader_lexicon.txt")}
        # The package looks at one character at a time, so longer emoji never count.
        self._emoji = {e: words for e, words in _table(folder / "emoji_utf8_lexicon.txt") if len(e) == 1}
        self._negations = frozenset(self._rules.NEGATE)
        self._boosters: dict[str, float] = self._rules.BOOSTER_DICT
        self._phrases: dict[str, float] = self._rules.SPECIAL_CASES
        phrases = [each.split() for each in (*self._phrases, *self._boosters) if " " in each]
        self._in_phrases = {word for phrase in phrases for word in phrase}
        self._bending = _BENDING.union(max(phrase, key=len) for phrase in phrases)
        self._reversed: float = self._rules.N_SCALAR
        self._shouted: float = self._rules.C_INCR
        self._has_emoji = any_of(self._emoji)
        self._words = Remembered(self._learn)

    def read(self, text: str) -> Valence:
        """The four numbers, rounded as the package rounds them."""
        self._words.forget_when_full()
        if not text.isascii() and self._has_emoji(text):
            text = _NOT_ASCII.sub(self._described, text)
        words = self._words.of(text.split())
        if not words:
            return _NOTHING
        return _summary(self._valences(words), len(words), _emphasis(text))

    def emoji_valences(self) -> dict[str, float]:
        """What the words that describe an emoji amount to, for each emoji the lexicon knows."""
        return {
            emoji: sum(self._lexicon.get(word, 0.0) for word in words.lower().split())
            for emoji, words in self._emoji.items()
        }

    def _described(self, character: re.Match[str]) -> str:
        words, start = self._emoji.get(character[0]), character.start()
        if words is None:
            return character[0]
        return f" {words}" if start and character.string[start - 1] != " " else words

    def _learn(self, stretch: str) -> _Word:
        bare = stretch.strip(string.punctuation)
        word = stretch if len(bare) <= 2 else bare
        lower = word.lower()
        boosts, valence = self._boosters.get(lower, 0.0), self._lexicon.get(lower)
        negates = lower in self._negations or "n't" in lower
        in_phrase = lower in self._in_phrases
        if not (valence is not None or boosts or negates or in_phrase or lower in _LOOKED_AT):
            return _ORDINARY_SHOUTED if word.isupper() else _ORDINARY
        return _Word(
            lower=lower,
            shouts=word.isupper(),
            valence=None if boosts else valence,
            in_lexicon=valence is not None,
            boosts=boosts,
            negates=negates,
            in_phrase=in_phrase,
            bends=bool(boosts) or negates or lower in self._bending,
        )

    def _valences(self, words: Sequence[_Word]) -> list[float]:
        """Of the words that have one, in order."""
        lowers, shouts, valences, _, _, _, _, bends = zip(*words, strict=True)
        mixed_case = 0 < shouts.count(True) < len(words)
        places, values = [], []
        for place in [place for place, valence in enumerate(valences) if valence is not None]:
            if True in bends[max(0, place - _BEFORE) : place + _BEFORE]:
                if lowers[place] == "kind" and _lower(words, place + 1) == "of":
                    continue
                value = self._valence(words, place, mixed_case=mixed_case)
            else:
                value = self._heard(valences[place], shouts[place] and mixed_case)
            if value:
                places.append(place)
                values.append(value)
        if values and "but" in lowers:
            _weigh_around_but(lowers.index("but"), places, values)
        return values

    def _heard(self, value: float, louder: bool) -> float:
        """A valence as it is written: louder in capitals among small letters."""
        if not louder:
            return value
        return value + (self._shouted if value > 0 else -self._shouted)

    def _valence(self, words: Sequence[_Word], place: int, *, mixed_case: bool) -> float:
        word = words[place]
        own = value = word.valence or 0.0
        if word.lower == "no" and place + 1 < len(words) and words[place + 1].in_lexicon:
            value = 0.0
        if _after_no(words, place):
            value = own * self._reversed
        value = self._heard(value, word.shouts and mixed_case)
        for distance in range(min(_BEFORE, place)):
            before = words[place - distance - 1]
            if before.in_lexicon:
                continue
            if before.boosts:
                value += self._boost(before, value, mixed_case=mixed_case) * _DAMPENED[distance]
            value *= self._negation(words, place, distance)
            if distance == _BEFORE - 1 and sum([each.in_phrase for each in words[place - 3 : place + 3]]) > 1:
                value = self._phrase(words, place, value)
        return value * self._reversed if _after_least(words, place) else value

    def _boost(self, word: _Word, value: float, *, mixed_case: bool) -> float:
        boost = -word.boosts if value < 0 else word.boosts
        if word.shouts and mixed_case:
            boost += self._shouted if value > 0 else -self._shouted
        return boost

    def _negation(self, words: Sequence[_Word], place: int, distance: int) -> float:
        """What a negation so far before a word makes of it."""
        before = words[place - distance - 1]
        between = [words[each].lower for each in range(place - distance, place)]
        if distance and before.lower == "never" and between[0] in ("so", "this"):
            return _NEVER_SO
        if distance == 2 and between[1] in ("so", "this"):
            return _NEVER_SO
        if before.lower == "without" and "doubt" in between:
            return 1.0
        return self._reversed if before.negates else 1.0

    def _phrase(self, words: Sequence[_Word], place: int, value: float) -> float:
        three, two, one, zero = (word.lower for word in words[place - 3 : place + 1])
        found = (
            f"{one} {zero}",
            f"{two} {one} {zero}",
            f"{two} {one}",
            f"{three} {two} {one}",
            f"{three} {two}",
        )
        value = next((self._phrases[each] for each in found if each in self._phrases), value)
        after = [word.lower for word in words[place : place + 3]]
        for length in range(2, len(after) + 1):
            value = self._phrases.get(" ".join(after[:length]), value)
        for each in (found[3], found[4], found[2]):
            value += self._boosters.get(each, 0.0)
        return value


def any_of(characters: Iterable[str]) -> Callable[[str], object | None]:
    """What tells whether a text may have one of these characters in it.

    Those beyond the basic plane are taken together: sets of them are slow, and nearly all of them are emoji.
    """
    basic = "".join(re.escape(each) for each in characters if ord(each) < 0x10000)
    return re.compile(f"[{basic}\U00010000-\U0010ffff]").search


def _folder(module: ModuleType) -> Path:
    return Path(str(module.__file__)).parent


def _table(file: Path) -> list[tuple[str, str]]:
    rows = (line.strip().split("\t") for line in file.read_text(encoding="utf-8").split("\n") if line.strip())
    return [(row[0], row[1]) for row in rows]


def _lower(words: Sequence[_Word], place: int) -> str | None:
    return words[place].lower if place < len(words) else None


def _after_no(words: Sequence[_Word], place: int) -> bool:
    before = [word.lower for word in words[max(0, place - _BEFORE) : place]]
    return "no" in before[-2:] or (
        len(before) == _BEFORE and before[0] == "no" and before[2] in ("or", "nor")
    )


def _after_least(words: Sequence[_Word], place: int) -> bool:
    if not place or words[place - 1].lower != "least" or words[place - 1].in_lexicon:
        return False
    return place == 1 or words[place - 2].lower not in ("at", "very")


def _weigh_around_but(but: int, places: Sequence[int], values: list[float]) -> None:
    """What comes after the first "but" weighs more than what comes before.

    As the package does it: each value changes the first one in the text that is equal to it at that time.
    """
    for turn in range(len(values)):
        first = values.index(values[turn])
        values[first] *= _BUT_BEFORE if places[first] < but else _BUT_AFTER


def _emphasis(text: str) -> float:
    exclamations = min(text.count("!"), _MOST_EXCLAMATIONS) * _EXCLAMATION
    questions = text.count("?")
    if questions <= 1:
        return exclamations
    return exclamations + (questions * _QUESTION if questions <= _MOST_QUESTIONS else _MANY_QUESTIONS)


def _summary(values: Sequence[float], words: int, emphasis: float) -> Valence:
    total = float(sum(values))
    total += emphasis if total > 0 else -emphasis if total < 0 else 0.0
    # A word more for each, to make up for neutral ones, which count as one.
    positive = negative = 0.0
    for value in values:
        if value > 0:
            positive += value + 1
        else:
            negative += value - 1
    if positive > -negative:
        positive += emphasis
    elif positive < -negative:
        negative -= emphasis
    neutral = words - len(values)
    whole = positive - negative + neutral
    return Valence(
        round(max(-1.0, min(1.0, total / math.sqrt(total * total + _ALPHA))), 4),
        round(positive / whole, 3),
        round(-negative / whole, 3),
        round(neutral / whole, 3),
    )
