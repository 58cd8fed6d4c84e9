"""Reads while stored items are analysed again, beside reads while nothing else goes on, at a fixed rate.

A filled database, one service, one load through all rounds. Each round reads a while in quiet, then asks for
a job over everything that is stored and reads until it has ended. Two cores carry the service, the generator,
the database and the scoring process, which wants as much as it gets.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from bench.command import run_alone
from bench.databases import database_server, opened
from bench.figures import Result, at_most, figure, percentiles_text, quantile, ratios
from bench.filling import fill, steps_of
from bench.load import Plan
from bench.loads import Answers, loading
from bench.options import Options, Progress
from bench.programs import Collected, environment, lookalike, plain_environment, program, service
from bench.rates import CALLS, CONNECTIONS, RATE

QUIET_S = 3.0
SETTLE_S = 1.0
"""Seconds after a job before what counts as quiet begins."""


async def run(options: Options, progress: Progress) -> Result:
    """Rounds of quiet and a job."""
    items = int(options.pick(smoke=20, quick=200, whole=2_000))
    rate = options.pick(smoke=50, quick=RATE, whole=RATE)
    progress.expect(steps_of(items) + options.rounds)
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with (
            database_server(options, folder / "data") as server,
            program(
                *lookalike(posts=1, comments=1, latency_ms=0), env=plain_environment(), cwd=folder
            ) as reddit,
        ):
            name = server.fresh()
            async with opened(server, name) as store:
                await fill(store, items, progress)
            env = environment(reddit.url, uri=server.uri, database=name)
            async with (
                service("sentiment_service", "serve", env=env, cwd=folder) as client,
                loading(Plan(client.program.url, CALLS, CONNECTIONS, rate)) as load,
            ):
                quiet: list[Collected] = []
                jobs: list[Collected] = []
                for number in range(options.rounds):
                    progress.step(f"round {number + 1}")
                    await asyncio.sleep(options.pick(smoke=0.1, quick=SETTLE_S, whole=SETTLE_S))
                    began = time.monotonic()
                    await asyncio.sleep(options.pick(smoke=0.3, quick=QUIET_S, whole=QUIET_S))
                    quiet.append(Collected(began, time.monotonic()))
                    jobs.append(await client.reanalyse())
                answers = await load.stop()
    return _result(items, answers, quiet, jobs)


def _result(items: int, answers: Answers, quiet: list[Collected], jobs: list[Collected]) -> Result:
    sides = {
        side: [answers.between(each.began, each.ended).seconds for each in stretches]
        for side, stretches in (("quiet", quiet), ("a job", jobs))
    }
    tails = {side: [1000 * quantile(each, 0.99) for each in rounds] for side, rounds in sides.items()}
    middles = {side: [1000 * quantile(each, 0.5) for each in rounds] for side, rounds in sides.items()}
    pooled = {
        f"{RATE:g}/s, {side}": [taken for each in rounds for taken in each] for side, rounds in sides.items()
    }
    return Result(
        "reanalysis",
        (
            figure(
                f"p99 at {RATE:g} requests/s, while a job runs / quiet",
                ratios(tails["a job"], tails["quiet"]),
                "",
                at_most(2),
            ),
            *(figure(f"  p50, {side}", rounds, "ms") for side, rounds in middles.items()),
            *(figure(f"  p99, {side}", rounds, "ms") for side, rounds in tails.items()),
            figure("  items of a job a second, rests included", [items / each.seconds for each in jobs]),
            figure("failed requests", answers.failures, "", at_most(0)),
        ),
        pooled,
        tuple(f"{name}: {percentiles_text(seconds)}" for name, seconds in pooled.items()),
    )


if __name__ == "__main__":
    run_alone("reanalysis", run)
