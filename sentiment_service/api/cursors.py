"""Opaque cursors: where a list goes on, bound to the call and the filters it was made for.

A cursor is the URL-safe Base64 of an eight-byte digest and a position. The digest covers the call, its
filters and the position, so a cursor that was cut, edited or carried to another call is recognised. It
guards against mistakes, not against an attacker: a position gives access to nothing that a filter would not.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from sentiment_service.api.problems import Problem, invalid

Position = TypeVar("Position")

DIGEST_BYTES = 8
MAX_CURSOR_LENGTH = 512


def encode_cursor(call: str, filters: Mapping[str, object], position: str) -> str:
    """The cursor from which ``call`` with these filters goes on after ``position``."""
    raw = _digest(call, filters, position) + position.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_cursor(
    call: str, filters: Mapping[str, object], cursor: str, parse: Callable[[str], Position]
) -> Position:
    """The position in a cursor.

    :param parse: reads the position, or raises :class:`ValueError`: anybody can compute the digest.
    :raises Problem: 422 on ``cursor`` when it is broken or of another call or filter.
    """
    if len(cursor) > MAX_CURSOR_LENGTH or not re.fullmatch(r"[A-Za-z0-9_-]+", cursor):
        raise _broken()
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position = raw[DIGEST_BYTES:].decode()
        if raw[:DIGEST_BYTES] != _digest(call, filters, position):
            raise _broken()
        return parse(position)
    except ValueError as error:  # neither Base64 nor UTF-8 nor a position
        raise _broken() from error


def item_position(text: str) -> str:
    """A position of :func:`~sentiment_service.models.position_of`.

    :raises ValueError: it is none.
    """
    moment, _, fullname = text.partition("|")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, re.ASCII):
        raise ValueError("not a time")
    datetime.fromisoformat(moment)
    if not re.fullmatch(r"t[13]_[a-z0-9]{1,13}", fullname):
        raise ValueError("not a fullname")
    return text


def _broken() -> Problem:
    return invalid("cursor", "is not a cursor that this call gave out for the same filters")


def _digest(call: str, filters: Mapping[str, object], position: str) -> bytes:
    named = (f"{name}={value}" for name, value in sorted(filters.items()))
    return hashlib.blake2b("\x00".join((call, *named, position)).encode(), digest_size=DIGEST_BYTES).digest()
