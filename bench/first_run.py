"""The first run, as a newcomer meets it: ``python -m bench first-run``.

Starts the Reddit look-alike (28,000 items, 20 ms a call) and the service with an embedded database of its
own, all on loopback, and reports how soon it answers, how long the first collection takes, what a later one
costs and what memory it holds. Not part of ``python -m bench`` without a name: how reads fare beside a
collection is measured better elsewhere.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from bench.command import run_alone
from bench.figures import Result, at_least, at_most, figure
from bench.options import Options, Progress
from bench.programs import Client, environment, lookalike, plain_environment, program

ARRIVALS_PER_MINUTE = 1500
"""Fast, so that half a minute stands for half an hour; the overlap is switched off for the same reason."""


async def run(options: Options, progress: Progress) -> Result:
    """Start, collect, wait, collect."""
    posts = comments = int(options.pick(smoke=5, quick=100, whole=1000))
    arrivals = options.pick(smoke=60, quick=ARRIVALS_PER_MINUTE, whole=ARRIVALS_PER_MINUTE)
    command = lookalike(posts=posts, comments=comments, latency_ms=20, new_per_minute=arrivals)
    progress.expect(2)
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with program(*command, env=plain_environment(), cwd=folder) as reddit:
            settings = {"storage__data_dir": str(folder / "data"), "reddit__overlap_minutes": "0"}
            settings["storage__embedded_niceness"] = str(options.niceness)
            env = environment(reddit.url, uri=options.mongodb_uri, **settings)
            began = time.perf_counter()
            async with (
                program("sentiment_service", "serve", env=env, cwd=folder) as running,
                aiohttp.ClientSession() as http,
            ):
                client = Client(running, http)
                await client.get("/health")
                first_answer_s = time.perf_counter() - began
                await client.ready()
                items, pause_s = 14 * (posts + comments), options.pick(smoke=0.1, quick=5, whole=40)
                return await _collections(client, first_answer_s, items, pause_s, progress)


async def _collections(
    client: Client, first_answer_s: float, items: int, pause_s: float, progress: Progress
) -> Result:
    progress.step("first collection")
    took = await client.collect()
    first = await client.newest_cycle()
    came = first["posts_collected"] + first["comments_collected"]
    # The first collection read one subreddit after the other for longer than the overlap, which is none here;
    # the next one brings them together again, as any does within an overlap of minutes.
    await client.collect()
    await asyncio.sleep(pause_s)
    progress.step("later collection")
    await client.collect()
    later = await client.newest_cycle()
    memory_mb = psutil.Process(client.program.pid).memory_info().rss / 2**20
    share = 1000 * later["api_requests"] / max(1, later["items_new"])
    return Result(
        "first-run",
        (
            figure("first answer of /health after the start", first_answer_s, "s", at_most(3)),
            figure("first collection", took.seconds, "s", at_most(60), f"{items:,} items"),
            figure("  items collected, of those there are", came / items, "", at_least(0.9)),
            figure("  items a second", came / took.seconds),
            figure("  API requests", first["api_requests"]),
            figure("later collection: requests per 1,000 new items", share, "", at_most(15)),
            figure("memory of the service's own process", memory_mb, "MB", at_most(250)),
        ),
    )


if __name__ == "__main__":
    run_alone("first-run", run)
