"""The real program as a process of its own, started the way a person starts it."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from tests.waiting import eventually, until

LOG_SHOWN = 8000
"""Characters of a program's log that a failed test shows."""
DATABASE = "secantus"
"""In the command line of the embedded database."""
READY = re.compile(r"ready on (http://\S+)")


@dataclass
class Served:
    """A running program with an address."""

    url: str
    process: asyncio.subprocess.Process
    log: Path
    http: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a call; paths that do not begin with ``/`` are below ``/api/v1``."""
        where = path if path.startswith("/") else f"/api/v1/{path}"
        async with self.http.get(self.url + where, timeout=aiohttp.ClientTimeout(total=60)) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post(self, path: str, **kwargs: Any) -> tuple[int, Any]:
        """Status and JSON of a POST below ``/api/v1``."""
        async with self.http.post(f"{self.url}/api/v1/{path}", **kwargs) as answer:
            return answer.status, await answer.json(content_type=None)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; returns the exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(60):
            return await self.process.wait()

    async def settled(self, cycles: int = 1, *, limit_s: float = 240.0) -> dict[str, Any]:
        """The newest cycle, as soon as so many have ended."""
        newest: list[dict[str, Any]] = []

        async def ended() -> bool:
            status, body = await self.get("cycles?limit=50")
            newest[:] = [cycle for cycle in body["cycles"] if cycle["end_time"]] if status == 200 else []
            return len(newest) >= cycles

        await eventually(ended, limit_s=limit_s)
        return newest[0]


def database_of(service: Served) -> str:
    """Where the embedded database of a service listens."""
    for process in psutil.Process(service.process.pid).children(recursive=True):
        if DATABASE in " ".join(process.cmdline()):
            for connection in process.net_connections(kind="tcp4"):
                if connection.status == psutil.CONN_LISTEN:
                    return f"mongodb://127.0.0.1:{connection.laddr.port}/?directConnection=true"
    raise LookupError("no embedded database listens")


def environment(**settings: object) -> dict[str, str]:
    """The variables for a program: this process's without settings, then these (``server__port=0``)."""
    # The machine is busy with other tests, to which a program that yields would yield as well.
    settings = {"scoring__niceness": 0, "storage__embedded_niceness": 0} | settings
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SENTIMENT_")}
    return kept | {f"SENTIMENT_{key.upper()}": str(value) for key, value in settings.items()}


async def run(*arguments: str, env: Mapping[str, str], cwd: Path) -> tuple[int, str, str]:
    """Run a command to its end; returns exit code, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sentiment_service", *arguments),
        env=env,
        cwd=cwd,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(240):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def serving(*arguments: str, env: Mapping[str, str], cwd: Path) -> AsyncIterator[Served]:
    """Start ``serve`` or ``demo-reddit``; stopped at the end, killed if it does not obey."""
    log = cwd / f"{arguments[0]}-{os.urandom(3).hex()}.log"
    with log.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sentiment_service", *arguments),
            env=env,
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        await until(
            lambda: bool(READY.search(log.read_text())) or process.returncode is not None, limit_s=120
        )
        found = READY.search(log.read_text())
        assert found is not None, log.read_text()
        async with aiohttp.ClientSession() as http:
            yield Served(found[1], process, log, http)
    except BaseException as error:
        error.add_note(
            f"{arguments[0]} (exit code {process.returncode}) said:\n{log.read_text()[-LOG_SHOWN:]}"
        )
        raise
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(60):
                    await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
