"""Shapes: what a client may expect of an answer, written by hand, and how an answer misses it.

A shape is a type (``str``, ``int``, ``float``, ``bool``, ``dict`` for anything in braces), a list of one
shape, a dictionary of shapes by field, or one of the classes here. Further fields are always allowed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Shape = Any

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
"""The shape of a time: ISO 8601, UTC, with a ``Z``."""
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
"""The shape of a day."""


@dataclass(frozen=True)
class Maybe:
    """Null, or a shape."""

    shape: Shape


@dataclass(frozen=True)
class Some:
    """A list that is not empty, so that what is in it is looked at."""

    shape: Shape
    most: int | None = None


class OneOf:
    """One of some texts."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts


def misses(value: Any, shape: Shape, place: str = "answer") -> Iterator[str]:
    """What is wrong with a value, a line each; nothing when it has the shape."""
    match shape:
        case Maybe(inner):
            if value is not None:
                yield from misses(value, inner, place)
        case Some(inner, most):
            if isinstance(value, list) and (not value or (most is not None and len(value) > most)):
                yield f"{place}: {len(value)} members"
            yield from misses(value, [inner], place)
        case OneOf():
            if value not in shape.texts:
                yield f"{place}: {value!r} is none of {shape.texts}"
        case re.Pattern():
            if not isinstance(value, str) or not shape.fullmatch(value):
                yield f"{place}: {value!r} does not look like {shape.pattern}"
        case list():
            yield from _misses_of_list(value, shape[0], place)
        case dict():
            yield from _misses_of_object(value, shape, place)
        case _ if not _is(value, shape):
            yield f"{place}: {value!r} is no {shape.__name__}"


def _is(value: Any, kind: type) -> bool:
    if kind is bool:
        return isinstance(value, bool)
    numbers = (int, float) if kind is float else (kind,)
    return isinstance(value, numbers) and not isinstance(value, bool)


def _misses_of_list(value: Any, shape: Shape, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place}: {value!r} is no list"
        return
    for number, member in enumerate(value):
        yield from misses(member, shape, f"{place}[{number}]")


def _misses_of_object(value: Any, shape: dict[str, Shape], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: {value!r} is no object"
        return
    for name, inner in shape.items():
        if name in value:
            yield from misses(value[name], inner, f"{place}.{name}")
        else:
            yield f"{place}.{name} is missing"
