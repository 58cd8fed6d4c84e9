"""Answers as lines of CSV (RFC 4180, UTF-8, no byte order mark), safe to open in a spreadsheet.

A spreadsheet runs a cell that begins like a formula, and anybody can write a title that does. Such a text
gets an apostrophe in front, which spreadsheets take as "this is text". Numbers come from us and stay numbers.
"""

import csv
import io
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

from sentiment_service.api.responses import encode_json, utf8_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With the wide forms, which spreadsheets of some countries read as the narrow ones."""


class CsvRows:
    """Writes answers of one type as lines.

    A field that is an answer itself becomes a column for each of its fields, ``sentiment.label`` becoming
    ``sentiment_label``. Lists of names are joined by spaces, other lists are JSON. What is null is empty.

    :param answer: the type, a frozen dataclass.
    """

    def __init__(self, answer: type[Any]) -> None:
        columns = list(_columns(answer))
        self.names = tuple(name for name, _ in columns)
        """Of the columns."""
        self._readers = [reader for _, reader in columns]

    def head(self) -> bytes:
        """The line of column names."""
        return self._lines([self.names])

    def lines(self, answers: Iterable[Any]) -> bytes:
        """A line for each answer."""
        return self._lines([_cell(read(answer)) for read in self._readers] for answer in answers)

    def _lines(self, rows: Iterable[Iterable[object]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        return utf8_of(text.getvalue())


Reader = Callable[[Any], Any]


def _columns(answer: type[Any]) -> Iterator[tuple[str, Reader]]:
    hints = get_type_hints(answer)
    for field in fields(answer):
        inner = _answer_in(hints[field.name])
        if inner is None:
            yield field.name, attrgetter(field.name)
        else:
            for name, reader in _columns(inner):
                yield f"{field.name}_{name}", _reader_within(field.name, reader)


def _answer_in(hint: Any) -> type[Any] | None:
    """The answer that a field is, or may be."""
    kinds = get_args(hint) if get_origin(hint) in (types.UnionType, Union) else (hint,)
    return next((kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)), None)


def _reader_within(name: str, reader: Reader) -> Reader:
    def read(answer: Any) -> Any:
        inner = getattr(answer, name)
        return None if inner is None else reader(inner)

    return read


def _cell(value: Any) -> object:
    if isinstance(value, str):
        return harmless(str(value))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple) and all(isinstance(member, str) for member in value):
        return harmless(" ".join(value))
    return harmless(encode_json(value).decode())


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
