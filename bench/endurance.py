"""Fifty collections back to back: what the service holds at the end against after the fifth."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.command import run_alone
from bench.databases import database_server
from bench.figures import Result, at_most, figure
from bench.instrumented import READINGS
from bench.options import Options, Progress
from bench.programs import Client, environment, lookalike, plain_environment, program, service, usage_of

FIRST = 5
SETTLE_S = 1.5
LOOKS = 5


@dataclass(frozen=True, slots=True)
class Held:
    """What a service holds while nothing happens."""

    memory_mb: float
    descriptors: int
    threads: int
    tasks: int


async def look(client: Client, settle_s: float) -> Held:
    """The least of a few looks: what is there always, not what happens to be under way."""
    await asyncio.sleep(settle_s)
    seen: list[Held] = []
    for _ in range(LOOKS):
        used, inside = usage_of(client.program.pid), await client.get(READINGS)
        seen.append(Held(used.memory_mb, used.descriptors, used.threads, inside["tasks"]))
        await asyncio.sleep(0.2)
    return Held(
        memory_mb=min(one.memory_mb for one in seen),
        descriptors=min(one.descriptors for one in seen),
        threads=min(one.threads for one in seen),
        tasks=min(one.tasks for one in seen),
    )


async def run(options: Options, progress: Progress) -> Result:
    """All cycles, with new content arriving all the time."""
    cycles = int(options.pick(smoke=FIRST + 1, quick=10, whole=50))
    progress.expect(cycles)
    settle_s = options.pick(smoke=0.1, quick=SETTLE_S, whole=SETTLE_S)
    taken: list[float] = []
    posts = int(options.pick(smoke=2, quick=50, whole=50))
    # To see that it works, not more may arrive than a busy machine can take in.
    arrivals = options.pick(smoke=60, quick=6000, whole=6000)
    command = lookalike(posts=posts, comments=5 * posts, latency_ms=0, new_per_minute=arrivals)
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with (
            database_server(options, folder / "data") as server,
            program(*command, env=plain_environment(), cwd=folder) as reddit,
            service(
                "bench.instrumented",
                env=environment(reddit.url, uri=server.uri, database=server.fresh()),
                cwd=folder,
            ) as client,
        ):
            early = await look(client, settle_s)
            for number in range(1, cycles + 1):
                progress.step(f"cycle {number}")
                taken.append((await client.collect()).seconds)
                if number == FIRST:
                    early = await look(client, settle_s)
            late = await look(client, settle_s)
            newest = await client.newest_cycle()
    growth = 100 * (late.memory_mb / early.memory_mb - 1)
    between = f"{cycles - FIRST} cycles"
    return Result(
        "endurance",
        (
            figure("growth of memory", growth, "%", at_most(5), between),
            figure("growth of descriptors", late.descriptors - early.descriptors, "", at_most(0), between),
            figure("growth of tasks", late.tasks - early.tasks, "", at_most(0), between),
            figure("growth of threads", late.threads - early.threads, "", at_most(0), between),
            figure("  memory at the end, scoring included", late.memory_mb, "MB"),
            figure("  descriptors at the end", late.descriptors),
            figure("  tasks at the end", late.tasks),
            figure("  threads at the end", late.threads),
            figure("  cycle time", taken, "s"),
            figure("  errors of the last cycle", len(newest["errors"])),
        ),
    )


if __name__ == "__main__":
    run_alone("endurance", run)
