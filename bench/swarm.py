"""Fifty locust users while a collection of 14 subreddits, 700 posts and 4,000 comments runs.

Reddit is made slow (see ``LATENCY_MS``), so that the collection lasts through a good part of the load.
Importing locust changes the sockets of the whole process, so it runs in one of its own and is not imported.
"""

import asyncio
import json
import math
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.command import run_alone
from bench.databases import database_server
from bench.figures import Figure, Result, at_least, at_most, figure, quantile
from bench.options import Options, Progress
from bench.programs import Collected, environment, lookalike, plain_environment, program, service

LATENCY_MS = 2400
"""Of a Reddit call: four at a time then make the 100 requests a minute that Reddit allows."""
LOCUST_LIMIT_S = 600


async def swarm(host: str, folder: Path, run_s: int) -> tuple[int, dict[str, Any]]:
    """Run locust; its exit code, and what it judged."""
    judgement = folder / "judgement.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py"))),
        *("--host", host, "--headless", "-t", f"{run_s}s", "--judgement", str(judgement), "--only-summary"),
        env=plain_environment(),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(LOCUST_LIMIT_S):
            code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return code, json.loads(await asyncio.to_thread(judgement.read_text))


async def run(options: Options, progress: Progress) -> Result:
    """One run of the load with one collection in it."""
    posts, comments = (
        int(options.pick(smoke=1, quick=5, whole=50)),
        int(options.pick(smoke=1, quick=28, whole=286)),
    )
    run_s, spawned_s = (
        int(options.pick(smoke=3, quick=15, whole=60)),
        options.pick(smoke=1.5, quick=5, whole=5),
    )
    progress.expect(1)
    command = lookalike(
        posts=posts,
        comments=comments,
        latency_ms=options.pick(smoke=5, quick=LATENCY_MS / 2, whole=LATENCY_MS),
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with (
            database_server(options, folder / "data") as server,
            program(*command, env=plain_environment(), cwd=folder, elsewhere=options.measured) as reddit,
            service(
                *("sentiment_service", "serve"),
                env=environment(reddit.url, uri=server.uri, database=server.fresh()),
                cwd=folder,
            ) as client,
        ):
            progress.step(f"50 users for {run_s} s")
            async with asyncio.TaskGroup() as group:
                load = group.create_task(swarm(client.program.url, folder, run_s))
                await asyncio.sleep(spawned_s)
                collected = await client.collect()
            code, judged = load.result()
    return _result(code, judged, collected)


def _result(code: int, judged: Mapping[str, Any], collected: Collected) -> Result:
    seconds: dict[str, list[float]] = judged["seconds"]
    call, limits = judged["health"], judged["data"]
    health = seconds.get(call["path"], [])
    data: Sequence[list[float]] = [taken for name, taken in seconds.items() if name != call["path"]]
    good = [cycle for cycle in judged["collections"] if cycle["status"] == "completed"]
    figures: list[Figure] = [
        figure("locust: exit code", code, "", at_most(0)),
        figure(
            "locust: slowest health answer",
            max(health, default=math.nan),
            "s",
            at_most(call["slowest_s"]),
        ),
        figure(
            "locust: data calls, worst p95",
            max((quantile(taken, 0.95) for taken in data), default=math.nan),
            "s",
            at_most(limits["p95_s"]),
        ),
        figure(
            "locust: data calls, worst mean",
            max((sum(taken) / len(taken) for taken in data), default=math.nan),
            "s",
            at_most(limits["mean_s"]),
        ),
        figure("locust: collections completed without error", len(good), "", at_least(1)),
        figure("  locust: answers", sum(len(taken) for taken in seconds.values())),
        figure("  locust: the collection took", collected.seconds, "s"),
    ]
    pooled = {f"locust: {name}": taken for name, taken in seconds.items()}
    return Result("locust", tuple(figures), pooled, tuple(judged["misses"]))


if __name__ == "__main__":
    run_alone("locust", run)
