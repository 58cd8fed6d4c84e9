"""Exports of a hundred thousand rows: how fast they come, and how much memory the service needs meanwhile.

The comments of a filled database are exported in each format, one export at a time, to a client that counts
lines and keeps nothing. Memory is that of the service's own process, looked at every 20 ms.
"""

import asyncio
import contextlib
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from bench.command import run_alone
from bench.databases import database_server, opened
from bench.figures import Figure, Result, at_least, at_most, figure
from bench.filling import COMMENTS_PER_POST, fill, steps_of
from bench.options import Options, Progress
from bench.programs import Client, environment, lookalike, plain_environment, program, service

FORMATS = ("csv", "ndjson")
ROWS_A_SECOND = 5000
GROWTH_MB = 30.0
LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Exported:
    """One export."""

    rows: int
    seconds: float
    growth_mb: float
    """Most memory during it over that before."""


async def run(options: Options, progress: Progress) -> Result:
    """Fill a database, then export it, round by round."""
    rows = int(options.pick(smoke=60, quick=6_000, whole=100_000))
    # Some more: the oldest leave the window while the others are stored.
    items = int(1.02 * rows) * (COMMENTS_PER_POST + 1) // COMMENTS_PER_POST + COMMENTS_PER_POST
    rounds = min(options.rounds, 3)
    progress.expect(steps_of(items) + rounds * len(FORMATS))
    figures: list[Figure] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        client = await _start(stack, options, folder, items, progress)
        done: dict[str, list[Exported]] = {name: [] for name in FORMATS}
        for number in range(rounds):
            for name in FORMATS:
                progress.step(f"{name}, round {number + 1}")
                done[name].append(await _export(client, name))
    for name, exports in done.items():
        speed = [one.rows / one.seconds for one in exports]
        growth = [one.growth_mb for one in exports]
        fast, small = at_least(ROWS_A_SECOND), at_most(GROWTH_MB)
        figures += [
            figure(f"rows a second as {name}", speed, "rows/s", fast if options.whole else None),
            figure(f"growth of memory as {name}", growth, "MB", small if options.whole else None),
            figure(f"  rows as {name}", [one.rows for one in exports], "", at_least(rows)),
        ]
    return Result("export", tuple(figures))


async def _start(
    stack: AsyncExitStack, options: Options, folder: Path, items: int, progress: Progress
) -> Client:
    server = await stack.enter_async_context(database_server(options, folder / "data"))
    name = server.fresh()
    async with opened(server, name) as store:
        await fill(store, items, progress)
    command = lookalike(posts=5, comments=5, latency_ms=0)
    reddit = await stack.enter_async_context(program(*command, env=plain_environment(), cwd=folder))
    env = environment(reddit.url, uri=server.uri, database=name, server__exports_per_minute=0)
    return await stack.enter_async_context(service("sentiment_service", "serve", env=env, cwd=folder))


async def _export(client: Client, name: str) -> Exported:
    process = psutil.Process(client.program.pid)
    before = most = _memory_mb(process)

    async def look() -> None:
        nonlocal most
        while True:
            most = max(most, _memory_mb(process))
            await asyncio.sleep(LOOK_S)

    looking = asyncio.create_task(look())
    began = time.perf_counter()
    lines = await _lines(f"{client.api}/export?kind=comments&format={name}&hours=2160")
    seconds = time.perf_counter() - began
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking
    return Exported(lines - (name == "csv"), seconds, most - before)


async def _lines(url: str) -> int:
    """Lines of a download, whose texts hold no line breaks; not compressed."""
    lines = 0
    timeout = aiohttp.ClientTimeout(total=600)
    async with (
        aiohttp.ClientSession(timeout=timeout, headers={"Accept-Encoding": "identity"}) as http,
        http.get(url) as answer,
    ):
        answer.raise_for_status()
        async for chunk in answer.content.iter_any():
            lines += chunk.count(b"\n")
    return lines


def _memory_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


if __name__ == "__main__":
    run_alone("export", run)
