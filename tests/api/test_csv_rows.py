"""Answers as lines of CSV."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.api.csv_rows import CsvRows, harmless
from sentiment_service.api.posts import PostAnswer
from sentiment_service.models import Label


@dataclass(frozen=True, slots=True)
class Inner:
    label: Label
    polarity: float


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    at: datetime
    count: int
    good: bool
    inner: Inner | None
    tools: tuple[str, ...]
    interval: tuple[float, float] | None


ROWS = CsvRows(Row)
AT = datetime(2026, 11, 23, 16, tzinfo=UTC)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def row(text: str = "a", inner: Inner | None = None) -> Row:
    return Row(text, AT, -3, True, inner, ("cursor", "claude"), (-0.5, 0.25))


def test_a_field_that_is_an_answer_becomes_columns() -> None:
    assert read(ROWS.head()) == [
        ["id", "at", "count", "good", "inner_label", "inner_polarity", "tools", "interval"]
    ]
    assert ROWS.head().endswith(b"\r\n")


def test_values_are_written_as_json_writes_them() -> None:
    (line,) = read(ROWS.lines([row(inner=Inner(Label.NEGATIVE, -0.25))]))
    assert line == [
        "a",
        "2026-11-23T16:00:00Z",
        "-3",
        "true",
        "negative",
        "-0.25",
        "cursor claude",
        "[-0.5,0.25]",
    ]


def test_what_is_null_is_empty() -> None:
    (line,) = read(ROWS.lines([row()]))
    assert line[4:6] == ["", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_is_marked_as_text(start: str) -> None:
    text = f"{start}cmd|'/C calc'!A0"
    (line,) = read(ROWS.lines([row(text)]))
    assert line[0] == f"'{text}"


@given(st.text(max_size=30))
def test_any_text_comes_back(text: str) -> None:
    (line,) = read(ROWS.lines([row(text)]))
    assert line[0] == harmless(text)
    assert line[0].removeprefix("'") == text.removeprefix("'")
    assert not line[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert read(ROWS.lines([row("half \ud83d")]))[0][0] == "half \ufffd"


def test_posts_have_a_column_for_each_part_of_their_score() -> None:
    names = CsvRows(PostAnswer).names
    assert {"id", "title", "sentiment_label", "sentiment_polarity", "tools"} <= set(names)
    assert len(set(names)) == len(names)
