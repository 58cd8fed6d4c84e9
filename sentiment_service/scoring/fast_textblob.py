"""The numbers of ``TextBlob(text).sentiment``, several times as fast.

TextBlob's analyzer (``textblob.en.sentiment``, which comes from pattern.en) tokenizes every text with a chain
of regular expressions and looks each word up through lazy dictionaries. Here the same rules run over a table
of what each stretch between two spaces amounts to, which fills itself as stretches are met; sentences are
only looked for in texts where pieces of an emoticon may stand apart. The lexicon comes from the installed
package, and the tests hold both to the same numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sentiment_service.scoring.remembered import Remembered
from sentiment_service.scoring.textblob_package import TextBlobModules
from sentiment_service.scoring.textblob_tokens import END, Tokenizer


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

_ORDINARY: tuple[_Token, ...] = (None,)
"""What most stretches amount to; one object for all of them is nearer at hand."""

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
        self._tokens = Remembered(self._learn)
        self._single = Remembered(self._token)
        self._may_end_face: dict[str, str | None] = {}
        """Stretches that may end an emoticon: with the piece that would, or none if it begins there too."""

    def read(self, text: str) -> Reading:
        """Polarity, subjectivity and evidence of a text."""
        self._single.forget_when_full()
        if self._tokens.forget_when_full():
            self._may_end_face.clear()
        stretches = text.split()
        tokens = self._tokens.of(stretches)
        if not self._may_end_face.keys().isdisjoint(stretches) and self._may_have_face_apart(stretches):
            tokens = [tuple(self._single.of(self._tokenizer.words(text)))]
        return _assess(tokens)

    def _may_have_face_apart(self, stretches: Sequence[str]) -> bool:
        ends, before = self._may_end_face, ""
        for stretch in stretches:
            if stretch in ends:
                piece = ends[stretch]
                if piece is None or self._tokenizer.may_be_face((before,), piece):
                    return True
            before = stretch
        return False

    def _learn(self, stretch: str) -> tuple[_Token, ...]:
        found = (stretch,) if stretch.isalpha() else self._tokenizer.pieces(stretch)
        pieces = [piece for piece in found if piece != END]
        if len(pieces) < len(found):
            # What stands before and after it may come together.
            self._may_end_face[stretch] = None
        longest = self._tokenizer.longest_face
        for place, piece in enumerate(pieces):
            if place == 0 and self._tokenizer.may_end_face(piece):
                self._may_end_face.setdefault(stretch, piece)
            elif place and self._tokenizer.may_be_face(pieces[max(0, place - longest) : place], piece):
                self._may_end_face[stretch] = None
        tokens = [self._token(piece) for piece in pieces]
        return _ORDINARY if tokens == [None] else tuple(_shortened(tokens))

    def _token(self, piece: str) -> _Token:
        word = piece.lower()
        if word in self._lexicon:
            return self._lexicon[word]
        if len(word) > 2 and word.isalpha() and word not in self._negations:
            return None
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
