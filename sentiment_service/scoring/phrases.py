"""Phrases found in a text, all at once: a tree of words, walked from every word of the text.

A *word* is a run of letters or of digits, in lower case: ``GPT-4o`` is ``gpt``, ``4``, ``o``. What stands
between two words is their *gap*. Blanks, hyphens and underscores are the same gap; any other sign, such as
the dot of ``v0.dev``, has to be there; letters and digits that touch have to touch in the text as well.
Walking takes time linear in the number of words, whatever the phrases are.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

_WORD = re.compile(r"[^\W\d_]+|\d+")
_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+")
"""The same in a lowered text without other letters, which most are, in half of the time."""

_SOFT = frozenset(" -_\n\u2010\u2011\u2012\u2013\u00ad")


class Words(NamedTuple):
    """A text's words with where they are; lists of the same length."""

    text: str
    lowered: str
    words: list[str]
    starts: list[int]
    ends: list[int]

    def gap(self, index: int) -> str:
        """What is between a word and the one before it: one blank for anything as good as one."""
        return _gap(self.lowered[self.ends[index - 1] : self.starts[index]])


def lower(text: str) -> str:
    """In lower case, each character at the place where it was."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := each.lower()) == 1 else each for each in text)


def plain_words(lowered: str) -> list[str]:
    """Only the words; what is cheap enough to do with every text."""
    return _pattern(lowered).findall(lowered)


def _pattern(lowered: str) -> re.Pattern[str]:
    return _ASCII_WORD if lowered.isascii() else _WORD


def words_of(text: str, lowered: str | None = None) -> Words:
    """The words of a text.

    :param lowered: :func:`lower` of it, when it is there already.
    """
    lowered = lower(text) if lowered is None else lowered
    found = list(_pattern(lowered).finditer(lowered))
    return Words(
        text,
        lowered,
        [each[0] for each in found],
        [each.start() for each in found],
        [each.end() for each in found],
    )


class Match(NamedTuple, Generic[Value]):
    """A phrase at a place."""

    first: int
    """Index of its first word."""
    after: int
    """Index of the word after its last."""
    value: Value


class PhraseTree(Generic[Value]):
    """Phrases with a value each; a phrase added twice keeps its first value."""

    def __init__(self) -> None:
        self._root: dict[str, _Node[Value]] = {}

    def __bool__(self) -> bool:
        return bool(self._root)

    @property
    def first_words(self) -> frozenset[str]:
        """The words that phrases begin with."""
        return frozenset(self._root)

    def add(self, phrase: str, value: Value) -> None:
        """Add a phrase; one without a letter or digit is never found."""
        words = words_of(phrase)
        node = None
        for index, word in enumerate(words.words):
            if node is None:
                node = self._root.setdefault(word, _Node())
            else:
                gap = _gap(words.lowered[words.ends[index - 1] : words.starts[index]])
                node = node.edges.setdefault(word, {}).setdefault(gap, _Node())
        if node is not None and not node.ends:
            node.ends, node.value = True, value

    def at(self, words: Words, first: int) -> list[Match[Value]]:
        """The phrases that begin with a word of the text, shortest first."""
        found: list[Match[Value]] = []
        node = self._root.get(words.words[first])
        after = first + 1
        while node is not None:
            if node.ends:
                found.append(Match(first, after, node.value))
            if after == len(words.words) or (by_gap := node.edges.get(words.words[after])) is None:
                break
            node = by_gap.get(words.gap(after))
            after += 1
        return found

    def all(self, words: Words) -> Iterator[Match[Value]]:
        """Every phrase anywhere, those within others too."""
        root = self._root
        for first, word in enumerate(words.words):
            if word in root:
                yield from self.at(words, first)


class _Node(Generic[Value]):
    __slots__ = ("edges", "ends", "value")

    value: Value

    def __init__(self) -> None:
        self.edges: dict[str, dict[str, _Node[Value]]] = {}
        """By the next word, and the gap before it."""
        self.ends = False


def _gap(between: str) -> str:
    if not between:
        return ""
    return " " if between in _SOFT else between


def joinings(phrase: str, limit: int = 4) -> Sequence[str]:
    """The phrase, and with any of its blanks and hyphens left out; beyond the limit, with all or none.

    ``Claude Code`` is also ``ClaudeCode``.
    """
    parts = re.split(r"[\s\-_]", phrase)
    gaps = len(parts) - 1
    if gaps > limit:
        return [phrase, "".join(parts)]
    ways = []
    for choice in range(2**gaps):
        blanks = ("" if choice >> index & 1 else " " for index in range(gaps))
        ways.append(parts[0] + "".join(blank + part for blank, part in zip(blanks, parts[1:], strict=True)))
    return ways
