"""How the service and the scoring process talk: frames of a length and a marshalled value.

Both ends are the same interpreter and the same code, and only plain strings, numbers, tuples and lists cross,
so ``marshal`` fits: it is fast and takes broken surrogates, which UTF-8 and JSON encoders refuse.
"""

import marshal
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct("!Q")

PartTuple = tuple[str, float, str, str]
"""Tool, polarity, label, excerpt: a part of a mention on its way between processes."""

ScoreTuple = tuple[float, float, str, float, str | None, list[PartTuple]]
"""Polarity, subjectivity, label, confidence, language, parts of mentions: what is read from one text."""

TEXTS = "texts"
"""First of a frame ``(TEXTS, texts, subreddits)``, which is answered."""
CATALOGUE = "catalogue"
"""First of a frame ``(CATALOGUE, tools)``, which is not."""


def write_frame(stream: BinaryIO, value: Any) -> None:
    """Write one value and flush it.

    :param value: made of plain strings, numbers, ``None``, tuples, lists and dicts.
    :raises BrokenPipeError: when nobody reads any more.
    """
    body = marshal.dumps(value)
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> object:
    """Wait for one value.

    :raises EOFError: when the other end is gone, in the middle of a frame too.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return marshal.loads(body)  # noqa: S302 - written by our own child process
