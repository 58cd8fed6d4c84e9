"""A browser, a service to look at, and pages that tolerate no error, violation or foreign request."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psutil
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Request, expect

from bench.browser import CHROMIUM, chromium, loaded
from tests.serving import Served, environment, serving
from tests.waiting import eventually

INSTALLED = CHROMIUM.exists()
IN_CI = bool(os.environ.get("CI"))
TOKEN = "a-token-of-sixteen-characters"
PATIENCE_MS = 30_000
"""Limit of every wait: for what hangs, not for what is slow."""
WATCHED = "Cursor,ClaudeAI,windsurf,GithubCopilot"
"""Fewer subreddits than usual, and fewer items of each, so that the first collection takes a moment."""
FIRST_RUN_ITEMS = 600
NEVER = "0 0 1 1 *"

expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; without it there is nothing to test with, which CI does not accept."""
    if not INSTALLED:
        if IN_CI:
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"needs Debian's Chromium at {CHROMIUM}")
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Served]:
    """The demo after its first collection."""
    env = environment(
        admin__token=TOKEN,
        reddit__subreddits=WATCHED,
        reddit__first_run_items=FIRST_RUN_ITEMS,
        schedule__collect=NEVER,
        schedule__refresh=NEVER,
        schedule__proposals=NEVER,
        schedule__collect_on_start_seconds=0.5,
        reanalysis__automatic="false",
        reanalysis__rest=0,
        storage__data_dir=tmp_path_factory.mktemp("data"),
    )
    where = tmp_path_factory.mktemp("demo")
    async with serving("serve", "--demo", "--port", "0", env=env, cwd=where) as served:
        await served.settled()

        async def trending() -> bool:
            return bool((await served.get("trending"))[1])

        await eventually(trending)
        yield served


@pytest.fixture(scope="session")
def reddit(service: Served) -> str:
    """Address of the look-alike that the demo has started."""
    for child in psutil.Process(service.process.pid).children():
        if "demo-reddit" in child.cmdline():
            (socket,) = [each for each in child.net_connections() if each.status == psutil.CONN_LISTEN]
            return f"http://127.0.0.1:{socket.laddr.port}"
    raise AssertionError("the demo has no look-alike")


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


async def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, or against some rules only."""
    kinds = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = await Axe().run(page, options={"runOnly": list(rules) or kinds})
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found.response["violations"]
        for node in each["nodes"][:3]
    ]
