"""Reddit markdown line by line: which lines are prose, and where one paragraph ends.

One pass over the lines; code blocks, quotes, rules and link definitions are left out, the marks of headings,
list items and tables are taken off.
"""

import re

_MARKS = frozenset("`~|:->=*_[#+0123456789")
"""What a line that is not just prose can begin with."""
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})[^~]*$")
_LIST_MARK = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])\s+(?=\S)")
_DEFINITION = re.compile(r"\[[^\[\]]{1,200}\]:\s*<?(?:https?://|www\.|[/#])")
_QUOTED_EMOTICON = re.compile(r">[:;.][-o^']?[^\s\w]?[^\s]?$")
_TAB_STOP = 4
_CODE_INDENT = 4


class _Reader:
    """What has to be remembered from one line to the next."""

    def __init__(self) -> None:
        self.finished: list[str] = []
        self.paragraph: list[str] = []
        self.fence = ""
        self.after_blank = True
        self.in_list = False
        self.in_table = False

    def flush(self) -> None:
        """End the paragraph."""
        if self.paragraph:
            self.finished.append("\n".join(self.paragraph))
            self.paragraph = []

    def read(self, line: str) -> None:
        """Take in one line."""
        words = line.strip()
        if self.fence:
            if len(words) >= len(self.fence) and not words.strip(self.fence[0]):
                self.fence = ""
        elif not words:
            self.after_blank, self.in_table = True, False
            self.flush()
        elif not (self.after_blank and self._is_indented_code(line)):
            nested = line[0] in " \t"
            if words[0] in _MARKS:
                self._read_marked(words, nested=nested)
            else:
                self._read_prose(words, nested=nested)
            self.after_blank = False

    def _is_indented_code(self, line: str) -> bool:
        # Inside a list, four columns are the item's next paragraph; code needs four more.
        needed = _CODE_INDENT * 2 if self.in_list else _CODE_INDENT
        return line[0] in " \t" and _indent(line, needed) >= needed

    def _read_marked(self, words: str, *, nested: bool) -> None:
        fence = _FENCE.match(words)
        if fence:
            self.fence = fence[1] or fence[2]
            self.flush()
        elif _is_table_rule(words):
            self.in_table = True
            if self.paragraph:
                self.paragraph[-1] = _cells(self.paragraph[-1])
        elif _is_quote(words) or _is_rule(words) or _DEFINITION.match(words):
            self.flush()
        elif words.startswith("#"):
            self.flush()
            self.paragraph = [_heading(words)]
            self.flush()
        elif item := _LIST_MARK.match(words):
            self.in_list = True
            self.flush()
            self._add(words[item.end() :])
        else:
            self._read_prose(words, nested=nested)

    def _read_prose(self, words: str, *, nested: bool) -> None:
        if self.after_blank and not nested:
            self.in_list = False
        self._add(words)

    def _add(self, words: str) -> None:
        self.paragraph.append(_cells(words) if self.in_table else words)


def paragraphs(markdown: str) -> list[str]:
    """The paragraphs, headings, list items and tables of a text, each with its inline marks still in it."""
    reader = _Reader()
    for line in markdown.split("\n"):
        reader.read(line)
    reader.flush()
    return reader.finished


def _indent(line: str, enough: int) -> int:
    columns = 0
    for character in line:
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += _TAB_STOP - columns % _TAB_STOP
        else:
            break
        if columns >= enough:
            break
    return columns


def _is_quote(words: str) -> bool:
    # ">!" opens a spoiler, and people begin lines with ">:(".
    return words.startswith(">") and not words.startswith(">!") and not _QUOTED_EMOTICON.match(words)


def _is_rule(words: str) -> bool:
    """Whether a line is a rule or underlines a heading: ``---``, ``* * *``, ``===``."""
    marks = "".join(words.split())
    return len(marks) > 1 and marks[0] in "-=*_" and not marks.strip(marks[0])


def _is_table_rule(words: str) -> bool:
    # Three characters may be the face ":-|".
    return len(words) > 3 and "|" in words and "-" in words and not words.strip("|:- \t")


def _heading(words: str) -> str:
    text = words.lstrip("#").strip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare != bare.rstrip() else text


def _cells(row: str) -> str:
    return row.replace("|", "\n")
