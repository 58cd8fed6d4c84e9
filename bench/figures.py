"""What a benchmark finds: figures with what is wanted of them, and latencies."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

PERCENTILES = (0.5, 0.9, 0.99, 0.999)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bound that a figure has to keep."""

    sense: Literal["at least", "at most"]
    bound: float

    def met_by(self, value: float) -> bool:
        """Whether a value keeps it; what could not be measured does not."""
        return value >= self.bound if self.sense == "at least" else value <= self.bound


def at_least(bound: float) -> Wanted:
    """A lower bound."""
    return Wanted("at least", bound)


def at_most(bound: float) -> Wanted:
    """An upper bound."""
    return Wanted("at most", bound)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: the median of its rounds."""

    name: str
    rounds: tuple[float, ...]
    """One value for each round; the figure is their median."""
    unit: str = ""
    wanted: Wanted | None = None
    note: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds; not a number when there are none."""
        return statistics.median(self.rounds) if self.rounds else math.nan

    @property
    def met(self) -> bool | None:
        """Whether it is as wanted; ``None`` when nothing is wanted of it."""
        return None if self.wanted is None else self.wanted.met_by(self.value)


def figure(
    name: str, rounds: Sequence[float] | float, unit: str = "", wanted: Wanted | None = None, note: str = ""
) -> Figure:
    """A figure of several rounds, or of one."""
    values = (rounds,) if isinstance(rounds, int | float) else tuple(rounds)
    return Figure(name, values, unit, wanted, note)


@dataclass(frozen=True, slots=True)
class Result:
    """What one part of the benchmarks found."""

    part: str
    figures: tuple[Figure, ...]
    latencies: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Seconds, by what was measured; drawn and kept whole."""
    notes: tuple[str, ...] = ()


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest-rank quantile; not a number of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, one side over the other; not a number where the other is nothing."""
    return [one / other if other else math.nan for one, other in zip(above, below, strict=True)]


def percentiles_text(seconds: Sequence[float]) -> str:
    """Percentiles in milliseconds, for people: ``p50 0.31  p90 …  max 4.20 ms``."""
    shown = [f"p{100 * share:g} {1000 * quantile(seconds, share):.2f}" for share in PERCENTILES]
    return "  ".join([*shown, f"max {1000 * max(seconds, default=math.nan):.2f} ms"])
