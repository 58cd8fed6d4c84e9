"""Texts in pieces: sentences, and in them the clauses that speak of different tools.

Sentences are found by sentencex (Wikimedia; a compiled splitter without data files or models, a few
microseconds for a short text). Clauses are found here: at contrast words, semicolons and dashes always, at
commas and joining words only where both sides say something of a tool of their own. So a list of tools stays
with what is said of all of them, and a comma splice comes apart.

Clauses are *masked*: every name of a tool is one :func:`mark`, a character of a private plane, whatever the
name; so rules about words never trip over a name, and a rule knows the names that a clause has.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

MAX_SENTENCE = 500
"""Characters; longer stretches without a full stop are broken at a space, so that no rule meets more."""

MARKS = "\ue000-\uf8ff"
"""The characters that stand for tools, as a range inside a pattern's brackets."""

_FIRST_MARK = 0xE000
_CHUNK = 4_000
"""Characters given to sentencex at once: it is quadratic in quotation marks opened and never closed."""

_END = re.compile(r"[.!?](?:(?<=['’][tsdTSD]\.)|(?<=\b[Mm]e\.)|(?<=[!?])[!?]+)\s+")
"""Where sentencex misses an end: it takes *it doesn't.* for an initial and *for me.* for an abbreviation."""

_MARK = re.compile(f"[{MARKS}]")
_BREAK = re.compile(
    r"[;—–…,:()]|\s-{1,3}\s|\.{3,}|/(?=\s)|(?<![a-z])(?:a(?:lthough|nd yet|nd)|b(?:ut|ecause)|cause|"
    r"e(?:ven though|xcept that)|however|if|meanwhile|o(?:n the other hand|r)|s(?:ince|o(?= (?:i|we|now)\b)|"
    r"o(?<=, so))|th(?:ough|en)|w(?:here(?:as)?|hich|hile(?<!in a while)(?<!for a while))|yet(?<=, yet))\b"
)
_SOFT = frozenset(
    {",", ":", "(", ")", "/", "and", "or", "so", "because", "cause", "since", "where", "then", "which", "if"}
)
"""Breaks that part clauses only where both sides speak of tools of their own; others always do."""
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_NOT_SAYING = frozenset(
    [
        "a",
        "all",
        "an",
        "and",
        "any",
        "as",
        "at",
        "between",
        "both",
        "by",
        "compared",
        "comparison",
        "either",
        "for",
        "from",
        "in",
        "inside",
        "like",
        "my",
        "neither",
        "next",
        "none",
        "nor",
        "of",
        "old",
        "on",
        "or",
        "our",
        "the",
        "their",
        "this",
        "to",
        "unlike",
        "use",
        "using",
        "versus",
        "vs",
        "with",
        "your",
        "compare",
    ]
)
"""Words that may stand with a name without saying anything of it."""
_PLURAL = re.compile(rf"\s*[{MARKS}]\s+(?:are|were|both|all|have|do|don['’]t|aren['’]t)\b", re.IGNORECASE)
_MEASURE = re.compile(
    rf"[^{MARKS}]*\b(?:than|as|over|unlike|from|off)\s+(?:the |using )?[{MARKS}]", re.IGNORECASE
)
_VERSUS = re.compile(rf"[{MARKS}]\s+(?:vs\.?|versus)\s+[{MARKS}]", re.IGNORECASE)


class FoundTool(Protocol):
    """A name of a tool in a text."""

    @property
    def tool_id(self) -> str:
        """Whose name it is."""

    @property
    def start(self) -> int:
        """Where it begins, in characters."""

    @property
    def end(self) -> int:
        """Where it has ended."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence."""

    masked: str
    """Its words, every name of a tool being one mark."""
    lowered: str
    """The same in lower case, which is what rules look at."""
    tools: tuple[str, ...]
    """The tools named in it, in order, each as often as it is named."""
    after_contrast: bool
    """Whether a contrast word, a dash or a semicolon in the same sentence leads up to it."""


@dataclass(frozen=True, slots=True)
class MaskedSentence:
    """A sentence, every name of a tool in it being one mark."""

    masked: str
    tools: tuple[str, ...]
    """By mark: the tool that the n-th mark stands for."""

    def tools_in(self, masked: str) -> tuple[str, ...]:
        """The tools that the marks of a piece of it stand for."""
        return tuple(self.tools[ord(each) - _FIRST_MARK] for each in _MARK.findall(masked))


