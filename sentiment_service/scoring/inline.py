"""Reddit markdown inside a paragraph: links, code, emphasis, spoilers, superscripts, escapes.

One scan from left to right; what an opening mark means is decided when its closing mark is met, so a mark
that is never closed stays what people wrote. The time grows with the length of the paragraph, however its
marks are nested.
"""

import re
from bisect import bisect_left
from collections import defaultdict

_MARK = re.compile(
    r"""
      (?P<escape>\\[!-/:-@\[-`{-~])
    | (?P<ticks>`+)
    | (?P<address><(?:https?|ftp|mailto):[^\s<>]*+>|(?<![A-Za-z0-9])(?:(?:https?|ftp)://|www\.)[^\s<>\]|]++)
    | (?P<opening>!?\[++)
    | (?P<closing>\])
    | (?P<spoiler>>!(?=\S)|!<)
    | (?P<run>\*++|_++|~~++)
    | (?P<raised>\^++)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEGINS = re.compile(r"[\\`<!\[\]>*_~^hHfFwW](?:(?<![hHfFwW])|[tT]{1,2}[pP]|[wW]{2}\.)")
"""Where a mark may begin; made to be found fast: a set of characters first, and no case to be ignored."""
_ANY_MARK = re.compile(r"[\\`*_~^\[\]<>]")
_TICKS = re.compile(r"`+")
_DESTINATION = re.compile(
    r"""\(\s*+
        (?:<[^<>\n]*+>|(?:\\.|[^\s()\\])*+(?:\((?:\\.|[^\s()\\])*+\)(?:\\.|[^\s()\\])*+)*+)
        (?:\s++(?:"[^"]*+"|'[^']*+'))?\s*+
    \)""",
    re.VERBOSE,
)
_AFTER_ADDRESS = ".,;:!?'\")*_~"


class _Scan:
    """One paragraph being read: its pieces so far, and the marks that are still open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.brackets: list[int] = []
        self.spoilers: list[int] = []
        self.emphases: defaultdict[str, list[int]] = defaultdict(list)
        self.ticks: dict[int, list[int]] | None = None

    def plain(self) -> str:
        """The words without the marks."""
        position = here = 0
        while (begins := _BEGINS.search(self.text, here)) is not None:
            here = begins.start() + 1
            if (mark := _MARK.match(self.text, here - 1)) is not None:
                self.pieces.append(self.text[position : mark.start()])
                position = here = self._read(mark)
        self.pieces.append(self.text[position:])
        return "".join(self.pieces)

    def _read(self, mark: re.Match[str]) -> int:
        """Deal with one mark; returns where reading goes on."""
        start, end = mark.span()
        match mark.lastgroup:
            case "escape":
                self.pieces.append(mark[0][1])
            case "ticks":
                return self._code(start, end)
            case "address":
                return self._address(start, end)
            case "opening":
                self._open_brackets(mark[0])
            case "closing":
                return self._link(end)
            case "spoiler":
                self._spoiler(mark[0])
            case "run":
                self._emphasis(start, end)
            case "raised":
                self._superscript(start, end)
        return end

    def _open_brackets(self, row: str) -> None:
        first = "![" if row[0] == "!" else "["
        for bracket in (first, *row[len(first) :]):
            self.brackets.append(len(self.pieces))
            self.pieces.append(bracket)

    def _code(self, start: int, end: int) -> int:
        """Leave out a span of code: up to the next equally long row of backticks."""
        if self.ticks is None:
            self.ticks = {}
            for row in _TICKS.finditer(self.text):
                self.ticks.setdefault(len(row[0]), []).append(row.start())
        rows = self.ticks.get(end - start, [])
        following = bisect_left(rows, end)
        if following == len(rows):
            self.pieces.append(self.text[start:end])
            return end
        self.pieces.append(" ")
        return rows[following] + end - start

    def _address(self, start: int, end: int) -> int:
        self.pieces.append(" ")
        if self.text[start] == "<":
            return end
        # The punctuation after an address belongs to the sentence.
        return start + len(self.text[start:end].rstrip(_AFTER_ADDRESS))

    def _link(self, end: int) -> int:
        """Keep a link's text without its address; leave out an image, whose text is only 'gif' or 'img'."""
        destination = _DESTINATION.match(self.text, end)
        if not self.brackets:
            self.pieces.append("]")
            return end
        opening = self.brackets.pop()
        if destination is None:
            self.pieces.append("]")
            return end
        if self.pieces[opening] == "![":
            self._forget_from(opening)
        else:
            self.pieces[opening] = ""
        return destination.end()

    def _forget_from(self, piece: int) -> None:
        del self.pieces[piece:]
        self.pieces.append(" ")
        for still_open in (self.spoilers, *self.emphases.values()):
            while still_open and still_open[-1] >= piece:
                still_open.pop()

    def _spoiler(self, mark: str) -> None:
        if mark == ">!":
            self.spoilers.append(len(self.pieces))
            self.pieces.append(mark)
        elif self.spoilers:
            self.pieces[self.spoilers.pop()] = ""
        else:
            self.pieces.append(mark)

    def _superscript(self, start: int, end: int) -> None:
        """Take off ``^`` before a word or a parenthesis, unless it is the nose of a face."""
        raises = self.text[end : end + 1].isalnum() or self.text.startswith("(", end)
        is_nose = start > 0 and self.text[start - 1] in ":;=8"
        if is_nose or not raises:
            self.pieces.append(self.text[start:end])

    def _emphasis(self, start: int, end: int) -> None:
        """Take off ``*``, ``_`` and ``~~`` that pair up; an unpaired one is a character like any other."""
        kind, left = self.text[start], end - start
        opens, closes = self._flanks(start, end)
        still_open = self.emphases[kind]
        while closes and left and still_open:
            opening = self.pieces[still_open[-1]]
            matched = min(left, len(opening))
            left -= matched
            self.pieces[still_open[-1]] = opening[matched:]
            if matched == len(opening):
                still_open.pop()
        if opens and left:
            still_open.append(len(self.pieces))
        self.pieces.append(kind * left)

    def _flanks(self, start: int, end: int) -> tuple[bool, bool]:
        """Whether a row of marks can open and can close, by CommonMark 0.31, section 6.2."""
        before = self.text[start - 1] if start else " "
        after = self.text[end] if end < len(self.text) else " "
        left = not after.isspace() and (after.isalnum() or not before.isalnum())
        right = not before.isspace() and (before.isalnum() or not after.isalnum())
        if self.text[start] != "_":
            return left, right
        return left and not before.isalnum(), right and not after.isalnum()


def plain_words(paragraph: str) -> str:
    """The words of a paragraph as a reader sees them, without code, addresses and images."""
    if _ANY_MARK.search(paragraph) or "://" in paragraph or "www." in paragraph.lower():
        return _Scan(paragraph).plain()
    return paragraph
