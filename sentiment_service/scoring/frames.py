"""How the service and the scoring process talk: frames of a length and a marshalled value.

Both ends are the same interpreter and the same code, and only plain strings, numbers, tuples and lists cross,
so ``marshal`` fits: it is fast and takes broken surrogates, which UTF-8 and JSON encoders refuse.
"""

import marshal
import struct
from typing import BinaryIO

_LENGTH = struct.Struct("!Q")

ScoreTuple = tuple[float, float, str, float]
"""Polarity, subjectivity, label, confidence: a score on its way between processes."""


def write_frame(stream: BinaryIO, value: str | list[str] | list[ScoreTuple | None]) -> None:
    """Write one value and flush it.

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
