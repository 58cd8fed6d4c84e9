"""A browser, a service to look at, and a page that tolerates no error, no violation and no foreign request."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

from tests.serving import Served, environment, serving
from tests.waiting import eventually

CHROMIUM = Path("/usr/bin/chromium")
IN_CI = bool(os.environ.get("CI"))
TOKEN = "a-token-of-sixteen-characters"
PATIENCE_MS = 60_000
"""Limit of every wait: for what hangs, not for what is slow."""
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
WATCHED = "Cursor,ClaudeAI,windsurf,GithubCopilot"
"""Fewer subreddits than usual, so that the first collection takes a moment."""

expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; without it there is nothing to test with, which CI does not accept."""
    if not CHROMIUM.exists():
        if IN_CI:
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"needs Debian's Chromium at {CHROMIUM}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Served]:
    """The demo after its first collection."""
    env = environment(
        admin__token=TOKEN,
        reddit__subreddits=WATCHED,
        schedule__collect_on_start_seconds=0.5,
        storage__data_dir=tmp_path_factory.mktemp("data"),
    )
    where = tmp_path_factory.mktemp("demo")
    async with serving("serve", "--demo", "--port", "0", env=env, cwd=where) as served:
        await served.settled()

        async def trending() -> bool:
            return bool((await served.get("trending"))[1])

        await eventually(trending)
        yield served


@dataclass
class Watch:
    """What went wrong on a page."""

    home: str
    found: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """Parts of messages that a test provokes."""

    def console(self, message: ConsoleMessage) -> None:
        """Errors, violations of the Content-Security-Policy among them."""
        if message.type == "error" and not any(part in message.text for part in self.expected):
            self.found.append(f"console: {message.text}")

    def crash(self, error: Exception) -> None:
        """An exception that nobody caught."""
        self.found.append(f"exception: {error}")

    def request(self, request: Request) -> None:
        """A request that leaves the service."""
        if urlsplit(request.url).netloc not in ("", self.home):
            self.found.append(f"foreign request: {request.url}")


async def watched(browser: Browser, home: str, **options: object) -> tuple[Page, Watch]:
    """A page of its own context, and what goes wrong on it."""
    context = await browser.new_context(base_url=home, **options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    watch = Watch(urlsplit(home).netloc)
    page.on("console", watch.console)
    page.on("pageerror", watch.crash)
    page.on("request", watch.request)
    return page, watch


@pytest_asyncio.fixture(loop_scope="session")
async def watch(browser: Browser, service: Served) -> AsyncIterator[tuple[Page, Watch]]:
    """A page that shows the demo, with what goes wrong on it; nothing may."""
    page, watch = await watched(browser, service.url, viewport={"width": 1280, "height": 900})
    yield page, watch
    await page.context.close()
    assert watch.found == []


@pytest.fixture
def page(watch: tuple[Page, Watch]) -> Page:
    """The page alone."""
    return watch[0]


async def shown(page: Page, address: str) -> None:
    """Go to an address of the dashboard and wait until everything on it is loaded."""
    await page.goto(f"/{address}")
    await loaded(page)


async def loaded(page: Page) -> None:
    """Wait until every panel is loaded."""
    await expect(page.locator("main h1")).to_have_count(1)
    await expect(page.locator("[aria-busy], .bones")).to_have_count(0)
