"""What happens in the service, told to whoever listens.

The last events are kept in one ring that all listeners read from, each at its own pace. So a listener costs
a position and nothing more, none waits for another, and one that is slower than the ring, or returns too
late, is told that it missed something. Publishing never waits.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from sentiment_service.errors import ServiceError

KEEP_EVENTS = 1000
KEEP_BYTES = 2**20
MAX_LISTENERS = 100
BATCH = 64
"""Events a listener gets at once at most."""


class TooManyListenersError(ServiceError):
    """No more listeners are taken."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, encoded once for all listeners."""

    id: int
    kind: str
    data: bytes
    """JSON."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A listener missed something; what it knows may be out of date."""

    resume_after: int
    """Id after which it goes on."""
    reason: str


class Events:
    """The ring of the last events.

    Ids grow by one with each event and begin with the microsecond in which the ring was made, so that an id
    of an earlier run or of another instance is recognised as unknown.

    :param keep: events kept at most.
    :param keep_bytes: bytes of their data kept at most.
    :param max_listeners: listeners at once at most.
    """

    def __init__(
        self,
        *,
        keep: int = KEEP_EVENTS,
        keep_bytes: int = KEEP_BYTES,
        max_listeners: int = MAX_LISTENERS,
        first_id: int | None = None,
    ) -> None:
        self.published: Counter[str] = Counter()
        """Events so far, by kind."""
        self.missed = 0
        """Times a listener missed something."""
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._max_listeners = max_listeners
        self._ring: deque[Event] = deque()
        self._bytes = 0
        self._last_id = time.time_ns() // 1000 if first_id is None else first_id - 1
        self._news = asyncio.Event()
        self._listening: set[Listener] = set()
        self.closed = False
        """Whether nothing is told any more."""

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listening)

    @property
    def last_id(self) -> int:
        """Id of the newest event; before the first one, the number before its id."""
        return self._last_id

    def publish(self, kind: str, data: Any) -> None:
        """Tell all listeners.

        :param data: what orjson can encode.
        """
        if self.closed:
            return
        self._last_id += 1
        event = Event(self._last_id, kind, orjson.dumps(data, option=orjson.OPT_UTC_Z))
        self._ring.append(event)
        self._bytes += len(event.data)
        while len(self._ring) > self._keep or (self._bytes > self._keep_bytes and len(self._ring) > 1):
            self._bytes -= len(self._ring.popleft().data)
        self.published[kind] += 1
        self._wake()

    def close(self) -> None:
        """End all listening, also of those who are busy with what they heard. Idempotent."""
        self.closed = True
        self._wake()
        for listener in self._listening:
            listener.hurry()

    @contextmanager
    def listen(self, after: int | None) -> "Iterator[Listener]":
        """Listen for as long as the context is open.

        :param after: id of the last event that is known; ``None`` begins with what happens from now on.
        :raises TooManyListenersError: there are too many already, or listening has ended.
        """
        if self.closed or self.listeners >= self._max_listeners:
            raise TooManyListenersError("too many listeners")
        listener = Listener(self, self._last_id if after is None else after)
        self._listening.add(listener)
        try:
            yield listener
        finally:
            self._listening.discard(listener)

    def after(self, position: int) -> list[Event] | Missed:
        """The oldest events after an id, or that not all of them are kept."""
        oldest = self._last_id - len(self._ring) + 1
        if not oldest - 1 <= position <= self._last_id:
            self.missed += 1
            unknown = position > self._last_id
            return Missed(self._last_id, "unknown event id" if unknown else "events are not kept that long")
        skipped = position - oldest + 1
        return list(islice(self._ring, skipped, skipped + BATCH))

    async def wait(self) -> None:
        """Return when there is news since the call, or listening ends."""
        await self._news.wait()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


class Listener:
    """A position in the ring."""

    def __init__(self, events: Events, position: int) -> None:
        self.position = position
        """Id of the last event that was given out."""
        self._events = events
        self._limit: asyncio.Timeout | None = None

    @property
    def behind(self) -> bool:
        """Whether there is something to be given out."""
        return self.position != self._events.last_id

    async def next(self, patience_s: float) -> list[Event] | Missed | None:
        """What comes next.

        :param patience_s: seconds to wait for it.
        :returns: some events; that some were missed; nothing in time; ``None`` when listening has ended.
        """
        events = self._events
        if not events.closed and not self.behind:
            try:
                async with asyncio.timeout(patience_s):
                    await events.wait()
            except TimeoutError:
                return []
        if events.closed:
            return None
        found = events.after(self.position)
        self.position = found.resume_after if isinstance(found, Missed) else found[-1].id
        return found

    @asynccontextmanager
    async def passing_on(self, limit_s: float) -> AsyncIterator[None]:
        """Around work with what came, such as sending it on.

        :raises TimeoutError: when it is not done in time, or listening ends meanwhile.
        """
        async with asyncio.timeout(limit_s) as self._limit:
            try:
                yield
            finally:
                self._limit = None

    def hurry(self) -> None:
        """Cut short what is being passed on."""
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time())
