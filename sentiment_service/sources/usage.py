"""What the requests to a source cost and how they went."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sentiment_service.models import utc_now


@dataclass(frozen=True, slots=True)
class Usage:
    """The requests of a source so far."""

    requests: int = 0
    """Requests sent, each attempt and each token request counted."""
    retries: int = 0
    """Attempts beyond a request's first."""
    throttled: int = 0
    """Answers 429, and requests held back to stay within the rate limit."""
    rate_limit_remaining: float | None = None
    """Requests left in the window as the source said last; ``None`` when it has not said."""
    rate_limit_reset_s: float | None = None
    """Seconds until the window starts anew."""
    last_ok_at: datetime | None = None
    last_error: str | None = None
    """The latest failure of an attempt as one sentence, never with a secret; stays after a later success."""
    last_error_at: datetime | None = None


class Meter:
    """Counts requests; outlives the connection, so that reopening a source keeps its counts."""

    def __init__(self, *, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._requests = 0
        self._retries = 0
        self._throttled = 0
        self._last_ok_at: datetime | None = None
        self._last_error: str | None = None
        self._last_error_at: datetime | None = None

    def sent(self, *, again: bool) -> None:
        """One attempt goes out; ``again`` when it repeats a failed one."""
        self._requests += 1
        self._retries += again

    def held_back(self) -> None:
        """A request was refused with 429 or waits for the rate limit."""
        self._throttled += 1

    def succeeded(self) -> None:
        """An attempt brought a usable answer."""
        self._last_ok_at = self._now()

    def failed(self, reason: str) -> None:
        """An attempt failed; the reason is one sentence without secrets."""
        self._last_error = reason
        self._last_error_at = self._now()

    def snapshot(self, *, remaining: float | None, reset_s: float | None) -> Usage:
        """The counts now, beside what is known of the rate limit."""
        return Usage(
            requests=self._requests,
            retries=self._retries,
            throttled=self._throttled,
            rate_limit_remaining=remaining,
            rate_limit_reset_s=reset_s,
            last_ok_at=self._last_ok_at,
            last_error=self._last_error,
            last_error_at=self._last_error_at,
        )
