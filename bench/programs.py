"""Programs under measurement, each a process of its own on loopback."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).parents[1]
READY = re.compile(r"ready on (http://\S+)")
TOKEN = "benchmark-token-0123456789"
START_LIMIT_S = 30
STOP_LIMIT_S = 30
COLLECTION_LIMIT_S = 900
POLL_S = 0.05
UNLIMITED = 100_000_000
"""Requests a window: Reddit clients that pace themselves by the rate limit's headers then never pause."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running program that serves HTTP."""

    pid: int
    url: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a program and its children use."""

    cpu_s: float
    memory_mb: float
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True)
class Collected:
    """One collection as seen from outside, on the clock of ``time.monotonic``."""

    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


@asynccontextmanager
async def program(
    *arguments: str, env: dict[str, str], cwd: Path, elsewhere: bool = False
) -> AsyncIterator[Program]:
    """Run ``python -m …`` until the block ends; killed when it does not stop politely.

    :param elsewhere: stands for a program on another machine, and takes no processor from what is measured
        as far as the system can help it.
    :raises RuntimeError: it ended before it was ready; the message has the end of what it said.
    """
    said = cwd / f"{arguments[0]}-{time.monotonic_ns()}.log"
    with said.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments),
            env=env | {"PYTHONPATH": str(ROOT)},
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=sink,
        )
    if elsewhere and hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(process.pid, os.SCHED_IDLE, os.sched_param(0))
    try:
        async with asyncio.timeout(START_LIMIT_S):
            url = await _address(process)
        if url is None:
            words = await asyncio.to_thread(said.read_text)
            raise RuntimeError(f"{' '.join(arguments[:2])} ended before it was ready: {words[-2000:]}")
        yield Program(process.pid, url)
    finally:
        await _stop(process)


async def _address(process: asyncio.subprocess.Process) -> str | None:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := READY.search(line.decode()):
            return found[1]
    return None


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def lookalike(*, posts: int, comments: int, latency_ms: float, new_per_minute: float = 0) -> tuple[str, ...]:
    """The command of a Reddit look-alike with so many posts and comments in each of its 14 subreddits."""
    return (
        *("sentiment_service", "demo-reddit", "--port", "0", "--rate-limit", str(UNLIMITED)),
        *("--posts", str(posts), "--comments", str(comments), "--latency-ms", str(latency_ms)),
        *("--new-per-minute", str(new_per_minute)),
    )


def environment(reddit: str, *, uri: str = "", database: str = "bench", **settings: object) -> dict[str, str]:
    """Variables for a service that reads the look-alike, and collects only when it is told to.

    :param settings: more of them, such as ``storage__data_dir="/tmp/x"``.
    """
    values: dict[str, object] = {
        "reddit__oauth_url": reddit,
        "reddit__reddit_url": reddit,
        "reddit__client_id": "bench",
        "reddit__client_secret": "bench",
        "server__port": 0,
        "admin__token": TOKEN,
        "logging__level": "error",
        "schedule__collect": "0 0 29 2 *",
        "schedule__collect_on_start_seconds": 86400,
        "mongodb__uri": uri,
        "mongodb__database": database,
    }
    return plain_environment() | {
        f"SENTIMENT_{key.upper()}": str(value) for key, value in (values | settings).items()
    }


def plain_environment() -> dict[str, str]:
    """The variables of this process without settings of the service."""
    return {key: value for key, value in os.environ.items() if not key.startswith("SENTIMENT_")}


class Client:
    """Talks to a service, ours or the earlier pattern: both have the same calls.

    :param program: the running service.
    """

    def __init__(self, program: Program, http: aiohttp.ClientSession) -> None:
        self.program = program
        self.api = f"{program.url}/api/v1"
        self._http = http

    async def get(self, path: str) -> Any:
        """JSON of a call; a path that begins with ``/_`` is the measurement's own."""
        where = self.program.url + path if path.startswith("/_") else self.api + path
        async with self._http.get(where) as answer:
            return await answer.json(content_type=None)

    async def body(self, path: str) -> bytes:
        """The bytes of an answer that is not compressed."""
        async with self._http.get(self.api + path, headers={"Accept-Encoding": "identity"}) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def ready(self) -> None:
        """Wait until the service is well.

        :raises RuntimeError: it did not become so; the message has what it said of itself.
        """
        deadline = time.monotonic() + START_LIMIT_S
        while (health := await self.get("/health"))["status"] != "healthy":
            if time.monotonic() > deadline:
                raise RuntimeError(f"the service is not well: {health}")
            await asyncio.sleep(POLL_S)

    async def collect(self) -> Collected:
        """Run one collection to its end."""
        before, began = await self._collections(), time.monotonic()
        await self._trigger()
        async with asyncio.timeout(COLLECTION_LIMIT_S):
            while await self._collections() == before:  # noqa: ASYNC110 - it is elsewhere
                await asyncio.sleep(POLL_S)
        return Collected(began, time.monotonic())

    async def reanalyse(self) -> Collected:
        """Analyse everything that is stored again; it counts from when the job was last seen waiting.

        :raises RuntimeError: the job did not complete.
        """
        headers = {"X-Admin-Token": TOKEN}
        jobs = f"{self.api}/admin/reanalysis/jobs"
        began = time.monotonic()
        async with self._http.post(jobs, headers=headers, json={}) as answer:
            answer.raise_for_status()
            job = (await answer.json())["job_id"]
        async with asyncio.timeout(COLLECTION_LIMIT_S):
            while True:
                looked = time.monotonic()
                async with self._http.get(f"{jobs}/{job}/status", headers=headers) as answer:
                    status = (await answer.json())["status"]
                if status == "queued":
                    began = looked
                elif status != "running":
                    break
                await asyncio.sleep(POLL_S)
        if status != "completed":
            raise RuntimeError(f"the reanalysis is {status}")
        return Collected(began, time.monotonic())

    async def newest_cycle(self) -> dict[str, Any]:
        """The record of the newest collection."""
        cycle: dict[str, Any] = (await self.get("/cycles?limit=1"))["cycles"][0]
        return cycle

    async def _collections(self) -> int:
        done = (await self.get("/health"))["application"]
        return int(done["collections_succeeded"]) + int(done["collections_failed"])

    async def _trigger(self) -> None:
        async with asyncio.timeout(START_LIMIT_S):
            while True:
                headers = {"X-Admin-Token": TOKEN}
                async with self._http.post(f"{self.api}/admin/collect", headers=headers) as answer:
                    if answer.status != 503:
                        answer.raise_for_status()
                        return
                await asyncio.sleep(POLL_S)


@asynccontextmanager
async def service(*arguments: str, env: dict[str, str], cwd: Path) -> AsyncIterator[Client]:
    """A program with our calls, ready to be asked."""
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        program(*arguments, env=env, cwd=cwd) as running,
        aiohttp.ClientSession(timeout=timeout) as http,
    ):
        client = Client(running, http)
        await client.ready()
        yield client


async def requests_made(reddit: str) -> int:
    """Requests that a look-alike has answered so far, those for tokens included."""
    async with aiohttp.ClientSession() as http, http.get(f"{reddit}/_control/stats") as answer:
        return int((await answer.json())["requests"])


def usage_of(pid: int) -> Usage:
    """What a program and everything it started use now."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    times = [member.cpu_times() for member in family]
    return Usage(
        cpu_s=sum(each.user + each.system for each in times),
        memory_mb=sum(member.memory_info().rss for member in family) / 2**20,
        descriptors=process.num_fds(),
        threads=process.num_threads(),
    )
