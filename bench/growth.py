"""What reading costs as the store grows: 10 thousand, 100 thousand and, with ``--full``, a million items.

Each size has a database server and a service of its own; all are up at once and measured in turns, one
request at a time. A call is asked in many variants (windows that differ by an hour, limits that differ by
one): each variant's first answer has to be computed, and the second time around it may come from a cache.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.command import run_alone
from bench.databases import Server, database_server, opened
from bench.figures import Figure, Result, at_most, figure, quantile, ratios
from bench.filling import TOOLS, fill, steps_of
from bench.load import Plan
from bench.loads import load_through
from bench.options import Options, Progress
from bench.programs import Client, environment, lookalike, plain_environment, program, service, usage_of
from sentiment_service.models import utc_now

SETTLE_S = 2.0
VARIANTS = 100
JUDGED = ("/sentiment/stats", "/sentiment/trends")
WANTED = 1.3
UNCACHED_MS = 20.0
"""What the slowest of a hundred first answers may take with :data:`JUDGED_ITEMS`, whatever the call."""
JUDGED_ITEMS = 100_000
ALL_TOOLS = ",".join(TOOLS[:10])


@dataclass(slots=True)
class Size:
    """One size of the store, up and running."""

    items: int
    server: Server
    client: Client
    computed: dict[str, list[list[float]]] = field(default_factory=dict)
    """Seconds of first answers, by call and round."""
    repeated: dict[str, list[list[float]]] = field(default_factory=dict)
    """Seconds of the same requests again."""
    cycles_s: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.items:,} items"


def variants(round_number: int, count: int) -> dict[str, list[str]]:
    """For each call, requests that differ enough not to share an answer, and hardly in what they cost.

    Some limits end at 100, so there are a hundred of each at most over all rounds.
    """
    first = 1 + round_number * count
    numbers = range(first, first + count)
    return {
        "/sentiment/stats": [f"/sentiment/stats?hours={1600 + n}" for n in numbers],
        "/sentiment/trends": [f"/sentiment/trends?hours={1600 + n}&granularity=daily" for n in numbers],
        "/posts/recent": [f"/posts/recent?hours={1600 + n}&limit=100" for n in numbers],
        "/trending": [f"/trending?limit={n}" for n in numbers],
        "/posts/{id}": [f"/posts/t3_b{n}" for n in numbers],
        "/posts/{id}/comments": [f"/posts/t3_b{n}/comments" for n in numbers],
        "/cycles": [f"/cycles?limit={n}" for n in numbers],
        **_of_tools(numbers),
    }


def _of_tools(numbers: range) -> dict[str, list[str]]:
    today = utc_now().date()
    lasts = {n: today - timedelta(days=n // len(TOOLS)) for n in numbers}
    tools = {n: TOOLS[n % len(TOOLS)] for n in numbers}
    return {
        "/tools/{id}/sentiment": [f"/tools/cursor/sentiment?hours={1600 + n}" for n in numbers],
        "/tools/compare of ten": [f"/tools/compare?tool_ids={ALL_TOOLS}&hours={1600 + n}" for n in numbers],
        "/tools/{id}/timeseries of 90 days": [
            f"/tools/{tools[n]}/timeseries?start_date={lasts[n] - timedelta(days=89)}&end_date={lasts[n]}"
            for n in numbers
        ],
        "/tools/last_updated": ["/tools/last_updated" for _ in numbers],
        "/hot-topics": [
            f"/hot-topics?time_range={'7d' if n > 50 else '30d'}&limit={n % 50 + 1}" for n in numbers
        ],
        "/hot-topics/{id}/posts": [
            f"/hot-topics/{tools[n]}/posts?time_range=30d&limit=100&offset={n // len(TOOLS)}" for n in numbers
        ],
        "/posts/recent of a tool": [
            f"/posts/recent?tool_id=cursor&hours={1600 + n}&limit=100" for n in numbers
        ],
        "/sentiment/trends of a tool": [
            f"/sentiment/trends?tool_id=cursor&hours={1600 + n}&granularity=daily" for n in numbers
        ],
    }


async def measure(size: Size, round_number: int, count: int) -> None:
    """Ask every variant of every call once, and once more."""
    for call, paths in variants(round_number, count).items():
        plan = Plan(size.client.program.url, tuple(f"/api/v1{path}" for path in paths), 1, requests=2 * count)
        answers = await load_through(plan)
        if answers.failures:
            raise RuntimeError(f"{answers.failures} requests of {call} failed with {size.name}")
        size.computed.setdefault(call, []).append(answers.seconds[:count])
        size.repeated.setdefault(call, []).append(answers.seconds[count:])


async def run(options: Options, progress: Progress) -> Result:
    """Fill all sizes, measure them in turns, then let each collect."""
    sizes = [int(options.pick(smoke=100, quick=1_000, whole=10_000))]
    sizes.append(int(options.pick(smoke=300, quick=5_000, whole=100_000)))
    if options.full:
        sizes.append(1_000_000)
    count = int(options.pick(smoke=2, quick=20, whole=VARIANTS // options.rounds))
    progress.expect(sum(steps_of(items) for items in sizes) + len(sizes) * (options.rounds + 1))
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        async with AsyncExitStack() as stack:
            up = [await _start(stack, options, Path(where), items, progress) for items in sizes]
            await asyncio.sleep(options.pick(smoke=0.1, quick=SETTLE_S, whole=SETTLE_S))
            for number in range(options.rounds):
                for size in up:
                    progress.step(f"{size.name}, round {number + 1}")
                    await measure(size, number, count)
            for size in up:
                progress.step(f"{size.name}, collecting")
                await _collect(size, options.rounds)
            return _result(up, options)


async def _start(
    stack: AsyncExitStack, options: Options, folder: Path, items: int, progress: Progress
) -> Size:
    server = await stack.enter_async_context(database_server(options, folder / f"data-{items}"))
    name = server.fresh()
    async with opened(server, name) as store:
        await fill(store, items, progress)
    arrivals = options.pick(smoke=60, quick=3000, whole=3000)
    command = lookalike(posts=5, comments=5, latency_ms=0, new_per_minute=arrivals)
    reddit = await stack.enter_async_context(program(*command, env=plain_environment(), cwd=folder))
    env = environment(reddit.url, uri=server.uri, database=name)
    client = await stack.enter_async_context(service("sentiment_service", "serve", env=env, cwd=folder))
    return Size(items, server, client)


async def _collect(size: Size, rounds: int) -> None:
    """Later collections, each with about a second's news; the first brings the time since the filling."""
    await size.client.collect()
    for _ in range(rounds):
        await asyncio.sleep(1.0)
        size.cycles_s.append((await size.client.collect()).seconds)


