"""Words and addresses of strangers on the page: they neither run nor break it."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bench.browser import loaded
from tests.serving import Served
from tests.web.conftest import shown, watched

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),  # the first waits for the demo, which others on the machine may hold up
]

SCRIPT = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}tpircs\N{LEFT-TO-RIGHT EMBEDDING} \N{ARABIC LETTER ALEF} ]]></style>"
HOSTILE = (
    {"title": SCRIPT, "content": SCRIPT, "author": "<b>x</b>"},
    {"title": "W" * 300, "content": "W" * 40_000},
    {"title": OVERRIDE, "content": f"{OVERRIDE} " * 800, "permalink": "javascript:document.title='run'"},
    {"title": "\x00\x1f\ud800 = not XML", "content": "", "permalink": "https://www.reddit.com.example/x"},
    {"title": "data", "content": "```\n" * 5000, "permalink": "data:text/html,<script>1</script>"},
)


async def replace(page: Page, pattern: str, change: Any) -> None:
    """Serve answers of the API changed by a function."""

    async def handle(route: Route) -> None:
        answer = await route.fetch()
        # Half a character has no form in UTF-8; escaped it reaches the page as it would in JSON.
        await route.fulfill(response=answer, body=json.dumps(change(await answer.json())))

    await page.route(re.compile(pattern), handle)


async def test_hostile_posts_are_shown_as_text_and_fit(page: Page) -> None:
    def change(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [post | hostile for post, hostile in zip(posts, HOSTILE, strict=False)]

    await replace(page, "/posts/recent", change)
    await page.set_viewport_size({"width": 360, "height": 800})
    await shown(page, "#/posts?hours=720")
    posts = page.get_by_role("region", name="Recent posts").get_by_role("article")
    await expect(posts).to_have_count(len(HOSTILE))
    await expect(posts.first.get_by_role("heading")).to_have_text(SCRIPT)
    assert await page.title() == "Posts · Sentiment"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.querySelectorAll('main script, main img, main b.x').length") == 0
    targets = await page.locator("main a[target]").evaluate_all("all => all.map(each => each.href)")
    assert len(targets) == 2  # the two whose addresses were left as they are
    assert all(each.startswith("https://www.reddit.com/r/") for each in targets)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save “Recent posts” as PNG").click()
    assert (await (await download.value).path()).read_bytes().startswith(b"\x89PNG")


async def test_a_spreadsheet_runs_nothing_of_what_was_saved(page: Page) -> None:
    def change(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [posts[0] | {"title": '=cmd|"/c calc"!A1', "author": "@x"}]

    await replace(page, "/posts/recent", change)
    await shown(page, "#/posts?hours=720")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save “Recent posts” as CSV").click()
    saved = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    assert '''"'=cmd|""/c calc""!A1"''' in saved
    assert ",'@x," in saved


async def test_a_hostile_topic_is_shown_as_text(page: Page) -> None:
    def change(topics: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [topic | {"topic": SCRIPT, "keywords": [SCRIPT, "W" * 500]} for topic in topics[:1]]

    await replace(page, "/trending", change)
    await page.set_viewport_size({"width": 360, "height": 800})
    await shown(page, "#/topics")
    trending = page.get_by_role("region", name="Trending")
    await expect(trending.get_by_role("heading", level=3)).to_have_text(SCRIPT)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("#/nonsense?x=1", "There is no page called “nonsense”"),
        ("#/overview?hours=9999999&sort=<script>", "“hours=9999999” in the address means nothing here"),
        ("#/overview?from=2026-13-45&to=x", "“from=2026-13-45” in the address means nothing here"),
        ("#/compare?tools=cursor,no-such-tool,%00", "in the address means nothing here"),
        ("#/course?subreddits=nowhere", "The subreddit “nowhere” is not watched"),
        ("#/posts?post=../../admin", "“post=../../admin” in the address means nothing here"),
        ("#/status?%ff=%ff", "is not known"),
    ],
)
async def test_nonsense_in_an_address_falls_back_with_a_note(page: Page, address: str, told: str) -> None:
    await shown(page, address)
    await expect(page.locator(".note").first).to_contain_text(told)
    await expect(page.locator(".state.failed")).to_have_count(0)
    notes = await page.locator(".note").count()
    await page.get_by_role("button", name="Dismiss").first.click()
    await expect(page.locator(".note")).to_have_count(notes - 1)


async def test_a_failure_says_why_and_can_be_tried_again(browser: Browser, service: Served) -> None:
    page, watch = await watched(browser, service.url)
    watch.expected = ("503", "422")
    problem = {"title": "Service Unavailable", "status": 503, "detail": "The database cannot be reached."}

    async def refuse(route: Route) -> None:
        kind = "application/problem+json"
        headers = {"Retry-After": "7"}
        await route.fulfill(status=503, content_type=kind, body=json.dumps(problem), headers=headers)

    await page.route(re.compile("/api/v1/overview"), refuse)
    await page.goto("/#/overview")
    failed = page.get_by_role("region", name="Tools").get_by_role("alert")
    await expect(failed).to_contain_text("The database cannot be reached. It asks to wait 7 s.")
    await page.unroute(re.compile("/api/v1/overview"))
    await failed.get_by_role("button", name="Try again").click()
    await loaded(page)
    await expect(page.get_by_role("region", name="Tools").get_by_role("article").first).to_be_visible()
    await page.context.close()
    assert watch.found == []
