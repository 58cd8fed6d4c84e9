"""Whether a text is English: by its script, and by words that only occur in one language.

No model and no word lists of others: a few dozen function words a language, left out where English has the
same word. Good for telling that a lexicon of English has nothing to say, not for naming the language.
"""

import re
from collections.abc import Set as AbstractSet
from pathlib import Path

ENGLISH, OTHER, UNKNOWN = "en", "other", "und"

_FUNCTION_WORDS = Path(__file__).parent / "data" / "function_words.txt"
_MAX_CHARACTERS = 6_000
_OTHER_LETTER = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_KNOWN_SHARE = 0.3
_MOSTLY_KNOWN = 0.7


class Languages:
    """Tells English from the rest."""

    def __init__(self) -> None:
        lines = [line.split() for line in _FUNCTION_WORDS.read_text(encoding="utf-8").split("\n")]
        lists = {line[0]: frozenset(line[1:]) for line in lines if line and line[0] != "#"}
        self._english = lists.pop(ENGLISH)
        self._other = frozenset().union(*lists.values()) - self._english

    def language_of(self, text: str, words: AbstractSet[str], known: int) -> str:
        """``en``, ``other``, or ``und`` when there are no words, or only such as say nothing.

        :param words: the different words of the text in Latin letters, lowered.
        :param known: how many of them are known English.
        """
        if not text.isascii() and _is_of_another_script(text, sum(map(len, words))):
            return OTHER
        if not words:
            return UNKNOWN
        if words.isdisjoint(self._other):
            return ENGLISH if known >= _KNOWN_SHARE * len(words) else UNKNOWN
        other, english = len(words & self._other), len(words & self._english)
        if other > english and (other > 1 or known < _MOSTLY_KNOWN * len(words)):
            return OTHER
        return ENGLISH if known >= _KNOWN_SHARE * len(words) else UNKNOWN


def _is_of_another_script(text: str, latin_letters: int) -> bool:
    # A letter of Chinese or Korean says about as much as two of Latin.
    return 2 * len(_OTHER_LETTER.findall(text[:_MAX_CHARACTERS])) > latin_letters
