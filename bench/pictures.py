"""Pictures of the dashboard: ``python -m bench.pictures [FOLDER [ADDRESS]]``.

Photographs every page in both themes and three widths into the folder (``bench/results-pictures`` by
default), and the few that the README shows, small, into ``.pictures``. Starts the demo for it, or takes the
service at an address, whose admin page is photographed unlocked when ``SENTIMENT_ADMIN__TOKEN`` is set.
"""

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Literal, get_args

from PIL import Image
from playwright.async_api import Browser, Page

from bench.browser import chromium, demo, loaded, shown
from bench.programs import ROOT, TOKEN

USUAL = ROOT / "bench" / "results-pictures"
KEPT = ROOT / ".pictures"
COLOURS = 64
"""Enough for a page of few colours, and a third of the bytes."""
HEIGHT = 900
WIDTHS = (360, 900, 1600)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
PAGES = {
    "overview": "#/overview",
    "course": "#/course?tools=cursor,claude-code&hours=720&by=daily",
    "compare": "#/compare?tools=cursor,claude-code,windsurf&hours=168",
    "topics": "#/topics",
    "posts": "#/posts?hours=168&tool=cursor",
    "status": "#/status",
    "admin": "#/admin",
    "empty": "#/posts?q=qwxyzzy",
    "nonsense": "#/course?subreddits=nowhere&hours=x",
}
README: dict[str, tuple[str, Theme, int, int]] = {
    "overview": ("overview", "light", 1280, 860),
    "course": ("course", "dark", 1280, 640),
    "compare": ("compare", "light", 1280, 640),
    "phone": ("overview", "dark", 390, 844),
}
"""File: page, theme, width and height."""


async def photograph(browser: Browser, home: str, folder: Path, token: str) -> None:
    """Every page, in full length."""
    for theme in THEMES:
        page = await _page(browser, theme, WIDTHS[-1], HEIGHT)
        for name, address in PAGES.items():
            await page.goto("about:blank")
            await shown(page, home, address)
            await _unlock(page, token)
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": HEIGHT})
                await loaded(page)
                await page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)
        await page.context.close()


async def photograph_for_readme(browser: Browser, home: str) -> None:
    """The few, with few colours."""
    for file, (name, theme, width, height) in README.items():
        page = await _page(browser, theme, width, height)
        await shown(page, home, PAGES[name])
        picture = Image.open(io.BytesIO(await page.screenshot()))
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(KEPT / f"{file}.png", optimize=True)
        await page.context.close()


async def _page(browser: Browser, theme: Theme, width: int, height: int) -> Page:
    context = await browser.new_context(color_scheme=theme, viewport={"width": width, "height": height})
    return await context.new_page()


async def _unlock(page: Page, token: str) -> None:
    field = page.locator("input[type=password]")
    if token and await field.count():
        await field.fill(token)
        await page.keyboard.press("Enter")
        await field.wait_for(state="detached")


async def main(folder: Path, address: str | None) -> None:
    """Photograph a service, or the demo."""
    for each in (folder, KEPT):
        each.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        if address is None:
            async with demo() as client:
                await _all(browser, client.program.url, folder, TOKEN)
        else:
            await _all(browser, address.rstrip("/"), folder, os.environ.get("SENTIMENT_ADMIN__TOKEN", ""))
    print(f"{len(PAGES) * len(THEMES) * len(WIDTHS)} pictures in {folder}, those of the README in {KEPT}")


async def _all(browser: Browser, home: str, folder: Path, token: str) -> None:
    await photograph_for_readme(browser, home)
    await photograph(browser, home, folder, token)


if __name__ == "__main__":
    given = sys.argv[1:]
    asyncio.run(main(Path(given[0]) if given else USUAL, given[1] if len(given) > 1 else None))
