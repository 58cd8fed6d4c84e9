"""Words: what a text is made of when somebody looks for something in it.

A word is a run of letters and digits, without regard to case and to the many ways Unicode has of writing
the same letter (NFKC, then case folding). Scripts that put no spaces between words are taken character by
character: a word is found then wherever all its characters are.
"""

import re
import unicodedata

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
)
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff"
"""Accents and vowel signs that are characters of their own, and of which ``\\w`` knows nothing."""
_WORD = re.compile(rf"(?:[^\W_{_UNSPACED}]|[{_MARKS}])+|[^\W_]")


def normalised(text: str) -> str:
    """A text in the one spelling in which texts are compared."""
    if text.isascii():
        return text.lower()
    # Folding can undo the normal form, so it is made again, as Unicode's toNFKC_Casefold does.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words_of(text: str) -> list[str]:
    """The words of a text, normalised, in their order."""
    return _WORD.findall(normalised(text))


class SoughtWords:
    """Words that somebody looks for, all of them, in any order.

    :param text: what was typed; anything but its words is ignored.
    """

    def __init__(self, text: str) -> None:
        self.words = frozenset(words_of(text))
        """Empty when there is nothing to look for."""
        self._longest_first = sorted(self.words, key=lambda word: (-len(word), word))

    def are_in(self, text: str) -> bool:
        """Whether a text has all the words, each as a whole word."""
        whole = normalised(text)
        # A long word is seldom part of a text by chance, so most texts are done with after one look.
        if not all(word in whole for word in self._longest_first):
            return False
        return self.words.issubset(_WORD.findall(whole))
