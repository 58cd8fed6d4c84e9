"""The load generator against a small server."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bench.load import Plan
from bench.loads import load_through, loading
from tests.waiting import until

RATE = 200.0
IDLE_S = 1.0
"""Seconds after which the server closes a connection that nobody uses."""


class Server:
    """Counts requests; holds them while it is shut."""

    def __init__(self) -> None:
        self.url = ""
        self.paths: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def answer(self, request: web.Request) -> web.Response:
        """Something, as soon as it is open."""
        self.paths.append(request.path)
        await self.open.wait()
        return web.Response(body=b"x" * 100_000, status=500 if request.path == "/broken" else 200)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """One on a free port."""
    serving = Server()
    app = web.Application()
    app.router.add_get("/{path}", serving.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, keepalive_timeout=IDLE_S)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    serving.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield serving
    serving.open.set()
    await runner.cleanup()


async def test_a_closed_loop_asks_for_the_paths_in_turns_and_ends_by_itself(server: Server) -> None:
    answers = await load_through(Plan(server.url, ("/a", "/b"), connections=1, requests=5))
    assert server.paths == ["/a", "/b", "/a", "/b", "/a"]
    assert len(answers.seconds) == 5
    assert answers.failures == 0


async def test_other_answers_than_200_are_failures(server: Server) -> None:
    answers = await load_through(Plan(server.url, ("/fine", "/broken"), connections=1, requests=4))
    assert answers.failures == 2


async def test_a_fixed_rate_goes_on_whatever_becomes_of_the_answers(server: Server) -> None:
    server.open.clear()
    async with loading(Plan(server.url, ("/a",), rate=RATE)) as load:
        await until(lambda: len(server.paths) >= 60)
        assert not server.open.is_set()
        server.open.set()
        answers = await load.stop()
    due = sorted(answers.at)
    gaps = [later - earlier for earlier, later in itertools.pairwise(due)]
    assert answers.failures == 0
    assert len(due) >= 60
    assert all(gap == pytest.approx(1 / RATE, rel=1e-3) for gap in gaps)


async def test_a_fixed_rate_uses_its_connections_in_turns_so_that_none_is_closed_for_idling(
    server: Server,
) -> None:
    server.open.clear()
    async with loading(Plan(server.url, ("/a",), rate=RATE)) as load:
        await until(lambda: len(server.paths) >= 50)  # each on a connection of its own
        server.open.set()
        await until(lambda: len(server.paths) >= 50 + 2 * IDLE_S * RATE)
        server.open.clear()
        held = len(server.paths)
        await until(lambda: len(server.paths) >= held + 30)
        server.open.set()
        answers = await load.stop()
    assert answers.failures == 0


async def test_answers_can_be_cut_to_a_stretch_of_time(server: Server) -> None:
    answers = await load_through(Plan(server.url, ("/a",), connections=2, requests=10))
    start, end = min(answers.at), max(answers.at)
    assert len(answers.between(start, end).seconds) < len(answers.seconds)
    assert answers.between(end + 1, end + 2).at == []
    last = max(at + taken for at, taken in zip(answers.at, answers.seconds, strict=True))
    length = last + 1 - start
    assert answers.rate(start, last + 1) == pytest.approx(len(answers.at) / length)
