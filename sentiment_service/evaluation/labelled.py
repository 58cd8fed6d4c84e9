"""Files of texts that people labelled: GoEmotions' rows, or ``text<TAB>label``; gzipped or not.

GoEmotions (Demszky et al., ACL 2020) has rows of ``text<TAB>labels<TAB>id``, the labels as comma-separated
indices of 28 emotions. They become three labels here: positive emotions (with neutral or ambiguous beside
them) are positive, negative ones likewise, nothing but neutral or ambiguous is neutral, and what is positive
and negative at once is left out, because nobody can be right about it.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sentiment_service.errors import EvaluationError
from sentiment_service.models import Label

EMOTIONS = tuple(
    """
    admiration amusement anger annoyance approval caring confusion curiosity desire disappointment
    disapproval disgust embarrassment excitement fear gratitude grief joy love nervousness optimism pride
    realization relief remorse sadness surprise neutral
    """.split()  # noqa: SIM905 - as a list, one line for each
)
"""GoEmotions' labels in the order of their indices."""

POSITIVE = frozenset(
    {"amusement", "excitement", "joy", "love", "desire", "optimism"}
    | {"caring", "pride", "admiration", "gratitude", "relief", "approval"}
)
NEGATIVE = frozenset(
    {"fear", "nervousness", "remorse", "embarrassment", "disappointment", "sadness"}
    | {"grief", "disgust", "anger", "annoyance", "disapproval"}
)
"""Every other emotion is neutral or ambiguous, and read as neutral."""

HEADER = ("text", "label")
"""A first line that is skipped."""

LINE_LIMIT = 1_000_000
"""Bytes of one line at most: 40,000 characters take far fewer, and a file without lines is no such file."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text, and what people said of it."""

    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """The content of a file."""

    texts: tuple[LabelledText, ...]
    left_out: int
    """Texts with positive and negative labels at once."""


def read_labelled(path: Path, *, limit: int | None = None) -> LabelledTexts:
    """Read a file of labelled texts; the first line tells which of the two formats it has.

    :param limit: texts to read at most.
    :raises EvaluationError: when it cannot be read, with the number of the line where there is one.
    """
    texts: list[LabelledText] = []
    left_out = 0
    for labelled in _labelled_lines(path):
        if labelled is None:
            left_out += 1
        else:
            texts.append(labelled)
        if len(texts) == limit:
            break
    if not texts:
        raise EvaluationError(f"{path}: holds no labelled text")
    return LabelledTexts(tuple(texts), left_out)


def _labelled_lines(path: Path) -> Iterator[LabelledText | None]:
    """One text a line, ``None`` for what is left out."""
    parse: Callable[[list[str]], LabelledText | None] | None = None
    for number, line in enumerate(_lines(path), start=1):
        columns = line.split("\t")
        if number == 1 and tuple(each.strip().lower() for each in columns) == HEADER:
            continue
        parse = parse or (_of_emotions if len(columns) == 3 else _of_words)
        try:
            yield parse(columns)
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number}: {error}") from None


def _of_words(columns: list[str]) -> LabelledText:
    if len(columns) != 2:
        raise ValueError(f"expected text<TAB>label, found {len(columns)} columns")
    text, word = columns
    try:
        return LabelledText(text, Label(word.strip().lower()))
    except ValueError:
        raise ValueError(f"expected positive, negative or neutral, found {word[:40]!r}") from None


def _of_emotions(columns: list[str]) -> LabelledText | None:
    if len(columns) != 3:
        raise ValueError(f"expected text<TAB>labels<TAB>id, found {len(columns)} columns")
    label = label_of_emotions(columns[1])
    return None if label is None else LabelledText(columns[0], label)


def label_of_emotions(indices: str) -> Label | None:
    """The label that comma-separated indices of emotions amount to; ``None`` when they contradict each other.

    :raises ValueError: when they are no such indices.
    """
    try:
        names = {EMOTIONS[_index(each)] for each in indices.split(",")}
    except (ValueError, IndexError):
        expected = f"numbers from 0 to {len(EMOTIONS) - 1} with commas between them"
        raise ValueError(f"expected {expected}, found {indices[:40]!r}") from None
    if names & POSITIVE and names & NEGATIVE:
        return None
    if names & POSITIVE:
        return Label.POSITIVE
    return Label.NEGATIVE if names & NEGATIVE else Label.NEUTRAL


def _index(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("an index counts from 0")
    return number


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file without their ends. Only a line feed ends one: comments hold all other kinds.

    :raises EvaluationError: when it cannot be read, is no text, or is damaged.
    """
    try:
        with _open(path) as file:
            number = 0
            while line := file.readline(LINE_LIMIT + 1):
                number += 1
                if len(line) > LINE_LIMIT:
                    raise EvaluationError(f"{path}, line {number}: longer than {LINE_LIMIT:,} bytes")
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}, line {number}: not UTF-8: {error.reason}") from error
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvaluationError(f"{path}: cannot be read: {reason}") from error


def _open(path: Path) -> BinaryIO:
    file = path.open("rb")
    magic = file.read(len(_GZIP_MAGIC))
    file.seek(0)
    if magic != _GZIP_MAGIC:
        return file
    file.close()
    return cast("BinaryIO", gzip.open(path, "rb"))
