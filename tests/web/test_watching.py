"""What changes while a page is open, and how little an open page costs."""

import re
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Browser, Page, Request, expect

from bench.browser import loaded
from tests.serving import Served
from tests.waiting import eventually
from tests.web.conftest import shown, watched
from tests.web.test_admin import unlocked

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),  # the first waits for the demo, which others on the machine may hold up
]

BLOCKED = "windsurf"
"""The subreddit that is shut; the tests after the one that shuts it find it blocked."""
LOOKED_MS = 5_000


async def totals(service: Served) -> dict[str, int]:
    """Posts and comments of a week, by subreddit."""
    _, body = await service.get("overview?hours=168")
    return {each["id"]: each["statistics"]["total"] for each in body["subreddits"]}


async def test_the_whole_of_it_can_be_reached_with_the_keyboard(page: Page) -> None:
    await shown(page, "#/overview")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent") == "30 d":
            break
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("hours=720"))
    await loaded(page)
    await expect(page.get_by_role("button", name="30 d")).to_be_focused()
    card = page.get_by_role("link", name="Cursor: over time", exact=True)
    await card.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Over time")
    await expect(page.locator("main")).to_be_focused()
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


async def test_the_colours_stay_as_the_reader_chose_them(page: Page) -> None:
    await shown(page, "#/overview")
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    button = page.get_by_role("button", name=re.compile("Colours: "))
    await button.click()
    await button.click()
    await expect(button).to_have_text("☾ Dark")
    await page.reload()
    await loaded(page)
    await expect(button).to_have_text("☾ Dark")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != light


async def test_what_is_saved_is_what_is_shown(page: Page, service: Served) -> None:
    await shown(page, "#/overview?hours=168&sort=worst")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save “Subreddits” as CSV").click()
    lines = (await (await download.value).path()).read_text(encoding="utf-8-sig").splitlines()
    names = await page.get_by_role("region", name="Subreddits").locator("article h3").all_inner_texts()
    assert [f"r/{line.split(',')[0]}" for line in lines[1:]] == names
    async with page.expect_download() as picture:
        await page.get_by_role("button", name="Save “Subreddits” as PNG").click()
    assert len((await (await picture.value).path()).read_bytes()) > 10_000


async def test_a_collection_is_watched_and_changes_the_numbers(
    browser: Browser, page: Page, service: Served, reddit: str
) -> None:
    """One collection: its progress, the new numbers, and the source that has meanwhile been shut."""
    await shown(page, "#/overview?hours=168")
    before = await totals(service)
    async with aiohttp.ClientSession() as http:
        shut = {"name": BLOCKED, "access": "private"}
        async with http.post(f"{reddit}/_control/subreddits", json=shut) as answer:
            assert answer.status == 200
        slow = {"latency_ms": 200}
        async with http.post(f"{reddit}/_control/faults", json=slow) as answer:
            assert answer.status == 200
    admin, watch = await watched(browser, service.url)
    watch.expected = ("409",)
    await unlocked(admin, "work")

    async def grown() -> bool:
        # What comes in a minute is invented by chance; it is collected until something came.
        await admin.get_by_role("button", name="Collect now", exact=True).click()
        await expect(admin.get_by_role("region", name="Collection")).to_contain_text(
            re.compile("Collection (completed|partial)")
        )
        return await totals(service) != before

    await eventually(grown, pause_s=2)
    for name, total in (await totals(service)).items():
        card = page.locator("article.card", has=page.get_by_role("link", name=f"r/{name}: over time"))
        await expect(card).to_contain_text(f"{total:,} posts and comments")
    alarm = page.locator("#alarms")
    await expect(alarm).to_contain_text("A source is blocked")
    await expect(alarm).to_contain_text(f"r/{BLOCKED} is private")
    await admin.context.close()
    assert watch.found == []


async def test_a_blocked_source_cannot_be_overlooked(page: Page) -> None:
    for address in ("#/overview", "#/posts"):
        await shown(page, address)
        await expect(page.locator("#alarms").get_by_role("alert")).to_contain_text(f"r/{BLOCKED} is private")
    await shown(page, "#/status")
    first = page.get_by_role("group", name="Sources").locator("tbody tr").first
    await expect(first).to_contain_text(f"r/{BLOCKED}")
    await expect(first).to_contain_text("blocked: private")
    trust = page.get_by_role("region", name="Whether the data can be trusted")
    await expect(trust).to_contain_text("With care: 1 of 4 sources")


async def test_an_open_page_asks_less_than_once_a_second(page: Page) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(urlsplit(request.url).path)

    await shown(page, "#/overview")
    page.on("request", note)
    await page.wait_for_timeout(LOOKED_MS)
    assert len(asked) < LOOKED_MS / 1000


async def test_a_lost_connection_is_told_and_comes_back(browser: Browser, service: Served) -> None:
    page, watch = await watched(browser, service.url)
    watch.expected = ("net::ERR", "502")
    await page.route(re.compile("/api/v1/events"), lambda route: route.fulfill(status=502))
    await page.goto("/#/overview")
    await expect(page.get_by_text("Connection lost")).to_be_visible()
    await page.unroute(re.compile("/api/v1/events"))
    await page.get_by_role("button", name="Try now").click()
    await expect(page.get_by_text("Connection lost")).to_have_count(0)
    await expect(page.locator("#live")).to_have_text("Live")
    await page.context.close()
    assert watch.found == []
