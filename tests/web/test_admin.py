"""The admin page: nothing without the token, and with it everything that can be administered."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bench.browser import loaded
from sentiment_service.models import utc_now
from sentiment_service.store.proposals import Figures
from sentiment_service.store.tool_edits import create
from tests.faults.site import store_at
from tests.serving import Served, database_of
from tests.store.test_tools import tool
from tests.web.conftest import TOKEN, shown, violations, watched

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),  # the first waits for the demo, which others on the machine may hold up
]


async def unlocked(page: Page, tab: str = "tools") -> None:
    """Show a part of the admin page; the token is given once a browser context."""
    await page.goto(f"/#/admin?tab={tab}")
    field = page.get_by_label("Admin token")
    await expect(field.or_(page.get_by_role("button", name="Forget the token"))).to_be_visible()
    if await field.is_visible():
        await field.fill(TOKEN)
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Forget the token")).to_be_visible()
    await loaded(page)


def row(page: Page, name: str) -> Locator:
    """The line of a tool."""
    return page.get_by_role("row").filter(
        has=page.locator("td:first-child", has_text=re.compile(f"^{name}$"))
    )


async def filled(page: Page, **values: str) -> None:
    """Fill fields of the open dialog, by the beginnings of their labels."""
    dialog = page.get_by_role("dialog")
    for label, value in values.items():
        await dialog.get_by_label(re.compile(label.replace("_", " "))).fill(value)


async def found(page: Page, name: str) -> None:
    """Show the lines of tools with this in their names."""
    await page.get_by_label("Search").fill(name)
    await page.keyboard.press("Enter")
    await expect(page.locator("[aria-busy]")).to_have_count(0)


async def test_a_wrong_token_is_refused_and_the_right_one_leaves_with_the_tab(
    browser: Browser, service: Served
) -> None:
    page, watch = await watched(browser, service.url)
    watch.expected = ("401",)
    await shown(page, "#/admin")
    await page.get_by_label("Admin token").fill("not-the-token-at-all")
    await page.get_by_role("button", name="Unlock").click()
    await expect(page.get_by_role("alert").filter(has_text="token")).to_be_visible()
    assert await page.evaluate("sessionStorage.length") == 0
    await unlocked(page)
    await expect(row(page, "Cursor")).to_be_visible()
    assert await page.evaluate("Object.values(localStorage)") == []
    assert TOKEN not in page.url
    other = await page.context.new_page()
    await other.goto(f"{service.url}/#/admin")
    await expect(other.get_by_label("Admin token")).to_be_visible()
    await page.get_by_role("button", name="Forget the token").click()
    await expect(page.get_by_label("Admin token")).to_be_visible()
    assert await page.evaluate("sessionStorage.length") == 0
    await page.context.close()
    assert watch.found == []


async def test_a_tool_is_made_changed_linked_merged_and_archived(page: Page) -> None:
    await unlocked(page)
    await page.get_by_role("button", name="Add a tool").click()
    assert await violations(page) == []
    await filled(page, Name="Warp", Vendor="Warp Inc", Categories="terminal", Also_written="Warp Terminal")
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await found(page, "Warp")
    await expect(row(page, "Warp")).to_contain_text("Warp Terminal")
    await row(page, "Warp").get_by_role("button", name="Edit").click()
    await filled(page, Also_written="Warp Terminal, Warp CLI")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(row(page, "Warp")).to_contain_text("Warp CLI")
    await row(page, "Warp").get_by_role("button", name="Alias…").click()
    await page.get_by_role("dialog").get_by_label("As an alias of").select_option("zed")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(row(page, "Warp")).to_contain_text("counts for zed")
    await row(page, "Warp").get_by_role("button", name="Alias…").click()
    await page.get_by_role("dialog").get_by_label("As an alias of").select_option("")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(row(page, "Warp")).not_to_contain_text("counts for zed")
    await row(page, "Warp").get_by_role("button", name="Archive").click()
    await expect(row(page, "Warp")).to_contain_text("archived")
    await row(page, "Warp").get_by_role("button", name="Unarchive").click()
    await expect(row(page, "Warp")).to_contain_text("active")
    await found(page, "Zed")
    await row(page, "Zed").get_by_role("button", name="Merge").click()
    await page.get_by_role("dialog").get_by_label("Tools that end here").select_option("warp")
    await filled(page, Why="one of them is enough")
    await page.get_by_role("dialog").get_by_role("button", name="Merge").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await found(page, "Warp")
    await expect(row(page, "Warp")).to_contain_text("merged into zed")


async def test_a_refused_change_is_told_in_the_dialog(browser: Browser, service: Served) -> None:
    page, watch = await watched(browser, service.url)
    watch.expected = ("409",)
    await unlocked(page)
    await page.get_by_role("button", name="Add a tool").click()
    await filled(page, Name="Cursor", Vendor="Somebody", Categories="editor")
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Cursor")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.context.close()
    assert watch.found == []


async def test_who_changed_what_is_listed(page: Page, service: Served) -> None:
    headers = {"X-Admin-Token": TOKEN}
    for action in ("archive", "unarchive"):
        status, _ = await service.post(f"admin/tools/tabnine/{action}", headers=headers)
        assert status == 200
    await unlocked(page, "audit")
    await page.get_by_label("Tool").select_option("tabnine")
    records = page.get_by_role("group", name="Audit log").locator("tbody tr")
    await expect(records).to_have_count(2)
    await expect(records.first).to_contain_text("unarchive")
    await expect(records.first).to_contain_text("status: archived → active")


async def propose(service: Served, *names: str) -> None:
    """Leave pending tools as the search for names does, which runs for too long to be waited for here."""
    now = utc_now()
    async with store_at(database_of(service), "sentiment_service") as store:
        figures = {}
        for name in names:
            make = partial(create, tool=replace(tool(name), status="pending"), action="proposed")
            change = await store.tool_changes.commit(make, by="tests")
            figures[change.tool.id] = Figures(61, now - timedelta(days=3), (), (name,))
        await store.proposals.save(figures)


async def test_names_that_wait_are_approved_or_rejected(page: Page, service: Served) -> None:
    await unlocked(page, "pending")
    waiting = page.get_by_role("region", name="Pending approvals")
    await expect(waiting).to_contain_text("Nothing waits")
    await propose(service, "Frobnicator", "Quuxlet")
    await page.reload()
    await expect(waiting.get_by_role("article")).to_have_count(2)
    await expect(waiting.get_by_role("article").first).to_contain_text("61 mentions in 7 days")
    await page.get_by_role("button", name="approve Frobnicator").click()
    await expect(waiting.get_by_role("article")).to_have_count(1)
    await page.get_by_role("button", name="reject Quuxlet").click()
    await expect(waiting).to_contain_text("Nothing waits")
    _, active = await service.get("tools")
    assert {"frobnicator", "quuxlet"} & {each["id"] for each in active["tools"]} == {"frobnicator"}
    await unlocked(page, "tools")
    await found(page, "Quuxlet")
    await expect(row(page, "Quuxlet")).to_contain_text("rejected")


async def test_a_reanalysis_shows_its_progress_and_can_be_cancelled(page: Page) -> None:
    await unlocked(page, "work")
    jobs = page.get_by_role("region", name="Reanalysis")
    today = f"{utc_now():%Y-%m-%d}"
    for size, begins, ended in (("1", "", "cancelled"), ("1000", today, "completed")):
        await jobs.get_by_role("button", name="Start a job").click()
        await filled(page, Items_at_a_time=size, From=begins)
        await page.get_by_role("dialog").get_by_role("button", name="Start").click()
        newest = jobs.locator("tbody tr").first
        if ended == "cancelled":  # one with all items at once may be over before it is shown
            await expect(newest.get_by_role("progressbar")).to_be_visible()
            await newest.get_by_role("button", name="Cancel").click()
        await expect(newest).to_contain_text(ended)
    await expect(newest).to_contain_text("100 %")
    await expect(page.locator(".panel .panel-body")).to_have_count(2)
    for name in ("Collect now", "Reanalysis"):
        for kind in ("CSV", "PNG"):
            await expect(page.get_by_role("button", name=f"Save “{name}” as {kind}")).to_be_enabled()


async def test_what_was_erased_leaves_a_receipt(page: Page, service: Served) -> None:
    _, posts = await service.get("posts/recent?hours=720&limit=1")
    author = posts[0]["author"]
    await unlocked(page, "deletions")
    await page.get_by_label("Account").fill(author)
    await page.get_by_role("button", name="Erase…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    await expect(page.get_by_text("erased.")).to_be_visible()
    await expect(page.get_by_role("group", name="Deletions").locator("tbody tr")).not_to_have_count(0)
    await expect(page.get_by_role("group", name="What was erased").locator("tbody tr")).not_to_have_count(0)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save “Erase what one person wrote” as CSV").click()
    saved = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    assert f",{posts[0]['id']},post," in saved
    assert author not in saved
    status, _ = await service.get(f"posts/{posts[0]['id']}")
    assert status == 404
