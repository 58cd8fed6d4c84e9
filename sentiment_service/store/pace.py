"""How densely the items of a list lie in time, as far as reads of it have told.

A guess and nothing more: a read that was led by a wrong one takes longer and finds the same.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable
from datetime import timedelta

KEPT = 1000
"""Lists that are remembered, those used last."""
ENOUGH = 10
"""Items from which a density is taken seriously."""
SPREADS = 1.5
"""Standard deviations of a count (of Poisson's distribution) by which to reach further than just enough: a
second read costs more than a few items too many."""
UNSURE_MARGIN = 1.5
UNSURE_GROWTH = 4
FIRST_REACH = timedelta(hours=1)
LEAST_REACH = timedelta(minutes=1)
LONGEST_REACH = timedelta(days=36500)


class Pace:
    """Remembers densities.

    Lists are known by any hashable name.
    """

    def __init__(self) -> None:
        self._seconds: OrderedDict[Hashable, float] = OrderedDict()  # from one item to the next, in the mean

    def note(self, name: Hashable, found: int, span: timedelta) -> None:
        """A read found so many items in a stretch of time; too few say nothing."""
        if found >= ENOUGH and span > timedelta():
            self._seconds[name] = span.total_seconds() / found
            self._seconds.move_to_end(name)
            if len(self._seconds) > KEPT:
                self._seconds.popitem(last=False)

    def expected(self, name: Hashable, span: timedelta) -> float | None:
        """How many items a stretch of time should have; ``None`` when nothing is known."""
        seconds = self._seconds.get(name)
        return None if seconds is None else span.total_seconds() / seconds

    def reach(self, name: Hashable, wanted: int) -> timedelta:
        """How far back so many items should go; an hour when nothing is known."""
        seconds = self._seconds.get(name)
        if seconds is None:
            return FIRST_REACH
        return _within(timedelta(seconds=min(_and_some(wanted) * seconds, LONGEST_REACH.total_seconds())))


def next_reach(last: timedelta, span: timedelta, found: int, wanted: int) -> timedelta:
    """How far to go on after a read.

    :param last: how far it went.
    :param span: how far all reads of the list went so far.
    :param found: items in that time.
    :param wanted: how many more there should be.
    """
    if found >= ENOUGH:
        return _within(span * (_and_some(wanted) / found))
    unsure = last * UNSURE_GROWTH
    return _within(min(unsure, span * (UNSURE_MARGIN * wanted / found)) if found else unsure)


def _and_some(wanted: int) -> float:
    return wanted + SPREADS * math.sqrt(max(wanted, 0))


def _within(reach: timedelta) -> timedelta:
    return max(LEAST_REACH, min(reach, LONGEST_REACH))
