"""A program run as a child: ready when it says so, stopped politely, gone when its parent is.

A parent that is killed with SIGKILL cannot stop anything. So the program is started by a few lines
of Python that ask the Linux kernel to kill it when its parent dies (``PR_SET_PDEATHSIG``) and then
turn into the program. ``preexec_fn`` would do the same but is unsafe beside threads. On other
systems the program outlives a parent that was killed; its owner has to notice that.
"""

import asyncio
import logging
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sentiment_service.errors import StartupError

logger = logging.getLogger(__name__)

TAIL_LINES = 40
LINE_LENGTH = 2000
DRAIN_SECONDS = 2.0

_LAUNCHER = """
import ctypes, os, signal, sys
parent, hidden, niceness, *program = sys.argv[1:]
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")
if os.getppid() != int(parent):
    raise SystemExit("the parent died while this program was being started")
os.umask(0o077)
os.setpgid(0, 0)
os.nice(int(niceness))
prefixes = tuple(filter(None, hidden.split(",")))
environment = {key: value for key, value in os.environ.items() if not (prefixes and key.startswith(prefixes))}
try:
    os.execvpe(program[0], program, environment)
except OSError as error:
    raise SystemExit(f"{program[0]}: {error.strerror}")
"""


class Child:
    """One run of a program that prints a readiness line.

    The kernel ties the program to the *thread* that starts it: start it from the thread of the
    event loop, which lives as long as the process. The program gets its own process group, so a Ctrl-C
    in the terminal does not reach it before its owner stops it; its files are private (umask 077).
    It stays in its owner's session, since Linux weighs whole sessions against each other (autogroup),
    and niceness only within one.

    :param name: what messages call it.
    :param command: program and arguments.
    :param ready: pattern searched for in every line of both output streams.
    :param start_timeout_s: seconds until it has to be ready.
    :param stop_patience_s: seconds between SIGTERM and SIGKILL.
    :param hidden_environment: variables beginning with one of these are kept from the program.
    :param niceness: how much the program yields to the service, 0 to 19: answering comes before working.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        ready: re.Pattern[str],
        *,
        start_timeout_s: float = 60.0,
        stop_patience_s: float = 15.0,
        hidden_environment: Sequence[str] = (),
        niceness: int = 0,
    ) -> None:
        self._name = name
        self._command = tuple(command)
        self._ready = ready
        self._start_timeout_s = start_timeout_s
        self._stop_patience_s = stop_patience_s
        self._niceness = niceness
        self._hidden = ",".join(hidden_environment)
        self._process: asyncio.subprocess.Process | None = None
        self._output: asyncio.ReadTransport | None = None
        self._drain: asyncio.Task[None] | None = None
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)

    async def start(self) -> re.Match[str]:
        """Start the program and wait until it is ready; returns the match of the readiness line.

        :raises StartupError: it ended or stayed silent; the message holds its last line.
        """
        if self._process is not None:
            raise RuntimeError(f"{self._name} was started before; a child runs once")
        said: asyncio.Future[re.Match[str]] = asyncio.get_running_loop().create_future()
        reader = await self._spawn()
        self._drain = asyncio.create_task(self._read(reader, said), name=f"output of {self._name}")
        try:
            return await self._until_ready(said)
        except BaseException:
            await self._kill()
            raise

    async def stop(self) -> None:
        """Stop it: SIGTERM, patience, SIGKILL. Idempotent."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self._stop_patience_s):
                await self._process.wait()
        except TimeoutError:
            logger.warning("%s did not end within %g s and is killed", self._name, self._stop_patience_s)
        finally:
            await self._kill()

    async def wait(self) -> int:
        """Wait until it has ended by itself or by :meth:`stop`; returns its exit code."""
        if self._process is None:
            raise RuntimeError(f"{self._name} was not started")
        code = await self._process.wait()
        await self._finish_output()
        return code

    @property
    def pid(self) -> int | None:
        """Its process id, once started."""
        return None if self._process is None else self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for a signal; ``None`` while it runs or before it was started."""
        return None if self._process is None else self._process.returncode

    @property
    def tail(self) -> tuple[str, ...]:
        """The last lines it printed on either stream, oldest first."""
        return tuple(self._tail)

    async def _spawn(self) -> asyncio.StreamReader:
        """Start the program with both streams on one pipe of ours.

        With pipes of asyncio's making, waiting for the program would also wait for whoever inherited them.
        """
        read_end, write_end = os.pipe()
        reader = asyncio.StreamReader()
        try:
            self._output, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb", buffering=0)
            )
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", "-c", _LAUNCHER),
                *(str(os.getpid()), self._hidden, str(self._niceness), *self._command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
            )
        except BaseException:
            if self._output is not None:
                self._output.close()
            raise
        finally:
            os.close(write_end)
        return reader

    async def _until_ready(self, said: "asyncio.Future[re.Match[str]]") -> re.Match[str]:
        ended = asyncio.create_task(self.wait(), name=f"end of {self._name}")
        waited: tuple[asyncio.Future[Any], ...] = (said, ended)
        try:
            await asyncio.wait(waited, timeout=self._start_timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if said.done():
                return said.result()
            happened = f"was not ready within {self._start_timeout_s:g} s"
            if ended.done():
                happened = f"ended with code {ended.result()} before it was ready"
            raise StartupError(f"{self._name} {happened}; it last said: {self._last_line()}")
        finally:
            ended.cancel()
            await asyncio.wait({ended})

    def _last_line(self) -> str:
        return next((line.strip() for line in reversed(self._tail) if line.strip()), "nothing")

    async def _read(self, stream: asyncio.StreamReader, said: "asyncio.Future[re.Match[str]]") -> None:
        rest = b""
        while chunk := await stream.read(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-LINE_LENGTH:]
            for line in lines:
                self._take(line, said)
        if rest:
            self._take(rest, said)

    def _take(self, raw: bytes, said: "asyncio.Future[re.Match[str]]") -> None:
        line = raw[:LINE_LENGTH].decode("utf-8", "replace").rstrip()
        self._tail.append(line)
        if not said.done() and (match := self._ready.search(line)):
            said.set_result(match)

    async def _kill(self) -> None:
        process = self._process
        assert process is not None  # noqa: S101 - only called after the start
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await self._finish_output()

    async def _finish_output(self) -> None:
        """Read what it still said; somebody it started may hold the pipe open, so not without limit."""
        if self._drain is None or self._output is None:
            return
        await asyncio.wait({self._drain}, timeout=DRAIN_SECONDS)
        self._drain.cancel()
        await asyncio.wait({self._drain})
        self._output.close()
