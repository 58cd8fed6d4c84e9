"""Whether a text is English: by its script, and by words that only occur in one language.

No model and no word lists of others: a few dozen function words a language, left out where English has the
same word. Good for telling that a lexicon of English has nothing to say, not for naming the language.
"""

import re
from pathlib import Path
from typing import NamedTuple

ENGLISH, OTHER, UNKNOWN = "en", "other", "und"

_FUNCTION_WORDS = Path(__file__).parent / "data" / "function_words.txt"
_MAX_CHARACTERS = 6_000
_OTHER_LETTER = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_KNOWN_SHARE = 0.3
_MOSTLY_KNOWN = 0.7


class WordCounts(NamedTuple):
    """How many of the different words of a text in Latin letters are what."""

    different: int
    known: int
    """Known English."""
    english: int
    """Function words of English."""
    other: int
    """Function words of another language, and none of English."""
    letters: int
    """Characters of all of them."""


class Languages:
    """Tells English from the rest."""

    def __init__(self) -> None:
        lines = [line.split() for line in _FUNCTION_WORDS.read_text(encoding="utf-8").split("\n")]
        lists = {line[0]: frozenset(line[1:]) for line in lines if line and line[0] != "#"}
        self._english = lists.pop(ENGLISH)
        self._other = frozenset().union(*lists.values()) - self._english

    def is_english(self, word: str) -> bool:
        """Whether it is a function word of English."""
        return word in self._english

    def is_other(self, word: str) -> bool:
        """Whether it is a function word of another language, and none of English."""
        return word in self._other


def language_of(text: str, words: WordCounts) -> str:
    """``en``, ``other``, or ``und`` when there are no words, or only such as say nothing.

    :param words: of the text.
    """
    if not text.isascii() and _is_of_another_script(text, words.letters):
        return OTHER
    if not words.different:
        return UNKNOWN
    if words.other > words.english and (words.other > 1 or words.known < _MOSTLY_KNOWN * words.different):
        return OTHER
    return ENGLISH if words.known >= _KNOWN_SHARE * words.different else UNKNOWN


def _is_of_another_script(text: str, latin_letters: int) -> bool:
    # A letter of Chinese or Korean says about as much as two of Latin.
    return 2 * len(_OTHER_LETTER.findall(text[:_MAX_CHARACTERS])) > latin_letters
