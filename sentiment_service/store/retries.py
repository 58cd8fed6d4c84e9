"""Which driver errors are worth repeating, how long to wait, and when to give up.

Cosmos DB answers a request over budget with error 16500 (or HTTP's 429 as the code) and often says
in the text how many milliseconds to wait. Other transient errors back off with jitter. Writes here
are upserts, so repeating one is safe; they repeat until a deadline. Reads are repeated once, quickly:
somebody is waiting for the answer.
"""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar

from bson.errors import BSONError
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    InvalidOperation,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from sentiment_service.errors import DatabaseUnavailableError, StoreError
from sentiment_service.histograms import Histogram

T = TypeVar("T")

Kind = Literal["throttled", "transient", "away", "denied", "refused"]

THROTTLED = frozenset({16500, 429})
"""Cosmos DB: out of request units."""
AWAY = frozenset({1})
"""``InternalError``: what the embedded server answers for ever once its disk was full."""
DENIED = frozenset({13, 18, 8000})
"""``Unauthorized``, ``AuthenticationFailed`` and Atlas's form of it."""
TRANSIENT = frozenset(
    {6, 7, 24, 46, 50, 64, 89, 91, 100, 112, 189, 202, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436}
)
"""Lost hosts, elections, shutdowns, time-outs, lock and write conflicts, write concern not met in time."""

QUICK_PAUSE_S = 0.05
BASE_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
GATE_S = 1.0
"""After a search for a server that failed, reads fail at once for this long instead of searching again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a driver error means for us."""

    kind: Kind
    wait_s: float | None = None
    """What the server asked us to wait."""

    @property
    def repeatable(self) -> bool:
        """Whether the same operation may succeed later."""
        return self.kind in {"throttled", "transient", "away"}


def judge(error: BaseException) -> Verdict:
    """Classify an error of the driver."""
    if isinstance(error, PartlyRefusedError):
        return error.verdict
    if isinstance(error, ServerSelectionTimeoutError):
        return Verdict("away")
    if isinstance(error, BulkWriteError):
        return _judge_bulk(error)
    if isinstance(error, OperationFailure) and not isinstance(error, AutoReconnect):
        return judge_code(error.code, str(error))
    # A client replaced during the operation shows as InvalidOperation; the next attempt uses the new one.
    if isinstance(error, ConnectionFailure | InvalidOperation | TimeoutError):
        return Verdict("transient")
    # Raised while connecting when the name of a mongodb+srv address cannot be resolved.
    return Verdict("denied" if isinstance(error, ConfigurationError) else "refused")


def judge_code(code: int | None, text: str) -> Verdict:
    """Classify a server's error by its code; the text tells the wait."""
    if code in THROTTLED or "TooManyRequests" in text or "Request rate is large" in text:
        match = re.search(r"RetryAfterMs\s*[=:]\s*(\d+)", text)
        return Verdict("throttled", int(match[1]) / 1000 if match else None)
    if code in AWAY:
        return Verdict("away")
    if code in DENIED:
        return Verdict("denied")
    return Verdict("transient" if code in TRANSIENT else "refused")


def _judge_bulk(error: BulkWriteError) -> Verdict:
    details: dict[str, Any] = dict(error.details or {})
    verdicts = [
        judge_code(one.get("code"), str(one.get("errmsg", "")))
        for one in (*details.get("writeErrors", ()), *details.get("writeConcernErrors", ()))
    ]
    hopeless = next((verdict for verdict in verdicts if not verdict.repeatable), None)
    return hopeless or worst(verdicts) or Verdict("refused")


def worst(verdicts: Sequence[Verdict]) -> Verdict | None:
    """One verdict for several that can be repeated: throttled if one is, with the longest wait."""
    if not verdicts:
        return None
    kinds = [verdict.kind for verdict in verdicts]
    waits = [verdict.wait_s for verdict in verdicts if verdict.wait_s is not None]
    return Verdict("throttled" if "throttled" in kinds else kinds[0], max(waits, default=None))


class PartlyRefusedError(Exception):
    """A part of a bulk was refused for now; the rest is settled. Never leaves the store."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__("some operations of a bulk were refused for now")


def describe(error: BaseException) -> str:
    """An error in a few words: its class, its code, and the server's words if they can hold no secret."""
    if isinstance(error, BulkWriteError | PartlyRefusedError):
        return "some operations of a bulk were refused"
    if isinstance(error, OperationFailure):
        words = str((error.details or {}).get("errmsg", error))[:200]
        return f"{type(error).__name__} {error.code}: {words}"
    if isinstance(error, ServerSelectionTimeoutError):
        return "no database server answered"
    if isinstance(error, TimeoutError | NetworkTimeout):
        return "the database did not answer in time"
    return type(error).__name__


