"""What the ``reddit`` scorer looks at in a text: words, pairs of words, pieces of words, two lexicons.

Training and scoring both read texts through this module; a change here asks for a new model file.
"""

import math
import re
from collections.abc import Sequence

from sentiment_service.scoring.fast_textblob import FastTextBlob
from sentiment_service.scoring.fast_vader import FastVader, any_of
from sentiment_service.scoring.textblob_package import load_textblob

MAX_CHARACTERS = 6_000
"""Only so much of a text is read for words and VADER, so that the longest cost little more than long ones."""

NAME = "<name>"
BEGIN, END = "<s>", "</s>"
"""What stands beside the first and the last word in pairs."""
NEGATED = "NOT_"
"""What a negated word begins with."""
_NUMBER = "<num>"
_ADDRESS = "<url>"

_TOKEN = re.compile(
    r"\[(?:NAME|RELIGION)\]"  # names that the labelled comments leave out
    r"|https?://\S+|[rRuU]/\w+|[@#]\w+"
    r"|</?3|[:;=8xX][-^'o]?[)(\]\[dDpP/\\|*oO03]+(?!\w)"
    r"|[a-zA-Z\u00c0-\u024f]+(?:['’][a-zA-Z]+)*"
    r"|\d+(?:[.,]\d+)*%?|[!?]+|\.{2,}|…|[^\w\s]"
)
_WORD = re.compile(r"[a-z\u00c0-\u024f]")
_LENGTHENED = re.compile(r"(.)\1{3,}")
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "nowhere",
        "cannot",
        "cant",
        "wont",
        "dont",
        "doesnt",
        "didnt",
        "isnt",
        "arent",
        "wasnt",
        "werent",
        "couldnt",
        "wouldnt",
        "shouldnt",
        "hasnt",
        "havent",
        "hadnt",
        "aint",
        "without",
        "hardly",
        "barely",
    ]
)
NEGATED_WORDS = 4
"""How many words after a negation are negated."""
_PIECE_LENGTHS = (3, 4, 5)
_LONGEST_WORD = 20
_SHOUTED = re.compile(r"[A-Z](?<!\S[A-Z])[A-Z]{2,}(?!\S)")
"""A word in capitals; begins with a set of characters, which is found much faster than what is not there."""


def words(text: str) -> list[str]:
    """The words, emoticons, emoji and marks of a text's beginning, lowered and made alike."""
    if text.isalpha() and text.isascii():
        return [_alike(text[:MAX_CHARACTERS])]
    return list(map(_alike, _TOKEN.findall(text[:MAX_CHARACTERS])))


def _alike(token: str) -> str:
    first = token[0]
    if first.isalpha() and not token.startswith("http"):
        word = token.lower()
        if "’" in word:
            word = word.replace("’", "'")
        return _LENGTHENED.sub(r"\1\1\1", word) if len(word) > 3 else word
    if first.isdigit():
        return token.lower() if token[-1] in ")(][dDpP/\\|*oO" else _NUMBER
    if first in "!?":
        return token[:3] if len(set(token)) == 1 else "?!"
    if len(token) == 1:
        return token
    if first == "[":
        return NAME
    if first == ".":
        return ".."
    return _ADDRESS if first == "h" else token.lower()


def is_word(word: str) -> bool:
    """Whether it is made of letters, and no mark, number or emoticon."""
    return _WORD.match(word) is not None


def negates(word: str) -> bool:
    """Whether the words after it are negated."""
    return word in _NEGATIONS or word.endswith("n't")


def ends_negation(word: str) -> bool:
    """Whether words after it are not negated any more: marks do so, names and numbers do not."""
    return not word[0].isalpha() and word not in (NAME, _NUMBER)


def grams(text_words: Sequence[str]) -> set[str]:
    """Words, pairs of neighbours, and words after a negation marked as negated."""
    found = set(text_words)
    negated = 0
    before = BEGIN
    for word in text_words:
        found.add(f"{before} {word}")
        before = word
        if negates(word):
            negated = NEGATED_WORDS
        elif negated:
            if word[0].isalpha():
                negated -= 1
                found.add(f"{NEGATED}{word}")
            elif ends_negation(word):
                negated = 0
    found.add(f"{before} {END}")
    return found


def pieces(word: str) -> set[str]:
    """The stretches of three to five characters of a word, its ends marked; they see through misspellings."""
    if not is_word(word):
        return set()
    marked = f"^{word[:_LONGEST_WORD]}$"
    return {
        marked[start : start + length]
        for length in _PIECE_LENGTHS
        for start in range(len(marked) - length + 1)
    }


class Lexicons:
    """TextBlob and VADER side by side."""

    def __init__(self) -> None:
        self._textblob = FastTextBlob(load_textblob(), same_everywhere=True)
        self._vader = FastVader()
        valences = self._vader.emoji_valences()
        self._glad = frozenset(emoji for emoji, valence in valences.items() if valence > 0)
        self._sad = frozenset(emoji for emoji, valence in valences.items() if valence < 0)
        self._has_emoji = any_of(self._glad | self._sad)

    def numbers(self, text: str) -> tuple[list[float], float]:
        """The numbers that the model weighs beside the words, and TextBlob's subjectivity.

        Polarities stand there as they are, cut at zero, by size and beyond steps, and where the lexicons
        agree or not: a linear model has no other way to tell those cases apart.
        """
        p, s, evidence = self._textblob.read(text)
        text = text[:MAX_CHARACTERS]
        c, positive, negative, _ = self._vader.read(text)
        up, down, good, bad = c > 0.05, c < -0.05, p > 0.1, p < -0.1
        emoji = not text.isascii() and self._has_emoji(text) is not None
        return [
            *(c, max(c, 0.0), abs(c), positive, negative),
            *(p, max(p, 0.0), abs(p), s),
            *(not evidence, c == 0, up, down, good, bad, c * p, c > 0.5, c < -0.5),
            *(min(text.count("!"), 3) / 3, min(text.count("?"), 2) / 2, math.log1p(len(text)) / 5),
            _SHOUTED.search(text) is not None,
            *(s * c, s * p, up and good, down and bad, up and bad, down and good),
            *(emoji and not self._glad.isdisjoint(text), emoji and not self._sad.isdisjoint(text)),
        ], s
