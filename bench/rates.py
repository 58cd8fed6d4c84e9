"""Reads while collecting beside reads while idle: as fast as answers come, and at a fixed rate.

Each measurement starts the service on an empty database, reads through a first collection of 14 subreddits at
150 ms a Reddit call, and goes on reading when it is over: so both sides read the same data from the same
process. The generator runs in a process of its own. Two cores carry the service, the generator, the database
and the scoring process; the look-alike, which stands for a machine elsewhere, takes only what they leave.

At the fixed rate 700 posts and 4,000 comments are collected. The closed loop runs twice, over all read calls
and over the figures of a window alone: these come from memory, so nothing but the processor bounds them. A
collection rests for most of such a load (``schedule.give_way_seconds``), so that it has only 70 posts and 400
comments there: its rests are in proportion to its work, and so a measurement takes half a minute.
"""

import asyncio
import math
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.command import run_alone
from bench.databases import Server, database_server
from bench.figures import Figure, Result, at_least, at_most, figure, percentiles_text, quantile, ratios
from bench.load import Plan
from bench.loads import Answers, loading
from bench.options import Options, Progress
from bench.programs import environment, lookalike, plain_environment, program, service

STATS = "/api/v1/sentiment/stats?hours=24"
CALLS = (
    STATS,
    "/api/v1/sentiment/trends?hours=168",
    "/api/v1/posts/recent?limit=20",
    "/api/v1/trending?limit=20",
    "/api/v1/subreddits",
)
CONNECTIONS, RATE = 8, 500.0
WARM_S, SETTLE_S = 0.5, 1.5
"""Seconds before a collection, and after it before what counts as idle begins."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of load."""

    name: str
    paths: tuple[str, ...]
    rate: float | None
    content: int
    """Posts in each subreddit, for the whole benchmark."""

    def posts(self, options: Options) -> int:
        """Posts in each subreddit."""
        return int(options.pick(smoke=2, quick=min(4, self.content), whole=self.content))

    def comments(self, options: Options) -> int:
        """Comments in each subreddit."""
        return math.ceil(self.posts(options) * 5.7)


ALL, ALONE, FIXED = (
    Kind("all read calls", CALLS, None, 5),
    Kind("/sentiment/stats alone", (STATS,), None, 5),
    Kind(f"{RATE:g} requests/s", CALLS, RATE, 50),
)


@dataclass(slots=True)
class Seen:
    """What one kind of load saw, round by round."""

    collecting: list[Answers] = field(default_factory=list)
    idle: list[Answers] = field(default_factory=list)
    rates: list[tuple[float, float]] = field(default_factory=list)
    """Answers a second while collecting and while idle."""
    cycles_s: list[float] = field(default_factory=list)


async def measure(reddit: str, server: Server, folder: Path, kind: Kind, idle_s: float, seen: Seen) -> None:
    """A load through a collection and beyond."""
    env = environment(reddit, uri=server.uri, database=server.fresh())
    async with (
        service("sentiment_service", "serve", env=env, cwd=folder) as client,
        loading(Plan(client.program.url, kind.paths, CONNECTIONS, kind.rate)) as load,
    ):
        await asyncio.sleep(WARM_S)
        cycle = await client.collect()
        await asyncio.sleep(min(SETTLE_S, idle_s))
        quiet = time.monotonic(), time.monotonic() + idle_s
        await asyncio.sleep(idle_s)
        answers = await load.stop()
    seen.cycles_s.append(cycle.seconds)
    seen.collecting.append(answers.between(cycle.began, cycle.ended))
    seen.idle.append(answers.between(*quiet))
    seen.rates.append((answers.rate(cycle.began, cycle.ended), answers.rate(*quiet)))


async def run(options: Options, progress: Progress) -> Result:
    """Rounds of all kinds of load in turns."""
    kinds = (ALL, ALONE, FIXED)
    progress.expect(len(kinds) * options.rounds)
    seen = {kind: Seen() for kind in kinds}
    latency_ms = options.pick(smoke=10, quick=150, whole=150)
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(database_server(options, folder / "data"))
            reddits: dict[Kind, str] = {}
            for kind in kinds:
                command = lookalike(
                    posts=kind.posts(options), comments=kind.comments(options), latency_ms=latency_ms
                )
                started = program(*command, env=plain_environment(), cwd=folder, elsewhere=options.measured)
                reddits[kind] = (await stack.enter_async_context(started)).url
            for number in range(options.rounds):
                for kind in kinds:
                    progress.step(f"{kind.name}, round {number + 1}")
                    idle_s = options.pick(smoke=0.3, quick=1.5, whole=3)
                    await measure(reddits[kind], server, folder, kind, idle_s, seen[kind])
    return _result(seen[ALL], seen[ALONE], seen[FIXED])


def _result(everything: Seen, alone: Seen, fixed: Seen) -> Result:
    busy, quiet = _tails(fixed.collecting), _tails(fixed.idle)
    figures = [
        *_closed(ALL, everything),
        *_closed(ALONE, alone),
        figure(
            f"p99 at {RATE:g} requests/s, collecting / idle", ratios(busy, quiet), "", at_most(2), "all calls"
        ),
        figure(f"  p99 at {RATE:g}/s, collecting", busy, "ms"),
        figure(f"  p99 at {RATE:g}/s, idle", quiet, "ms"),
    ]
    for number, path in enumerate(CALLS):
        name = path.removeprefix("/api/v1").partition("?")[0]
        for side, answers in (("collecting", fixed.collecting), ("idle", fixed.idle)):
            values = [1000 * quantile(each.of(number), 0.99) for each in answers]
            figures.append(figure(f"  p99 at {RATE:g}/s, {side}: {name}", values, "ms"))
    cycles = {kind.name: each.cycles_s for kind, each in ((ALL, everything), (ALONE, alone), (FIXED, fixed))}
    failures = sum(each.failures for seen in (everything, alone, fixed) for each in seen.idle)
    figures += [
        *(figure(f"  cycle time, {name}", seconds, "s") for name, seconds in cycles.items()),
        figure("failed requests", failures, "", at_most(0)),
    ]
    pooled = {
        f"{RATE:g}/s, {side}": [taken for each in answers for taken in each.seconds]
        for side, answers in (("collecting", fixed.collecting), ("idle", fixed.idle))
    }
    notes = tuple(f"{name}: {percentiles_text(seconds)}" for name, seconds in pooled.items())
    return Result("latency", tuple(figures), pooled, notes)


def _closed(kind: Kind, seen: Seen) -> list[Figure]:
    busy, quiet = [one for one, _ in seen.rates], [other for _, other in seen.rates]
    name = f"read throughput, collecting / idle, {CONNECTIONS} connections"
    return [
        figure(name, ratios(busy, quiet), "", at_least(0.85), kind.name),
        figure(f"  {kind.name}, collecting", busy, "requests/s"),
        figure(f"  {kind.name}, idle", quiet, "requests/s"),
    ]


def _tails(rounds: Sequence[Answers]) -> list[float]:
    return [1000 * quantile(each.seconds, 0.99) for each in rounds]


if __name__ == "__main__":
    run_alone("latency", run)
