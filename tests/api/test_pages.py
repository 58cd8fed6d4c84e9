"""The dashboard's page and files, as a browser gets them."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sentiment_service.api.context import Context
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.pages import setup_pages
from sentiment_service.api.protection import PAGE_POLICY
from sentiment_service.api.setup import setup_api
from tests.api.conftest import Client

PAGE_WEIGHT_BYTES = 100_000
POLICY = "Content-Security-Policy"


@pytest_asyncio.fixture
async def pages(away: Context) -> AsyncIterator[Client]:
    """A client of a service with its dashboard."""
    app = web.Application()
    setup_api(app, away, RequestMeter())
    setup_pages(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def files_of(client: Client) -> list[str]:
    """Addresses of all files that the page names, each once."""
    async with client.get("/") as answer:
        return sorted(set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', await answer.text())))


def imported(path: str, script: str) -> Iterator[str]:
    """Addresses of the modules that a script imports."""
    for name in re.findall(r'^import [^;]*?from "([^"]+)";', script, re.MULTILINE):
        folder = path.rpartition("/")[0]
        while name.startswith(("./", "../")):
            up, _, name = name.partition("/")
            folder = folder.rpartition("/")[0] if up == ".." else folder
        yield f"{folder}/{name}"


@pytest.mark.parametrize("path", ["/", "/api/v1/docs"])
async def test_a_page_that_was_not_changed_keeps_its_policy(pages: Client, path: str) -> None:
    async with pages.get(path) as first:
        assert first.status == 200
        assert first.headers[POLICY] == PAGE_POLICY
    async with pages.get(path, headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert again.status == 304
        assert again.headers[POLICY] == PAGE_POLICY


async def test_the_page_names_every_script_so_that_all_come_at_once(pages: Client) -> None:
    files = await files_of(pages)
    scripts = [path for path in files if path.endswith(".js")]
    assert len(scripts) > 10
    for path in scripts:
        async with pages.get(path) as answer:
            assert set(imported(path, await answer.text())) <= set(scripts)


async def test_files_are_kept_for_ever_and_weigh_little(pages: Client) -> None:
    weight = 0
    for path in ["/", *await files_of(pages)]:
        async with pages.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Encoding"] == "gzip"
            kept = "no-cache" if path == "/" else "public, max-age=31536000, immutable"
            assert answer.headers["Cache-Control"] == kept
            weight += int(answer.headers["Content-Length"])
    assert weight < PAGE_WEIGHT_BYTES


@pytest.mark.parametrize("path", ["nothing/scripts/main.js", "../config.py", "docs.css", "index.html"])
async def test_nothing_else_is_served(pages: Client, path: str) -> None:
    async with pages.get(f"/assets/{path}") as answer:
        assert answer.status == 404
