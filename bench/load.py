"""The load generator, a process of its own: ``python -m bench.load PLAN FILE``, with a plan in JSON.

It speaks just enough HTTP/1.1 to keep connections busy at a fraction of what a full client costs, since it
shares two cores with what it measures. Until its standard input closes it sends either at a fixed rate
(open loop: a request goes out when it is due, whatever became of those before it, and its latency counts
from when it was *due*, so a stall is not hidden by waiting clients) or as fast as answers come back
(closed loop). At the end the file tells when each request was due, and how long its answer took.
"""

import asyncio
import json
import selectors
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

OPEN_CONNECTIONS = 64
"""Connections that an open loop spreads over; what finds none free waits, and its latency grows."""
DRAIN_LIMIT_S = 30.0
HEAD_END = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send."""

    url: str
    paths: tuple[str, ...]
    """Asked for in turns."""
    connections: int = 8
    rate: float | None = None
    """Requests a second; ``None`` for a closed loop."""
    requests: int | None = None
    """Stop after so many; ``None``: when told to."""

    def to_json(self) -> str:
        """As an argument of the command."""
        return json.dumps(asdict(self))


class Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request under way.

    :param answered: told the status of each answer, 0 when the connection broke.
    """

    def __init__(self, answered: Callable[["Connection", int], None]) -> None:
        self.due = 0.0
        self.path = 0
        self.busy = False
        self._answered = answered
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._wanted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def send(self, request: bytes, path: int, due: float) -> None:
        """Send a request that was due at this time."""
        assert self._transport is not None
        self.due, self.path, self.busy = due, path, True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self._received += data
        if not self._wanted:
            end = self._received.find(HEAD_END)
            if end < 0:
                return
            self._wanted = end + len(HEAD_END) + _body_length(bytes(self._received[: end + 2]))
        if len(self._received) >= self._wanted:
            status = int(self._received[9:12])
            self._received.clear()
            self._wanted, self.busy = 0, False
            self._answered(self, status)

    def connection_lost(self, _: Exception | None) -> None:
        """Called by the loop."""
        if self.busy:
            self.busy = False
            self._answered(self, 0)

    def close(self) -> None:
        """Close it."""
        if self._transport is not None:
            self._transport.abort()


def _body_length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(LENGTH)
    if at < 0:
        raise ValueError("an answer without Content-Length")
    at += len(LENGTH)
    return int(lowered[at : lowered.index(b"\r\n", at)])


class Generator:
    """Sends what a plan says."""

    def __init__(self, plan: Plan) -> None:
        parts = urlsplit(plan.url)
        self.at: list[float] = []
        self.seconds: list[float] = []
        self.paths: list[int] = []
        self.failures = 0
        self._plan = plan
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._requests = [
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode() for path in plan.paths
        ]
        self._sent = 0
        self._free: deque[Connection] = deque()  # used in turns: a server closes what idles for long
        self._waiting: deque[float] = deque()
        self._stopped = asyncio.Event()
        self._idle = asyncio.Event()

    async def run(self) -> None:
        """Send until told to stop; then wait for what is under way, with a limit."""
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin.fileno(), self._stopped.set)
        wanted = self._plan.connections if self._plan.rate is None else OPEN_CONNECTIONS
        all_of_them = [await self._connect() for _ in range(wanted)]
        self._free.extend(all_of_them)
        if self._plan.rate is None:
            for connection in all_of_them:
                self._next(connection)
            await self._stopped.wait()
        else:
            await self._open_loop(self._plan.rate)
        loop.remove_reader(sys.stdin.fileno())
        await self._drain(all_of_them)
        for connection in all_of_them:
            connection.close()

    async def _connect(self) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._answered), self._host, self._port
        )
        return connection

    async def _open_loop(self, rate: float) -> None:
        began, number = time.monotonic(), 0
        while not self._stopped.is_set():
            due = began + number / rate
            if (pause := due - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            number += 1
            if self._free:
                self._send(self._free.popleft(), due)
            else:
                self._waiting.append(due)
            if number % 100 == 0:
                await asyncio.sleep(0)  # catching up must not starve the answers

    async def _drain(self, connections: list[Connection]) -> None:
        deadline = time.monotonic() + DRAIN_LIMIT_S
        while any(connection.busy for connection in connections) or self._waiting:
            if time.monotonic() > deadline:
                self.failures += len(self._waiting) + sum(connection.busy for connection in connections)
                return
            await asyncio.sleep(0.01)

    def _answered(self, connection: Connection, status: int) -> None:
        self.at.append(connection.due)
        self.seconds.append(time.monotonic() - connection.due)
        self.paths.append(connection.path)
        if status != 200:
            self.failures += 1
        if status == 0:
            return
        if self._plan.rate is None:
            self._next(connection)
        elif self._waiting:
            self._send(connection, self._waiting.popleft())
        else:
            self._free.append(connection)

    def _next(self, connection: Connection) -> None:
        if self._plan.requests is not None and self._sent >= self._plan.requests:
            self._stopped.set()
        if not self._stopped.is_set():
            self._send(connection, time.monotonic())

    def _send(self, connection: Connection, due: float) -> None:
        path = self._sent % len(self._requests)
        connection.send(self._requests[path], path, due)
        self._sent += 1


def _precise_loop() -> asyncio.AbstractEventLoop:
    """A loop that waits to the microsecond, as select() does; epoll, and uvloop, know only milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def main() -> None:
    """The command line."""
    values = json.loads(sys.argv[1])
    plan = Plan(**values | {"paths": tuple(values["paths"])})
    generator = Generator(plan)
    if plan.rate is None:
        uvloop.run(generator.run())
    else:
        with asyncio.Runner(loop_factory=_precise_loop) as runner:
            runner.run(generator.run())
    told = {"at": generator.at, "seconds": generator.seconds, "paths": generator.paths}
    Path(sys.argv[2]).write_text(json.dumps({**told, "failures": generator.failures}))


if __name__ == "__main__":
    main()
