"""The numbers of ``TextBlob(text).sentiment``, several times as fast.

TextBlob's analyzer (``textblob.en.sentiment``, which comes from pattern.en) tokenizes every text with a chain
of regular expressions and looks each word up through lazy dictionaries. Here the same rules run over a table
of what each stretch between two spaces amounts to, which fills itself as stretches are met; sentences are
only looked for in texts where pieces of an emoticon stand apart. The lexicon comes from the installed
package, and the tests hold both to the same numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sentiment_service.scoring.textblob_package import TextBlobModules
from sentiment_service.scoring.textblob_tokens import END, Tokenizer

_REMEMBERED_CHARACTERS = 1_000_000


class Reading(NamedTuple):
    """What TextBlob says of a text."""

    polarity: float
    subjectivity: float
    evidence: int
    """How many words, phrases and emoticons the lexicon knew."""


class _Known(NamedTuple):
    """A word of the lexicon."""

    polarity: float
    subjectivity: float
    intensity: float
    modifies: int
    """Whether it strengthens or weakens the next word: 0 no, 1 yes, 2 yes and it ends in -ly."""
    negates: bool


class _Unknown(NamedTuple):
    """Any other stretch of characters that matters to the words around it."""

    negates: bool
    ends_negation: bool
    ends_modifier: bool
    exclaims: bool
    mood: tuple[float, float] | None
    """Polarity and subjectivity of an emoticon."""


_Token = _Known | _Unknown | None
"""``None`` stands for an ordinary unknown word, which only ends what came before it."""

_WITHOUT_EFFECT = _Unknown(negates=False, ends_negation=False, ends_modifier=False, exclaims=False, mood=None)


class FastTextBlob:
    """Reads texts as TextBlob does.

    :param modules: of the installed package.
    :param same_everywhere: TextBlob tries emoticons in the order of a set, which is another one in each
        process; it matters where two fit, as in ``:c)``. True takes the longest, false TextBlob's order of
        this process.
    """

    def __init__(self, modules: TextBlobModules, *, same_everywhere: bool = False) -> None:
        analyzer, rules = modules.english.sentiment, modules.rules
        self._negations = frozenset(analyzer.negations)
        self._moods: dict[str, float] = {}
        for (_, polarity), faces in rules.EMOTICONS.items():
            for face in faces:
                self._moods.setdefault(face.lower(), polarity)
        self._punctuation: str = rules.PUNCTUATION
        self._lexicon = _lexicon(analyzer, self._negations)
        self._tokenizer = Tokenizer(rules, same_everywhere=same_everywhere)
        self._forget()

    def _forget(self) -> None:
        self._tokens: dict[str, tuple[_Token, ...]] = {}
        self._written: dict[str, str] = {}
        self._apart: set[str] = set()
        self._remembered = 0

    def read(self, text: str) -> Reading:
        """Polarity, subjectivity and evidence of a text."""
        if self._remembered > _REMEMBERED_CHARACTERS:
            self._forget()
        spaced = self._tokenizer.spaced(text)
        stretches = spaced.split()
        known = self._tokens
        tokens = [known[each] if each in known else self._learn(each) for each in stretches]
        if not self._apart.isdisjoint(stretches) and self._has_face_apart(stretches):
            tokens = [tuple(map(self._token, self._tokenizer.words(spaced)))]
        return _assess(tokens)

    def _has_face_apart(self, stretches: Sequence[str]) -> bool:
        written = self._written
        return self._tokenizer.has_face_apart(
            " ".join([words for each in stretches if (words := written[each])])
        )

    def _learn(self, stretch: str) -> tuple[_Token, ...]:
        pieces = [piece for piece in self._tokenizer.pieces(stretch) if piece != END]
        tokens = tuple(_shortened(map(self._token, pieces)))
        self._tokens[stretch] = tokens
        self._written[stretch] = " ".join(pieces)
        self._remembered += len(stretch) + 1
        if self._tokenizer.may_be_face(pieces):
            self._apart.add(stretch)
        return tokens

    def _token(self, piece: str) -> _Token:
        word = piece.lower()
        if word in self._lexicon:
            return self._lexicon[word]
        # The conditions, odd as they look, are those of pattern.en's ``Sentiment.assessments``.
        token = _Unknown(
            negates=word in self._negations,
            ends_negation=len(word.strip("'")) > 1,
            ends_modifier=len(word) > 2,
            exclaims=word == "!",
            mood=self._mood(word),
        )
        return None if token == (False, True, True, False, None) else token

    def _mood(self, word: str) -> tuple[float, float] | None:
        if word == "(!)":
            return 0.0, 1.0
        if word.isalpha() or len(word) > 5 or word in self._punctuation or word not in self._moods:
            return None
        return self._moods[word], 1.0


def _lexicon(
    analyzer: dict[str, dict[str | None, tuple[float, float, float]]], negations: frozenset[str]
) -> dict[str, _Known]:
    len(analyzer)  # Makes it read its file.
    words = {}
    for word, senses in analyzer.items():
        polarity, subjectivity, intensity = senses[None]
        modifies = 1 + word.endswith("ly") if "RB" in senses else 0
        words[word] = _Known(polarity, subjectivity, intensity, modifies, word in negations)
    return words


def _shortened(tokens: Iterable[_Token]) -> Iterator[_Token]:
    """Leave out what has no effect, and repetitions of ordinary words."""
    last: _Token = _WITHOUT_EFFECT
    for token in tokens:
        if token == _WITHOUT_EFFECT or (token is None and last is None):
            continue
        last = token
        yield token


def _assess(stretches: Iterable[tuple[_Token, ...]]) -> Reading:
    """pattern.en's rules for what negations, modifiers and exclamation marks do to the words around them.

    Only the latest assessment ever changes, so the ones before are summed up as they are left behind. It is
    one function because it is the innermost loop of all scoring.
    """
    polarities = subjectivities = 0.0
    polarity = subjectivity = intensity = 0.0
    negated = negation = False
    count = modifier = 0
    for stretch in stretches:
        for token in stretch:
            if token is None:
                negation, modifier = False, 0
                continue
            if isinstance(token, _Known):
                p, s, i, modifies, negates = token
                if modifier:
                    polarity = max(-1.0, min(p * intensity, 1.0))
                    subjectivity = max(-1.0, min(s * intensity, 1.0))
                    intensity = i
                else:
                    polarities += polarity * -0.5 if negated else polarity
                    subjectivities += subjectivity
                    polarity, subjectivity, intensity, negated = p, s, i, False
                    count += 1
                if negation:
                    intensity = 1.0 / intensity
                    negated = True
                negation, modifier = negates, modifies
                continue
            negates, ends_negation, ends_modifier, exclaims, mood = token
            if negates:
                negation = True
            elif ends_negation:
                negation = False
            if negation and modifier == 2:
                negated, negation = True, False
            elif ends_modifier:
                modifier = 0
            if exclaims and count:
                polarity = max(-1.0, min(polarity * 1.25, 1.0))
            if mood is not None:
                polarities += polarity * -0.5 if negated else polarity
                subjectivities += subjectivity
                (polarity, subjectivity), intensity, negated = mood, 1.0, False
                count += 1
    polarities += polarity * -0.5 if negated else polarity
    subjectivities += subjectivity
    return Reading(polarities / (count or 1), subjectivities / (count or 1), count)