def _result(sizes: Sequence[Size], options: Options) -> Result:
    least, most = sizes[0], sizes[-1]
    figures = []
    for call in JUDGED:
        above, below = ([quantile(seconds, 0.5) for seconds in size.computed[call]] for size in (most, least))
        # With few items most hours of a rollup are empty, so small sizes say nothing of large ones.
        bound = at_most(WANTED) if options.whole else None
        figures.append(
            figure(f"{call} p50, {most.name} / {least.items:,}", ratios(above, below), "", bound, "computed")
        )
    for size in sizes:
        figures += _of_size(size)
    return Result("growth", tuple(figures))


def _of_size(size: Size) -> list[Figure]:
    figures = []
    for kind, taken in (("computed", size.computed), ("asked again", size.repeated)):
        for call, rounds in taken.items():
            middles = [1000 * quantile(seconds, 0.5) for seconds in rounds]
            tail = 1000 * quantile([taken for seconds in rounds for taken in seconds], 0.99)
            figures.append(figure(f"  {size.name}: {call} p50, {kind}", middles, "ms"))
            judged = kind == "computed" and size.items == JUDGED_ITEMS
            figures.append(
                figure(
                    f"  {size.name}: {call} p99 of all rounds, {kind}",
                    tail,
                    "ms",
                    at_most(UNCACHED_MS) if judged else None,
                )
            )
    held = usage_of(size.client.program.pid).memory_mb
    figures += [
        figure(f"  {size.name}: later cycle", size.cycles_s, "s"),
        figure(f"  {size.name}: memory of the service, scoring included", held, "MB"),
    ]
    if size.server.memory_mb is not None:
        figures.append(figure(f"  {size.name}: memory of the database", size.server.memory_mb, "MB"))
    return figures


if __name__ == "__main__":
    run_alone("growth", run)