def mark(number: int) -> str:
    """What stands for the n-th name in a sentence."""
    return chr(_FIRST_MARK + number)


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, in order; none longer than :data:`MAX_SENTENCE`, none empty."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    start = 0
    while start < len(text):
        end = _chunk_end(text, start, len(text), _CHUNK)
        for found in get_sentence_boundaries("en", text[start:end]):
            first, begin = start + found["start_index"], 0
            for missed in _END.finditer(found["text"]):
                yield from _bounded(text, first + begin, first + missed.end())
                begin = missed.end()
            yield from _bounded(text, first + begin, start + found["end_index"])
        start = end


def mask(
    text: str, span: tuple[int, int], finds: Sequence[FoundTool], starts: Sequence[int]
) -> MaskedSentence:
    """One sentence with its names masked.

    :param finds: in order of their starts; of overlapping ones the first counts.
    :param starts: their starts.
    """
    pieces: list[str] = []
    tools: list[str] = []
    at, end = span
    for found in finds[bisect_left(starts, at) : bisect_left(starts, end)]:
        if found.start >= at:
            pieces += _MARK.sub(" ", text[at : found.start]), mark(len(tools))
            tools.append(found.tool_id)
            at = found.end
    pieces.append(_MARK.sub(" ", text[at:end]))
    return MaskedSentence("".join(pieces), tuple(tools))


def split_clauses(sentence: MaskedSentence) -> list[Clause]:
    """The clauses of a sentence, in order; those without a word or a name are left out."""
    clauses: list[Clause] = []
    begin, contrast = 0, False
    for end, is_hard in _cuts(sentence.masked):
        clauses += _clause(sentence, begin, end, contrast)
        begin, contrast = end, is_hard
    clauses += _clause(sentence, begin, len(sentence.masked), contrast)
    return clauses


def _cuts(masked: str) -> Iterator[tuple[int, bool]]:
    """Where a sentence comes apart, and whether by a contrast."""
    lowered = masked.lower()
    # A few capitals have longer small letters; then places in the one are not places in the other.
    breaks = list(_BREAK.finditer(lowered if len(lowered) == len(masked) else masked))
    names = len(_MARK.findall(masked))
    begin = 0
    for place, found in enumerate(breaks):
        if found[0] not in _SOFT:
            yield found.start(), True
            begin = found.start()
            continue
        if names < 2:
            continue
        following = breaks[place + 1].start() if place + 1 < len(breaks) else len(masked)
        before, after = masked[begin : found.start()], masked[found.end() : following]
        goes_on = begin > 0 and not _MARK.search(before) and _has_words(before) and _says_something(after)
        if goes_on or _come_apart(before, after) or (_VERSUS.search(before) and _MARK.search(after)):
            yield found.start(), False
            begin = found.start()


def _come_apart(before: str, after: str) -> bool:
    """Whether both sides say something of a tool of their own."""
    if not _says_something(after) or _PLURAL.match(after) or _MEASURE.match(after):
        return False
    return _says_something(before)


def _says_something(piece: str) -> bool:
    return bool(_MARK.search(piece)) and _has_words(piece)


def _has_words(piece: str) -> bool:
    return any(word.lower() not in _NOT_SAYING for word in _WORD.findall(_MARK.sub(" ", piece)))


def _clause(sentence: MaskedSentence, begin: int, end: int, contrast: bool) -> list[Clause]:
    masked = sentence.masked[begin:end].strip(" \n,;:–—-")
    if not masked or _BREAK.fullmatch(masked.lower()):
        return []
    return [Clause(masked, masked.lower(), sentence.tools_in(masked), contrast)]


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        cut = _chunk_end(text, start, end, MAX_SENTENCE)
        if text[start:cut].strip():
            yield start, cut
        start = cut


def _chunk_end(text: str, start: int, end: int, characters: int) -> int:
    """The end of a piece of at most so many characters, behind a paragraph or a space where there is one."""
    limit = start + characters
    if limit >= end:
        return end
    for end_mark in ("\n\n", " "):
        cut = text.rfind(end_mark, start + characters // 2, limit)
        if cut > 0:
            return cut + len(end_mark)
    return limit
