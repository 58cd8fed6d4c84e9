"""Reddit's rate limit as its headers tell it, and when the next request may go out.

Reddit averages over a window of ten minutes, so a burst is fine while much of the window is left. Below a
reserve, the rest is spread over the time until the window starts anew. At nothing, everything waits for that.
All times are seconds of one monotonic clock, passed in.
"""

import math
from collections.abc import Mapping

WINDOW_S = 600.0
"""Seconds of Reddit's window; a longer claim is not believed."""

LONGEST_HOLD_S = 3600.0
"""Seconds a ``Retry-After`` can hold all requests back; a mistaken date must not stop the source for good."""


class RateWindow:
    """What is left of the rate limit. Belongs to a client id, so it outlives a connection.

    :param reserve: requests left below which they are spread out.
    """

    def __init__(self, *, reserve: int) -> None:
        self._reserve = reserve
        self._remaining: float | None = None
        self._resets_at = -math.inf
        self._next_at = -math.inf
        self._held_until = -math.inf
        self._in_flight = 0

    def delay_s(self, now: float) -> float:
        """Seconds until the next request may go out; 0 when it may go now."""
        held = max(0.0, self._held_until - now)
        remaining = self.remaining(now)
        if remaining is None or remaining > self._reserve:
            return held
        if remaining < 1:
            return max(held, self._resets_at - now)
        return max(held, self._next_at - now)

    def book(self, now: float) -> None:
        """A request goes out now."""
        self._in_flight += 1
        remaining = self.remaining(now)
        if remaining is None:
            return
        self._remaining = remaining - 1
        self._next_at = now + (self._resets_at - now) / max(1.0, self._remaining)

    def came_back(self) -> None:
        """A booked request ended, well or not."""
        self._in_flight -= 1

    def learn(self, headers: Mapping[str, str], now: float) -> None:
        """Take in the ``x-ratelimit-*`` headers of an answer to a booked request that has come back.

        Requests still under way are not in the source's count yet. Headers that are missing or make no
        sense change nothing.
        """
        remaining = _number(headers.get("x-ratelimit-remaining"))
        reset_s = _number(headers.get("x-ratelimit-reset"))
        if remaining is None or reset_s is None:
            return
        self._remaining = max(0.0, remaining - self._in_flight)
        self._resets_at = now + min(max(reset_s, 1.0), WINDOW_S)

    def hold(self, now: float, seconds: float) -> None:
        """Let nothing go out for some seconds."""
        self._held_until = max(self._held_until, now + min(seconds, LONGEST_HOLD_S))

    def remaining(self, now: float) -> float | None:
        """Requests left in the window; ``None`` when unknown, as in a window not asked in yet."""
        return self._remaining if now < self._resets_at else None

    def reset_s(self, now: float) -> float | None:
        """Seconds until the window starts anew; ``None`` when unknown."""
        return self._resets_at - now if now < self._resets_at else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
