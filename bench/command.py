"""The command line of the benchmarks: runs parts, prints a table, keeps what was measured."""

import argparse
import asyncio
import importlib.metadata
import json
import math
import platform
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bench.drawing import draw
from bench.figures import Figure, Result
from bench.options import Options, Progress, Run

FOLDER = Path(__file__).parent
PACKAGES = (
    *("aiohttp", "uvloop", "orjson", "motor", "pymongo", "asyncpraw", "praw", "textblob", "SecantusDB"),
    "locust",
)


def main(
    parts: Mapping[str, Run], argv: Sequence[str] | None = None, *, usual: Sequence[str] | None = None
) -> int:
    """Run parts; returns 1 when a figure is not as wanted.

    :param parts: all there are, by name.
    :param usual: those that run when none is named; all by default.
    """
    parser = _parser(parts)
    given = parser.parse_args(argv)
    unknown = [name for name in given.part if name not in parts]
    if unknown:
        parser.error(f"no part is called {unknown[0]}; there are {', '.join(parts)}")
    options = Options("quick" if given.quick else "whole", full=given.full, mongodb_uri=given.mongodb_uri)
    began = time.monotonic()
    results = []
    for name in given.part or usual or list(parts):
        results.append(asyncio.run(_run(name, parts[name], options, show=not given.no_progress)))
        print(_table(results[-1:]), flush=True)
    kept = {"options": asdict(options) | {"mongodb_uri": bool(options.mongodb_uri)}, **_machine()}
    kept["seconds"] = round(time.monotonic() - began, 1)
    _keep(given.results, kept, results)
    if len(results) > 1:
        print("\n" + _table(results, ratios_only=True))
    drawn = given.results.with_suffix(".png")
    print(f"\n{kept['seconds']:.0f} s; all of it in {given.results}, drawn in {drawn}")
    return int(any(each.met is False for result in results for each in result.figures))


def run_alone(name: str, run: Run) -> None:
    """The command line of a single part."""
    raise SystemExit(main({name: run}))


def _parser(parts: Mapping[str, Run]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the service against what it wants to reach. Everything runs on this machine.",
    )
    parser.add_argument("part", nargs="*", metavar="PART", help=f"one of {', '.join(parts)}; default: all")
    parser.add_argument("--quick", action="store_true", help="less of everything, in three minutes")
    parser.add_argument("--full", action="store_true", help="also a million items in the part about growth")
    parser.add_argument("--mongodb-uri", default="", metavar="URI", help="database instead of the embedded")
    parser.add_argument("--results", type=Path, default=FOLDER / "results.json", metavar="F")
    parser.add_argument("--no-progress", action="store_true", help="show no progress bar")
    return parser


async def _run(name: str, run: Run, options: Options, *, show: bool) -> Result:
    progress = Progress(name, show=show)
    task = asyncio.current_task()
    assert task is not None
    # SIGTERM ends a part like Ctrl-C: everything it started is stopped.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await run(options, progress)
    finally:
        progress.close()


def _machine() -> dict[str, Any]:
    versions = {
        name: importlib.metadata.version(name)
        for name in PACKAGES
        if any(importlib.metadata.distributions(name=name))
    }
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": platform.platform(),
            "processors": psutil.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
            "load_average": psutil.getloadavg(),
        },
        "versions": {"python": platform.python_version(), **versions},
    }


def _keep(where: Path, about: Mapping[str, Any], results: Sequence[Result]) -> None:
    parts = [
        {
            "part": result.part,
            "figures": [{**asdict(each), "value": each.value, "met": each.met} for each in result.figures],
            "latencies_us": {
                name: [round(taken * 1e6) for taken in seconds] for name, seconds in result.latencies.items()
            },
            "notes": result.notes,
        }
        for result in results
    ]
    where.write_text(json.dumps({**about, "parts": parts}) + "\n")
    latencies = {name: seconds for each in results for name, seconds in each.latencies.items()}
    draw(latencies, where.with_suffix(".png"))


def _table(results: Sequence[Result], *, ratios_only: bool = False) -> str:
    """Figures with their spread; or only those of which something is wanted."""
    rows: list[tuple[str, ...]] = [("figure", "value", "wanted", "met?", "rounds")]
    notes: list[str] = []
    for result in results:
        rows += [_row(each) for each in result.figures if each.wanted is not None or not ratios_only]
        notes += [] if ratios_only else result.notes
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in [lines[0], "-" * sum(widths), *lines[1:], *notes])


def _row(each: Figure) -> tuple[str, ...]:
    wanted = "" if each.wanted is None else f"{each.wanted.sense} {each.wanted.bound:g}"
    met = "" if each.met is None else "yes" if each.met else "NO"
    spread = f"{_short(min(each.rounds))} to {_short(max(each.rounds))}" if len(each.rounds) > 1 else ""
    name = f"{each.name} ({each.note})" if each.note else each.name
    return name, f"{_short(each.value)} {each.unit}".rstrip(), wanted, met, spread


def _short(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
