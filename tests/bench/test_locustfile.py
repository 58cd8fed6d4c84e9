"""The locust file, used the plain way, on hosts that do badly. Locust runs in a process of its own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bench.programs import ROOT, plain_environment

Cycles = list[dict[str, Any]]
LATER = "2999-01-01T00:00:00Z"


class Host:
    """Answers every call, with a status and cycles of the test's choice."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.cycles: Cycles = []

    async def answer(self, request: web.Request) -> web.Response:
        """The cycles, or something empty."""
        if request.path.endswith("/cycles"):
            return web.json_response({"cycles": self.cycles})
        return web.json_response({}, status=self.status)


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    """One on a free port."""
    serving = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", serving.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    serving.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield serving
    await runner.cleanup()


async def locust(host: Host, folder: Path) -> tuple[int, dict[str, Any]]:
    """Run it for a moment; its exit code and judgement."""
    judgement = folder / "judgement.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "locustfile.py"), "--host", host.url),
        *("--headless", "-u", "4", "-r", "4", "-t", "2s", "--judgement", str(judgement)),
        cwd=folder,
        env=plain_environment(),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(60):
        code = await process.wait()
    return code, json.loads(judgement.read_text())


def cycle(status: str, *errors: str) -> dict[str, Any]:
    """A collection that ended after everything."""
    return {"id": "c", "status": status, "end_time": LATER, "errors": list(errors)}


async def test_a_host_that_does_well_passes(host: Host, tmp_path: Path) -> None:
    host.cycles = [cycle("completed")]
    code, judged = await locust(host, tmp_path)
    assert (code, judged["misses"]) == (0, [])
    assert judged["seconds"]


async def test_server_errors_are_missed_and_so_is_a_collection_that_failed(
    host: Host, tmp_path: Path
) -> None:
    host.status, host.cycles = 503, [cycle("failed", "down")]
    code, judged = await locust(host, tmp_path)
    said = "\n".join(judged["misses"])
    assert code == 1
    assert "answers were 5xx" in said
    assert "failed" in said
    assert "collection c is failed: ['down']" in said
