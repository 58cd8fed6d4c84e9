"""Ours beside the earlier pattern: same look-alike, same database server, same content, in turns.

The look-alike's rate limit is set so high that PRAW's limiter, which spreads requests over Reddit's
window, never pauses: both sides go as fast as answers come. By its formula, Reddit's own limit of 1,000 in
ten minutes would add pauses of 20 s (half of the window over) to 320 s (window just begun) to the 715
requests of the whole content. With ``--quick`` the content is too small to judge ratios: ours pays for its
listings whatever they hold, the earlier pattern for every post.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.command import run_alone
from bench.databases import Server, database_server
from bench.figures import Figure, Result, at_least, at_most, figure, percentiles_text, quantile, ratios
from bench.instrumented import READINGS
from bench.load import Plan
from bench.loads import Answers, loading
from bench.options import Options, Progress
from bench.programs import (
    Client,
    environment,
    lookalike,
    plain_environment,
    program,
    requests_made,
    service,
    usage_of,
)

SIDES = ("earlier", "ours")
HEALTH, STATS = "/api/v1/health", "/api/v1/sentiment/stats?hours=24"
HEALTH_RATE, STATS_RATE = 40.0, 10.0
"""Requests a second, so few that reading does not slow collecting: the earlier pattern counts its items
anew for every answer."""
AFTERWARDS_S = 1.0
"""Time after a collection in which what it set off, such as trending, still counts for stalls."""


@dataclass(frozen=True, slots=True)
class Round:
    """One side, once."""

    cycle_s: float
    requests: int
    cpu_s: float
    memory_mb: float
    stall_ms: float
    stall_cpu_ms: float
    latencies: dict[str, list[float]]
    """Seconds, by ``health idle``, ``health collecting``, ``stats idle`` and ``stats collecting``."""
    failures: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What both sides stand on."""

    reddit: str
    server: Server
    posts: int
    folder: Path
    idle_s: float

    def start(self, side: str) -> AbstractAsyncContextManager[Client]:
        """One side on an empty database."""
        name = self.server.fresh()
        if side == "ours":
            env = environment(self.reddit, uri=self.server.uri, database=name)
            return service("bench.instrumented", env=env, cwd=self.folder)
        given = (self.reddit, self.server.uri, name, str(self.posts))
        return service("bench.baseline", *given, env=plain_environment(), cwd=self.folder)


async def measure(ground: Ground, side: str) -> Round:
    """A collection into an empty database, watched, then the same reads while nothing happens."""
    async with ground.start(side) as client:
        url, pid = client.program.url, client.program.pid
        health, stats = Plan(url, (HEALTH,), rate=HEALTH_RATE), Plan(url, (STATS,), rate=STATS_RATE)
        async with loading(health) as first, loading(stats) as second:
            await asyncio.sleep(1.0)
            await client.get(READINGS)
            before, asked = usage_of(pid), await requests_made(ground.reddit)
            collected = await client.collect()
            after, asked = usage_of(pid), await requests_made(ground.reddit) - asked
            await asyncio.sleep(AFTERWARDS_S)
            stalls = await client.get(READINGS)
            await asyncio.sleep(ground.idle_s)
            seen = {"health": await first.stop(), "stats": await second.stop()}
    return Round(
        cycle_s=collected.seconds,
        requests=asked,
        cpu_s=after.cpu_s - before.cpu_s,
        memory_mb=after.memory_mb,
        stall_ms=stalls["stall_ms"],
        stall_cpu_ms=stalls["stall_cpu_ms"],
        latencies=_split(seen, collected.began, collected.ended),
        failures=sum(each.failures for each in seen.values()),
    )


def _split(seen: dict[str, Answers], began: float, ended: float) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for call, answers in seen.items():
        found[f"{call} collecting"] = answers.between(began, ended).seconds
        found[f"{call} idle"] = answers.between(ended + AFTERWARDS_S, float("inf")).seconds
    return found


async def run(options: Options, progress: Progress) -> Result:
    """Rounds of both sides in turns."""
    posts = int(options.pick(smoke=1, quick=2, whole=50))
    comments = int(options.pick(smoke=1, quick=11, whole=286))
    progress.expect(2 * options.rounds)
    rounds: dict[str, list[Round]] = {side: [] for side in SIDES}
    reddit = lookalike(posts=posts, comments=comments, latency_ms=options.pick(smoke=5, quick=150, whole=150))
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with (
            database_server(options, folder / "data") as server,
            program(*reddit, env=plain_environment(), cwd=folder, elsewhere=options.measured) as running,
        ):
            ground = Ground(running.url, server, posts, folder, options.pick(smoke=0.3, quick=1, whole=2))
            for number in range(options.rounds):
                for side in SIDES:
                    progress.step(f"{side}, round {number + 1}")
                    rounds[side].append(await measure(ground, side))
    return _result(
        rounds, f"14 subreddits, {14 * posts} posts, {14 * comments:,} comments, 150 ms a call", options
    )


def _result(rounds: dict[str, list[Round]], content: str, options: Options) -> Result:
    earlier, ours = rounds["earlier"], rounds["ours"]
    figures = [
        figure(
            "cycle time, earlier pattern / ours",
            ratios([one.cycle_s for one in earlier], [one.cycle_s for one in ours]),
            "×",
            at_least(20) if options.whole else None,
            content,
        ),
        figure(
            "API requests of a cycle, ours / earlier pattern",
            ratios([one.requests for one in ours], [one.requests for one in earlier]),
            "",
            at_most(0.1) if options.whole else None,
            content,
        ),
        figure("longest loop stall during a cycle", [one.stall_ms for one in ours], "ms", at_most(20)),
    ]
    for side, measured in rounds.items():
        figures += _of_side(side, measured)
    pooled = {
        f"{side}: {call}": [taken for one in measured for taken in one.latencies[call]]
        for side, measured in rounds.items()
        for call in measured[0].latencies
    }
    notes = tuple(f"{name}: {percentiles_text(seconds)}" for name, seconds in pooled.items())
    return Result("baseline", tuple(figures), pooled, notes)


def _of_side(side: str, measured: Sequence[Round]) -> list[Figure]:
    figures = [
        figure(f"  {side}: cycle time", [one.cycle_s for one in measured], "s"),
        figure(f"  {side}: API requests", [one.requests for one in measured]),
        figure(f"  {side}: CPU of a cycle", [one.cpu_s for one in measured], "s"),
        figure(f"  {side}: memory, scoring included", [one.memory_mb for one in measured], "MB"),
        figure(f"  {side}: longest stall", [one.stall_ms for one in measured], "ms"),
        figure(
            f"  {side}: most processor time between two turns",
            [one.stall_cpu_ms for one in measured],
            "ms",
        ),
        figure(f"  {side}: failed reads", [one.failures for one in measured]),
    ]
    for call in measured[0].latencies:
        for share, name in ((0.5, "p50"), (0.99, "p99"), (1.0, "max")):
            values = [1000 * quantile(one.latencies[call], share) for one in measured]
            figures.append(figure(f"  {side}: {call} {name}", values, "ms"))
    return figures


if __name__ == "__main__":
    run_alone("baseline", run)
