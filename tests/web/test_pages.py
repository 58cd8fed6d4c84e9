"""Every page with the demo's data: it is filled, accessible, and fits from phones to wide screens."""

import re

import pytest
from playwright.async_api import Page, expect

from bench.browser import loaded
from tests.serving import Served
from tests.web.conftest import shown, violations

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),  # the first waits for the demo, which others on the machine may hold up
]

PAGES = {
    "overview": "#/overview",
    "course": "#/course?subreddits=Cursor,ClaudeAI&tools=cursor&hours=720&by=daily",
    "compare": "#/compare?tools=cursor,claude-code,windsurf&hours=336",
    "topics": "#/topics",
    "posts": "#/posts?hours=168",
    "status": "#/status",
    "admin": "#/admin",
}
WIDTHS = (360, 900, 1600)


@pytest.mark.parametrize("name", PAGES)
async def test_it_is_filled_accessible_and_as_wide_as_the_screen(page: Page, name: str) -> None:
    await shown(page, PAGES[name])
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        await loaded(page)
        # Charts are drawn anew a moment after the window has another width.
        await page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.locator(".state.failed, .note")).to_have_count(0)
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page, "color-contrast") == []


async def test_the_planted_events_are_seen_at_one_glance(page: Page) -> None:
    await shown(page, "#/overview?hours=216")
    for name in ("r/Cursor", "r/windsurf"):
        card = page.locator("article.card", has=page.get_by_role("link", name=f"{name}: over time"))
        await expect(card.locator(".figure")).to_have_attribute("data-sign", "negative")
        await expect(card).to_contain_text("clearly down")
    news = page.get_by_role("region", name="What changed")
    await expect(news.get_by_role("link", name="r/Cursor")).to_be_visible()
    hot = page.get_by_role("region", name="Hot right now")
    await expect(hot.get_by_role("listitem")).not_to_have_count(0)


async def test_the_order_of_the_cards_is_the_chosen_one(page: Page) -> None:
    await shown(page, "#/overview?hours=720")
    await page.get_by_label("Order").select_option("worst")
    await expect(page).to_have_url(re.compile("sort=worst"))
    await loaded(page)
    figures = await page.get_by_role("region", name="Subreddits").locator(".figure").all_inner_texts()
    values = [float(text.split(",")[0].replace("\N{MINUS SIGN}", "-")) for text in figures]
    assert len(values) == 4
    assert values == sorted(values)


async def test_whether_the_data_can_be_trusted_is_on_every_page(page: Page) -> None:
    for address in PAGES.values():
        await page.goto(f"/{address}")
        trust = page.get_by_role("region", name="Whether the data can be trusted")
        await expect(trust).to_contain_text("Yes")
        await expect(trust).to_contain_text("4 of 4")


async def test_a_point_leads_to_what_is_behind_it(page: Page) -> None:
    await shown(page, "#/course?subreddits=Cursor&hours=336&by=daily")
    chart = page.get_by_role("slider")
    await chart.focus()
    for key in ("End", "ArrowLeft", "ArrowLeft"):
        await page.keyboard.press(key)
    await expect(chart).to_have_attribute("aria-valuetext", re.compile(r"r/Cursor, .*items"))
    await page.keyboard.press("Enter")
    behind = page.get_by_role("region", name="Behind the point: r/Cursor")
    await expect(behind.get_by_role("article")).to_have_count(20)
    await expect(behind.get_by_role("article").first).to_contain_text("r/Cursor")
    await behind.get_by_role("button", name="Show more").click()
    await expect(behind.get_by_role("article")).not_to_have_count(20)
    address = page.url
    await page.goto("about:blank")
    await page.goto(address)
    await expect(behind.get_by_role("article")).to_have_count(20)


async def test_what_moved_a_tool_is_told_with_examples(page: Page) -> None:
    await shown(page, "#/course?tools=claude-code,cursor&hours=336")
    await expect(page.get_by_role("region", name="What moved Claude Code")).to_be_visible()
    choice = page.get_by_label("Tool", exact=True)
    await choice.focus()
    await choice.select_option("cursor")
    await expect(page).to_have_url(re.compile("moved=cursor"))
    await expect(choice).to_be_focused()
    moved = page.get_by_role("region", name="What moved Cursor")
    pricing = moved.get_by_role("listitem").filter(has_text="“pricing”").first
    await pricing.get_by_text("Examples").click()
    link = pricing.get_by_role("link").first
    await expect(link).to_have_attribute("href", re.compile(r"^https://www\.reddit\.com/r/"))


