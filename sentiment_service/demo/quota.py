"""Tokens and the rate limit: who may ask, and how often.

Reddit counts requests of one client in slices of ten minutes that begin at full ten minutes of the clock,
and tells in three headers how many are left, how many were used and when the next slice begins.
"""

import base64
import binascii
import math
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Seconds = Callable[[], float]


@dataclass(slots=True)
class Window:
    """Requests of one client in the current slice of time."""

    begins: float
    used: int = 0


class RateLimit:
    """Counts requests.

    :param limit: requests in a slice.
    :param window_s: length of a slice in seconds.
    :param now: Unix seconds.
    """

    def __init__(self, limit: int, window_s: int, now: Seconds) -> None:
        self._limit = limit
        self._window_s = window_s
        self._now = now
        self._windows: dict[str, Window] = {}

    def spend(self, client: str) -> bool:
        """Count one request; false when none was left."""
        window = self._window(client)
        if window.used >= self._limit:
            return False
        window.used += 1
        return True

    def headers(self, client: str) -> dict[str, str]:
        """What Reddit says of the limit in every answer."""
        window = self._window(client)
        return {
            "x-ratelimit-remaining": f"{self._limit - window.used:.1f}",
            "x-ratelimit-used": str(window.used),
            "x-ratelimit-reset": str(self.reset_s(client)),
        }

    def reset_s(self, client: str) -> int:
        """Seconds until the next slice, at least 1."""
        return max(1, math.ceil(self._window(client).begins + self._window_s - self._now()))

    def _window(self, client: str) -> Window:
        begins = self._now() // self._window_s * self._window_s
        window = self._windows.get(client)
        if window is None or window.begins != begins:
            window = self._windows[client] = Window(begins)
        return window


class Tokens:
    """Hands out bearer tokens and knows which are good.

    :param client_id: the only id that gets a token, or empty: any does.
    :param client_secret: its secret, or empty: any is good.
    :param lifetime_s: seconds a token is good for.
    :param now: Unix seconds.
    """

    def __init__(self, client_id: str, client_secret: str, lifetime_s: int, now: Seconds) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._lifetime_s = lifetime_s
        self._now = now
        self._expiry: dict[str, tuple[str, float]] = {}

    def grant(self, authorization: str) -> dict[str, object] | None:
        """The answer to a client that names itself by HTTP Basic, or ``None`` when it is not let in."""
        named = _basic(authorization)
        if named is None or not self._known(*named):
            return None
        now = self._now()
        self._expiry = {token: entry for token, entry in self._expiry.items() if entry[1] > now}
        token = secrets.token_urlsafe(32)
        self._expiry[token] = (named[0], now + self._lifetime_s)
        return {"access_token": token, "token_type": "bearer", "expires_in": self._lifetime_s, "scope": "*"}

    def client(self, authorization: str) -> str | None:
        """The client whose token this header carries, or ``None`` when the token is unknown or expired."""
        scheme, _, token = authorization.partition(" ")
        entry = self._expiry.get(token) if scheme.lower() == "bearer" else None
        return entry[0] if entry is not None and entry[1] > self._now() else None

    def revoke_all(self) -> None:
        """Make every token bad, as if all had expired."""
        self._expiry.clear()

    def _known(self, client_id: str, client_secret: str) -> bool:
        return (
            bool(client_id)
            and self._client_id in ("", client_id)
            and self._client_secret in ("", client_secret)
        )


def granted(form: Mapping[str, object]) -> bool:
    """Whether a token may be asked for in this way."""
    return form.get("grant_type") in ("client_credentials", "password", "refresh_token")


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
