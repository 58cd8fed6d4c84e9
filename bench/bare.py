"""Cached reads against the limit: the same bytes from an empty aiohttp handler.

``python -m bench.bare serve FILE`` is that handler, in a process of its own with the service's server
settings: uvloop, no access log. Both sides get the same load of 8 connections, in turns.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import uvloop
from aiohttp import web

from bench.command import run_alone
from bench.databases import database_server
from bench.figures import Figure, Result, at_least, figure, ratios
from bench.instrumented import serve
from bench.load import Plan
from bench.loads import load_for
from bench.options import Options, Progress
from bench.programs import Client, environment, lookalike, plain_environment, program, service

CALLS = {
    "/sentiment/stats": "/sentiment/stats?hours=24",
    "/sentiment/trends": "/sentiment/trends?hours=168",
    "/posts/recent": "/posts/recent?limit=100",
    "/trending": "/trending?limit=20",
}
WARM_S = 0.3


def bare_application(body: bytes) -> web.Application:
    """An application that answers everything with these bytes."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/", handle)
    return app


async def throughput(url: str, path: str, seconds: float) -> float:
    """Answers a second over 8 connections, the warming up left out; at least until one has come."""
    rate = 0.0
    while not rate:
        answers = await load_for(Plan(url, (path,)), seconds + WARM_S)
        if answers.failures or not answers.at:
            raise RuntimeError(f"{answers.failures} requests of {url}{path} failed")
        began = answers.at[0] + WARM_S
        rate = answers.rate(began, began + seconds)
        seconds *= 2
    return rate


async def run(options: Options, progress: Progress) -> Result:
    """Both sides in turns, call by call."""
    progress.expect(1 + len(CALLS) * options.rounds)
    posts = int(options.pick(smoke=2, quick=50, whole=50))
    seconds = options.pick(smoke=0.6, quick=0.6, whole=1.5)
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        folder = Path(where)
        async with (
            database_server(options, folder / "data") as server,
            program(
                *lookalike(posts=posts, comments=5 * posts, latency_ms=0), env=plain_environment(), cwd=folder
            ) as reddit,
            service(
                *("sentiment_service", "serve"),
                env=environment(reddit.url, uri=server.uri, database=server.fresh()),
                cwd=folder,
            ) as client,
        ):
            progress.step("collecting")
            await client.collect()
            await asyncio.sleep(2.0)  # what a collection sets off ends
            figures: list[Figure] = []
            for name, path in CALLS.items():
                figures += await _compare(client, name, path, folder, options.rounds, seconds, progress)
    return Result("bare", tuple(sorted(figures, key=lambda each: each.wanted is None)))


async def _compare(
    client: Client, name: str, path: str, folder: Path, rounds: int, seconds: float, progress: Progress
) -> list[Figure]:
    body = await client.body(path)
    copy = folder / "body"
    await asyncio.to_thread(copy.write_bytes, body)
    ours: list[float] = []
    bare: list[float] = []
    async with program("bench.bare", "serve", str(copy), env=plain_environment(), cwd=folder) as empty:
        for number in range(rounds):
            progress.step(f"{name}, round {number + 1}")
            bare.append(await throughput(empty.url, "/", seconds))
            ours.append(await throughput(client.program.url, f"/api/v1{path}", seconds))
    size = f"{len(body) / 1024:.1f} KB"
    return [
        figure(f"cached {name} / bare aiohttp, same bytes", ratios(ours, bare), "", at_least(0.7), size),
        figure(f"  {name}: ours", ours, "requests/s"),
        figure(f"  {name}: bare aiohttp", bare, "requests/s"),
    ]


def main() -> None:
    """The command line: the empty handler, or the whole part."""
    if sys.argv[1:2] == ["serve"]:
        uvloop.run(serve(bare_application(Path(sys.argv[2]).read_bytes())))
    else:
        run_alone("bare", run)


if __name__ == "__main__":
    main()
