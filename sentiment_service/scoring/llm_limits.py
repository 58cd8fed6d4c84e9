"""What keeps a language model from costing too much: a budget a day, and a pause after failures."""

from collections.abc import Callable
from datetime import date, datetime

FAILURES_BEFORE_PAUSE = 3
FIRST_PAUSE_S = 10.0
LONGEST_PAUSE_S = 600.0


class DailyBudget:
    """So many texts each UTC day, counted in this process: a restart begins anew.

    :param texts: how many.
    """

    def __init__(self, texts: int, now: Callable[[], datetime]) -> None:
        self._texts = texts
        self._now = now
        self._day: date | None = None
        self._spent = 0

    @property
    def left(self) -> int:
        """Texts that may still be asked about today."""
        return self._texts - (0 if self._is_new_day() else self._spent)

    def take(self, texts: int) -> int:
        """Spend up to so many; returns how many there were. What is taken is spent, whatever comes of it."""
        if self._is_new_day():
            self._day, self._spent = self._now().date(), 0
        taken = min(texts, self.left)
        self._spent += taken
        return taken

    def _is_new_day(self) -> bool:
        # A clock set back does not give a spent budget again.
        return self._day is None or self._now().date() > self._day


class Pause:
    """Keeps from asking what does not answer: after some failures in a row longer and longer.

    :param clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until_s = float("-inf")

    @property
    def active(self) -> bool:
        """Whether nothing may be asked now."""
        return self._clock() < self._until_s

    def succeeded(self) -> None:
        """An answer came."""
        self._failures = 0

    def failed(self, *, retry_after_s: float | None = None) -> float:
        """None came; returns the seconds that nothing may be asked, 0 while it may.

        :param retry_after_s: seconds that the other side asked for.
        """
        self._failures += 1
        own_s = 0.0
        if self._failures >= FAILURES_BEFORE_PAUSE:
            doublings = min(self._failures - FAILURES_BEFORE_PAUSE, 10)
            own_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**doublings)
        pause_s = max(own_s, retry_after_s or 0.0)
        self._until_s = max(self._until_s, self._clock() + pause_s)
        return pause_s