async def test_a_click_and_a_hover_find_the_nearest_point(page: Page) -> None:
    await shown(page, "#/course?subreddits=Cursor,ClaudeAI&hours=336&by=daily")
    chart = page.get_by_role("slider")
    await chart.hover(position={"x": 500, "y": 120})
    await expect(page.locator(".tip")).to_contain_text("UTC")
    await expect(page.locator(".tip")).to_contain_text(re.compile(r"r/ClaudeAI.*items"))
    await chart.click(position={"x": 500, "y": 120})
    await expect(page.get_by_role("heading", name="Behind the point")).to_be_visible()


async def test_a_chart_says_the_same_as_a_table(page: Page, service: Served) -> None:
    await shown(page, "#/course?subreddits=Cursor&hours=336&by=daily")
    await page.get_by_text("Show as a table").click()
    rows = page.get_by_role("region", name="as a table").locator("tbody tr")
    _, told = await service.get("sentiment/trends?subreddit=Cursor&hours=336&granularity=daily")
    await expect(rows).to_have_count(len(told["trend_data"]))
    await expect(rows.nth(2)).to_contain_text(str(told["trend_data"][-3]["total"]))


async def test_filters_and_search_narrow_the_posts(page: Page) -> None:
    await shown(page, "#/posts?hours=720")
    await page.get_by_role("button", name="▼ Negative").click()
    await page.get_by_label("Subreddit").select_option("Cursor")
    await expect(page).to_have_url(re.compile("subreddit=Cursor.*sentiment=negative"))
    await loaded(page)
    posts = page.get_by_role("region", name="Recent posts").get_by_role("article")
    await expect(posts).to_have_count(20)
    for text in await posts.all_inner_texts():
        assert "r/Cursor" in text
        assert "negative" in text
    await page.get_by_role("button", name="Load more").click()
    await expect(posts).to_have_count(40)
    await page.get_by_label("Search").fill("pricing")
    await page.get_by_role("button", name="Search").click()
    found = page.get_by_role("region", name="Posts with “pricing”").get_by_role("article")
    await expect(found.first).to_contain_text(re.compile("pricing", re.IGNORECASE))


async def test_a_post_is_shown_with_its_comments(page: Page, service: Served) -> None:
    _, posts = await service.get("posts/recent?hours=720&limit=200")
    post = max(posts, key=lambda each: each["comment_count"])
    await shown(page, f"#/posts?post={post['id']}")
    await expect(page.get_by_role("heading", name=post["title"])).to_be_visible()
    comments = page.get_by_role("region", name="Comments").get_by_role("article")
    _, stored = await service.get(f"posts/{post['id']}/comments?limit=50")
    await expect(comments).to_have_count(len(stored["comments"]))
    link = page.get_by_role("link", name="Reddit ↗")
    await expect(link).to_have_attribute("href", post["permalink"])
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


async def test_tools_are_compared_and_told_whether_it_means_anything(page: Page) -> None:
    await shown(page, "#/compare?hours=336")
    await expect(page.get_by_text("Choose two tools")).to_be_visible()
    for name in ("Claude Code", "Cursor"):
        await page.get_by_role("group", name="Tools").get_by_role("button", name=name, exact=True).click()
    await expect(page).to_have_url(re.compile("tools=claude-code,cursor"))
    await loaded(page)
    result = page.get_by_role("region", name="Who is ahead")
    await expect(result).to_contain_text("Claude Code is ahead of Cursor")
    await expect(result).to_contain_text("more than chance")
    await expect(result.get_by_role("row")).to_have_count(2)


async def test_hot_topics_lead_to_example_posts_on_reddit(page: Page) -> None:
    await shown(page, "#/topics?range=7d")
    hot = page.get_by_role("region", name="Hot topics")
    await hot.get_by_text("Posts about Cursor").click()
    link = hot.get_by_role("region", name="Posts about Cursor").get_by_role("link").first
    await expect(link).to_have_attribute("href", re.compile(r"^https://www\.reddit\.com/r/"))
    trending = page.get_by_role("region", name="Trending")
    await expect(trending.get_by_role("listitem").first).to_contain_text("reactions an hour")
