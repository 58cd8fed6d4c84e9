"""Faults on demand: which answers go wrong, how, and how often.

A fault is written as its kind, then when and where: ``503:next=3``, ``429:every=5,path=/new``,
``hang:next=1,seconds=30``, ``big_text:path=/comments``. Without ``next`` and ``every`` it happens always.
"""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum

from sentiment_service.demo.dice import Dice


class FaultKind(StrEnum):
    """What can go wrong."""

    THROTTLED_WITH_RETRY_AFTER = "429"
    THROTTLED = "429_bare"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    INTERNAL = "500"
    NOT_IMPLEMENTED = "501"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    HANG = "hang"
    RESET = "reset"
    CUT = "cut"
    TRUNCATED = "truncated"
    NOT_JSON = "not_json"
    BIG_TEXT = "big_text"
    BAD_FIELDS = "bad_fields"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"


MEANINGS: dict[FaultKind, str] = {
    FaultKind.THROTTLED_WITH_RETRY_AFTER: "status 429 with Retry-After (seconds=1)",
    FaultKind.THROTTLED: "status 429 without Retry-After",
    FaultKind.UNAUTHORIZED: "status 401, the token is no longer good",
    FaultKind.FORBIDDEN: "status 403 without a reason",
    FaultKind.NOT_FOUND: "status 404 without a reason",
    FaultKind.INTERNAL: "status 500",
    FaultKind.NOT_IMPLEMENTED: "status 501",
    FaultKind.BAD_GATEWAY: "status 502 with an HTML page",
    FaultKind.UNAVAILABLE: "status 503 with an HTML page",
    FaultKind.GATEWAY_TIMEOUT: "status 504 with an HTML page",
    FaultKind.HANG: "no answer for a long time (seconds=3600), or until faults are ended",
    FaultKind.RESET: "the connection is reset before an answer",
    FaultKind.CUT: "the connection is closed in the middle of the body",
    FaultKind.TRUNCATED: "a complete answer whose JSON ends in the middle",
    FaultKind.NOT_JSON: "status 200 with an HTML page",
    FaultKind.BIG_TEXT: "one item's text is 200 KB long",
    FaultKind.BAD_FIELDS: 'one item has "score": "many", one lacks created_utc, one has a number as its text',
    FaultKind.DUPLICATED: "every item of a page comes twice",
    FaultKind.REORDERED: "the items of a page come in another order",
}

_DEFAULT_SECONDS = {FaultKind.THROTTLED_WITH_RETRY_AFTER: 1.0, FaultKind.HANG: 3600.0}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with requests of some path.

    :param kind: what goes wrong.
    :param next: how many requests it hits before it is over; ``None``: it never is.
    :param every: it hits every so many-th matching request; 1 hits all of them.
    :param path: text that must occur in the path and query of a request; empty matches all.
    :param seconds: value of Retry-After, or how long to hang.
    """

    kind: FaultKind
    next: int | None = None
    every: int = 1
    path: str = ""
    seconds: float = 0.0

    @property
    def duration_s(self) -> float:
        """``seconds``, or what is usual for the kind."""
        return self.seconds or _DEFAULT_SECONDS.get(self.kind, 0.0)

    def __str__(self) -> str:
        details = [
            f"{name}={value}"
            for name, value, usual in (
                ("next", self.next, None),
                ("every", self.every, 1),
                ("path", self.path, ""),
                ("seconds", self.seconds, 0.0),
            )
            if value != usual
        ]
        return f"{self.kind}:{','.join(details)}" if details else str(self.kind)


def parse_fault(written: str) -> Fault:
    """A fault from how it is written: ``KIND[:next=N][,every=N][,path=TEXT][,seconds=S]``.

    :raises ValueError: with one sentence that says what is wrong.
    """
    name, _, rest = written.partition(":")
    if name not in list(FaultKind):
        raise ValueError(f"unknown fault {name!r}; there are {', '.join(FaultKind)}")
    fault = Fault(FaultKind(name))
    for detail in filter(None, rest.split(",")):
        key, _, value = detail.partition("=")
        fault = _with(fault, key.strip(), value.strip())
    return fault


def _with(fault: Fault, key: str, value: str) -> Fault:
    try:
        match key:
            case "next" if int(value) >= 1:
                return replace(fault, next=int(value))
            case "every" if int(value) >= 1:
                return replace(fault, every=int(value))
            case "seconds" if 0 < float(value) <= 86400:
                return replace(fault, seconds=float(value))
            case "path" if value:
                return replace(fault, path=value)
    except ValueError as error:
        raise ValueError(f"fault {fault.kind}: {key}={value!r} is no number") from error
    raise ValueError(
        f"fault {fault.kind}: {key}={value!r} is not one of next=N and every=N (from 1), path=TEXT, "
        "seconds=S (to 86400)"
    )


@dataclass(slots=True)
class _Active:
    fault: Fault
    seen: int = 0
    hits: int = 0

    def strikes(self, path: str) -> bool:
        """Whether a request of this path is hit; counts it."""
        if self.fault.path not in path or self.over:
            return False
        self.seen += 1
        if self.seen % self.fault.every:
            return False
        self.hits += 1
        return True

    @property
    def over(self) -> bool:
        return self.fault.next is not None and self.hits >= self.fault.next


class Faults:
    """The faults in force, and the time every answer takes; changed at any time.

    :param latency_ms: milliseconds every answer takes at least.
    :param jitter_ms: milliseconds added at random, up to this.
    """

    def __init__(self, latency_ms: float = 0.0, jitter_ms: float = 0.0) -> None:
        self.latency_ms = latency_ms
        self.jitter_ms = jitter_ms
        self._active: list[_Active] = []
        self._ended = asyncio.Event()
        self._dice = Dice(1)

    def add(self, fault: Fault | str) -> None:
        """Put a fault in force; earlier ones go first.

        :raises ValueError: when it is written wrongly.
        """
        self._active.append(_Active(parse_fault(fault) if isinstance(fault, str) else fault))

    def clear(self) -> None:
        """End all faults, hangs that are under way among them; the latency stays."""
        self._active.clear()
        self._ended.set()
        self._ended = asyncio.Event()

    @property
    def ended(self) -> asyncio.Event:
        """Set when the faults that are in force now are ended."""
        return self._ended

    def strike(self, path: str) -> Fault | None:
        """The fault that hits a request of this path and query, if one does."""
        for active in self._active:
            if active.strikes(path):
                self._active = [each for each in self._active if not each.over]
                return active.fault
        return None

    def delay_s(self) -> float:
        """Seconds this answer takes."""
        return (self.latency_ms + self.jitter_ms * self._dice.unit()) / 1000

    @property
    def active(self) -> list[Fault]:
        """The faults in force."""
        return [active.fault for active in self._active]
