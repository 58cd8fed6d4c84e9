"""What the ``reddit`` scorer looks at in a text: words, pairs of words, pieces of words, two lexicons.

Training and scoring both read texts through this module; a change here asks for a new model file.
"""

import functools
import math
import re
from collections.abc import Sequence

from sentiment_service.scoring.fast_textblob import FastTextBlob
from sentiment_service.scoring.fast_vader import FastVader
from sentiment_service.scoring.textblob_package import load_textblob

MAX_CHARACTERS = 6_000
"""Only so much of a text is read for words and VADER, so that the longest cost little more than long ones."""

NAME = "<name>"
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
_NEGATED_WORDS = 4
_PIECE_LENGTHS = (3, 4, 5)
_LONGEST_WORD = 20
_SHOUTED = re.compile(r"(?<!\S)[A-Z]{3,}(?!\S)")


def words(text: str) -> list[str]:
    """The words, emoticons, emoji and marks of a text's beginning, lowered and made alike."""
    return [
        _remembered(token) if len(token) <= _LONGEST_WORD else _alike(token)
        for token in _TOKEN.findall(text[:MAX_CHARACTERS])
    ]


@functools.lru_cache(maxsize=50_000)
def _remembered(token: str) -> str:
    """Most of a text are words that were met before."""
    return _alike(token)


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


def grams(text_words: Sequence[str]) -> set[str]:
    """Words, pairs of neighbours, and words after a negation marked as negated."""
    found = set(text_words)
    negated = 0
    before = "<s>"
    for word in text_words:
        found.add(f"{before} {word}")
        before = word
        if word in _NEGATIONS or word.endswith("n't"):
            negated = _NEGATED_WORDS
        elif negated:
            if word[0].isalpha():
                negated -= 1
                found.add(f"NOT_{word}")
            elif word not in (NAME, _NUMBER):
                negated = 0
    found.add(f"{before} </s>")
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

    def numbers(self, text: str) -> tuple[list[float], float]:
        """The numbers that the model weighs beside the words, and TextBlob's subjectivity.

        Polarities stand there as they are, cut at zero, by size and beyond steps, and where the lexicons
        agree or not: a linear model has no other way to tell those cases apart.
        """
        p, s, evidence = self._textblob.read(text)
        text = text[:MAX_CHARACTERS]
        c, positive, negative, _ = self._vader.read(text)
        up, down, good, bad = c > 0.05, c < -0.05, p > 0.1, p < -0.1
        plain = text.isascii()
        return [
            *(c, max(c, 0.0), abs(c), positive, negative),
            *(p, max(p, 0.0), abs(p), s),
            *(not evidence, c == 0, up, down, good, bad, c * p, c > 0.5, c < -0.5),
            *(min(text.count("!"), 3) / 3, min(text.count("?"), 2) / 2, math.log1p(len(text)) / 5),
            _SHOUTED.search(text) is not None,
            *(s * c, s * p, up and good, down and bad, up and bad, down and good),
            *(not plain and not self._glad.isdisjoint(text), not plain and not self._sad.isdisjoint(text)),
        ], s