def raise_ours(what: str, error: BaseException, retry_after_s: float | None = None) -> NoReturn:
    """Raise the error of ours that stands for an error of the driver, with that one as its cause."""
    verdict = judge(error)
    detail = f"{what}: {describe(error)}"
    if verdict.kind == "refused":
        raise StoreError(detail) from error
    raise DatabaseUnavailableError(detail, retry_after_s=retry_after_s or verdict.wait_s or 5.0) from error


DRIVER_ERRORS = (PyMongoError, BSONError, TimeoutError, PartlyRefusedError)
"""What an operation of the driver may raise, besides what a value that cannot be encoded raises."""


PATIENT: ContextVar[bool] = ContextVar("patient", default=False)


@contextmanager
def patient_reads() -> Iterator[None]:
    """Within this, reads are repeated until the deadline, as writes always are.

    For jobs, which would rather wait out a short outage than fail; a client of the API would rather be told.
    """
    token = PATIENT.set(True)
    try:
        yield
    finally:
        PATIENT.reset(token)


class Retries:
    """Runs operations of the driver with a limit, repeats what is worth repeating, and counts.

    :param timeout_s: seconds one attempt may take.
    :param deadline_s: seconds a write may take with all its repetitions and waits.
    """

    def __init__(self, *, timeout_s: float, deadline_s: float) -> None:
        self._timeout_s = timeout_s
        self._deadline_s = deadline_s
        self._gate_until = 0.0
        self.count = 0
        """Attempts beyond the first since start."""
        self.throttled = 0
        """Times the server asked us to slow down."""
        self.seconds: dict[str, Histogram] = {kind: Histogram() for kind in ("read", "write", "probe")}
        """What each attempt took, failed ones included."""

    async def read(self, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        """Run a read; repeated once when the connection broke or the server was busy.

        Within :func:`patient_reads` it is repeated until the deadline.

        :raises DatabaseUnavailableError: the database is away or too busy.
        :raises StoreError: it refused the read.
        """
        if PATIENT.get():
            return await self._insist("read", what, operation)
        if asyncio.get_running_loop().time() < self._gate_until:
            raise DatabaseUnavailableError(f"{what}: no database server answered", retry_after_s=GATE_S)
        try:
            return await self._attempt("read", operation)
        except DRIVER_ERRORS as error:
            verdict = self._noted(error)
            quick = verdict.wait_s is None or verdict.wait_s <= QUICK_PAUSE_S
            if verdict.kind not in {"transient", "throttled"} or not quick or isinstance(error, TimeoutError):
                raise_ours(what, error)
        self.count += 1
        await asyncio.sleep(QUICK_PAUSE_S)
        return await self._once("read", what, operation)

    async def once(self, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        """Run an operation a single time; errors as :meth:`read`."""
        return await self._once("probe", what, operation)

    async def _once(self, kind: str, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._attempt(kind, operation)
        except DRIVER_ERRORS as error:
            self._noted(error)
            raise_ours(what, error)

    async def write(self, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        """Run a write that may be repeated without harm, until it succeeds or the deadline passes.

        :raises DatabaseUnavailableError: the database stayed away.
        :raises StoreError: it refused the write.
        """
        return await self._insist("write", what, operation)

    async def _insist(self, kind: str, what: str, operation: Callable[[], Awaitable[T]]) -> T:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._deadline_s
        attempt = 0
        while True:
            try:
                return await self._attempt(kind, operation)
            except DRIVER_ERRORS as error:
                verdict = self._noted(error)
                pause = pause_s(attempt, verdict.wait_s)
                if not verdict.repeatable or loop.time() + pause > deadline:
                    raise_ours(what, error, pause)
            attempt += 1
            self.count += 1
            await asyncio.sleep(pause)

    def reopen(self) -> None:
        """Forget that no server answered: there is a new address, or one does answer."""
        self._gate_until = 0.0

    async def _attempt(self, kind: str, operation: Callable[[], Awaitable[T]]) -> T:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self._timeout_s):
                result = await operation()
        finally:
            self.seconds[kind].observe(time.perf_counter() - began)
        # A server answered, though an attempt at the address before may have failed after this one began.
        self.reopen()
        return result

    def _noted(self, error: BaseException) -> Verdict:
        verdict = judge(error)
        if isinstance(error, ServerSelectionTimeoutError):
            self._gate_until = asyncio.get_running_loop().time() + GATE_S
        if verdict.kind == "throttled":
            self.throttled += 1
        return verdict


def pause_s(
    attempt: int, asked_s: float | None, *, uniform: Callable[[float, float], float] = random.uniform
) -> float:
    """Seconds before the next attempt: what the server asked for and a little more, or a jittered backoff."""
    if asked_s is not None:
        return asked_s * uniform(1.0, 1.25) + 0.001
    return min(LONGEST_PAUSE_S, BASE_PAUSE_S * 2.0 ** min(attempt, 10)) * uniform(0.5, 1.0)
