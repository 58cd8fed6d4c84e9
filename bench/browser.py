"""Debian's Chromium, and the demo as it looks in it."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, async_playwright, expect

from bench.programs import COLLECTION_LIMIT_S, POLL_S, TOKEN, Client, plain_environment, program

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 60_000


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield browser
        await browser.close()


@asynccontextmanager
async def demo(**settings: object) -> AsyncIterator[Client]:
    """``serve --demo`` after its first collection, with topics."""
    with tempfile.TemporaryDirectory(prefix="bench-") as where:
        values = {
            "admin__token": TOKEN,
            "storage__data_dir": Path(where) / "data",
            "schedule__collect_on_start_seconds": 1,
            "logging__level": "error",
            # The machine may be busy: what yields would not be ready in time.
            "scoring__niceness": 0,
            "storage__embedded_niceness": 0,
        } | settings
        env = plain_environment() | {f"SENTIMENT_{key.upper()}": str(each) for key, each in values.items()}
        command = ("sentiment_service", "serve", "--demo", "--port", "0")
        async with program(*command, env=env, cwd=Path(where)) as running, aiohttp.ClientSession() as http:
            client = Client(running, http)
            await client.ready()
            async with asyncio.timeout(COLLECTION_LIMIT_S):
                while not await _has_topics(client):  # noqa: ASYNC110 - it is elsewhere
                    await asyncio.sleep(POLL_S)
            yield client


async def _has_topics(client: Client) -> bool:
    """Whether the first collection has ended: topics are the last that comes of it."""
    answer = await client.get("/trending")
    return isinstance(answer, list) and bool(answer)


async def loaded(page: Page) -> None:
    """Wait until everything on a page of the dashboard is there."""
    await expect(page.locator("main h1")).to_have_count(1, timeout=PATIENCE_MS)
    await expect(page.locator("[aria-busy], .bones")).to_have_count(0, timeout=PATIENCE_MS)


async def shown(page: Page, home: str, address: str) -> None:
    """Go to an address of the dashboard, and wait for it."""
    await page.goto(f"{home}/{address}")
    await loaded(page)


def slug(text: str) -> str:
    """A text as a part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
