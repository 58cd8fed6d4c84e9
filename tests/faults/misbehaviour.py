"""What Reddit does wrong in the fault suite, and at which points of a cycle."""

from dataclasses import dataclass

import pytest

from tests.faults.nightly import nightly
from tests.faults.site import Point

_PATHS = {
    Point.BEFORE: "path=/r/",
    Point.BETWEEN: "path=after=t",  # the second pages, when the first ones are stored
    Point.AFTER: "path=/r/",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and what the cycle says of it."""

    name: str
    break_it: str
    """As the look-alike reads it; empty ``next`` means that it lasts until it is healed."""
    when: Point | None
    """The point at which every run tries it; the nightly form tries all, and those without one."""
    told: frozenset[str] = frozenset()
    """Kinds of errors that the cycle's record names, one of them at least; none: the cycle is whole."""
    set_aside: int = 0
    """Items at most that stay noted as unusable."""

    def at(self, point: Point) -> str:
        """How the look-alike is told."""
        kind, _, details = self.break_it.partition(":")
        return f"{kind}:{','.join(filter(None, (details, _PATHS[point])))}"


def told(*kinds: str) -> frozenset[str]:
    """Kinds of errors."""
    return frozenset(kinds)


def cases(faults: tuple[Fault, ...]) -> list[object]:
    """Every fault at its point; at all three by night."""
    return [
        pytest.param(
            fault, point, id=f"{fault.name}, {point}", marks=() if point is fault.when else (nightly,)
        )
        for fault in faults
        for point in Point
    ]
