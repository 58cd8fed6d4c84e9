"""Texts in which names are counted, and the names that come out."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Said(NamedTuple):
    """One text."""

    id: str
    at: datetime
    markdown: str


@dataclass(frozen=True, slots=True)
class Untracked:
    """A name that comes up often and belongs to nobody."""

    name: str
    """As it is written most."""
    mentions: int
    spellings: tuple[str, ...]
    first_at: datetime
    """Of the oldest text that holds it."""
    samples: tuple[str, ...]
    """Ids of the first texts that hold it, in the order they were given."""
