"""How soon the dashboard is there and how smooth it is: ``python -m bench dashboard``.

Opens the demo's overview in Chromium with an empty cache and with a filled one, until the first card has its
figures; counts what an open page asks for; and moves a pointer over a chart of ten thousand points. Browser,
service, look-alike and database share the machine. Needs Chromium, so it is not part of ``python -m bench``
without a name.
"""

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, Request, expect

from bench.browser import PATIENCE_MS, chromium, demo, loaded
from bench.command import run_alone
from bench.figures import Figure, Result, at_most, figure, quantile
from bench.options import Options, Progress

VIEW = {"width": 1600, "height": 900}
POINTS = 10_000
MOVES = 120
"""Frames in which the pointer moves, two seconds at sixty a second."""
CHART = """
async ([module, count, moves]) => {
  const { LineChart } = await import(module);
  const hour = 3600000, points = Array.from({ length: count }, (_, at) => {
    const v = Math.sin(at / 300) / 3 + Math.sin(at * 12.9898) / 5;
    const place = { start: at * hour, end: (at + 1) * hour, t: (at + 0.5) * hour };
    return { ...place, n: 5 + at % 40, covered: true, v, low: v - 0.1, high: v + 0.1, lowSample: false };
  });
  document.querySelector("main").replaceChildren();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  const began = performance.now();
  const chart = new LineChart([{ id: "a", name: "a", points }], { label: "chart" });
  document.querySelector("main").append(chart.element);
  await frame();
  await frame();
  const drawn = performance.now() - began, box = chart.box.getBoundingClientRect(), busy = [];
  for (let move = 0; move < moves; move += 1) {
    const began = performance.now(), x = box.left + (move / moves) * box.width;
    chart.box.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: box.top + 90 }));
    chart.box.getBoundingClientRect();
    busy.push(performance.now() - began);
    await frame();
  }
  return { drawn, busy };
}
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening of the overview."""

    seconds: float
    """Until the first card shows its figures."""
    transferred_kb: float


async def run(options: Options, progress: Progress) -> Result:
    """Open, reload, look, move."""
    looked_s = options.pick(smoke=2, quick=10, whole=30)
    progress.expect(options.rounds + 3)
    progress.step("first collection")
    async with demo() as client, chromium() as browser:
        cold, warm = [], []
        for _ in range(options.rounds):
            progress.step("cold and warm")
            pair = await _open_twice(browser, client.program.url)
            cold.append(pair[0])
            warm.append(pair[1])
        progress.step("what an open page asks for")
        page = await browser.new_page(viewport=VIEW)  # type: ignore[arg-type]
        rate = await _requests_a_second(page, client.program.url, looked_s)
        progress.step(f"{POINTS:,} points")
        script = await page.locator("link[href$='charts/line.js']").get_attribute("href")
        chart: dict[str, Any] = await page.evaluate(CHART, [script, POINTS, MOVES])
    return Result("dashboard", _figures(cold, warm, rate, chart))


def _figures(
    cold: list[Opened], warm: list[Opened], rate: float, chart: dict[str, Any]
) -> tuple[Figure, ...]:
    weight = [each.transferred_kb for each in cold]
    return (
        figure("first view, empty cache", [each.seconds for each in cold], "s", at_most(1.5)),
        figure("first view, filled cache", [each.seconds for each in warm], "s", at_most(0.5)),
        figure("page and its files, as transferred", weight, "kB", at_most(100)),
        figure("requests a second of an open page", rate, "", at_most(1)),
        figure(f"{POINTS:,} points: drawn within", chart["drawn"], "ms"),
        figure(f"{POINTS:,} points: work of a pointer move, median", quantile(chart["busy"], 0.5), "ms"),
        figure(
            f"{POINTS:,} points: work of a pointer move, p99",
            quantile(chart["busy"], 0.99),
            "ms",
            at_most(16),
        ),
    )


async def _open_twice(browser: Browser, home: str) -> tuple[Opened, Opened]:
    context = await browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    first = await _open(await context.new_page(), home)
    second = await _open(await context.new_page(), home)
    await context.close()
    return first, second


async def _open(page: Page, home: str) -> Opened:
    sizes: list[float] = []

    async def weigh(request: Request) -> None:
        if "/api/" not in request.url:
            sizes.append((await request.sizes())["responseBodySize"])

    page.on("requestfinished", weigh)
    began = time.perf_counter()
    await page.goto(f"{home}/#/overview")
    await expect(page.locator("article.card .figure").first).to_be_visible(timeout=PATIENCE_MS)
    seconds = time.perf_counter() - began
    await loaded(page)
    return Opened(seconds, sum(sizes) / 1000 if sizes else math.nan)


async def _requests_a_second(page: Page, home: str, looked_s: float) -> float:
    await _open(page, home)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await asyncio.sleep(looked_s)
    return len(asked) / looked_s


if __name__ == "__main__":
    run_alone("dashboard", run)
