"""What moved what is said of a tool: phrases, and by how much. Everything here is frozen."""

from dataclasses import dataclass

from sentiment_service.models import Label, Tally


@dataclass(frozen=True, slots=True)
class Said:
    """One mention of a tool, with what is needed to find out what it is about."""

    fullname: str
    permalink: str
    author: str
    polarity: float
    label: Label
    excerpt: str


@dataclass(frozen=True, slots=True)
class Driver:
    """A phrase whose mentions moved the average."""

    phrase: str
    contribution: float
    """Part of the change of the mean polarity that its mentions made; negative when they lowered it."""
    before: Tally
    """Its mentions in the earlier window."""
    after: Tally
    """Its mentions in the later one."""
    examples: tuple[Said, ...]
    """Those that speak most clearly, from the later window where there are any."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """What moved an average, those that moved it most first."""

    raised: tuple[Driver, ...]
    lowered: tuple[Driver, ...]
