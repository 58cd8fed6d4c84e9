"""Starting the load generator, and reading what it saw."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import Plan
from bench.programs import ROOT, plain_environment

REPORT_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """When requests were due, on the clock of ``time.monotonic``, and the seconds until their answers."""

    at: list[float]
    seconds: list[float]
    paths: list[int]
    """Which of the plan's paths was asked for."""
    failures: int

    def between(self, start: float, end: float) -> "Answers":
        """Those due within a stretch of time; failures are not known by time and stay."""
        rows = zip(self.at, self.seconds, self.paths, strict=True)
        kept = [row for row in rows if start <= row[0] < end]
        at, seconds, paths = ([row[column] for row in kept] for column in range(3))
        return Answers(at, seconds, [int(path) for path in paths], self.failures)

    def of(self, path: int) -> list[float]:
        """Seconds of one of the plan's paths."""
        return [taken for taken, asked in zip(self.seconds, self.paths, strict=True) if asked == path]

    def rate(self, start: float, end: float) -> float:
        """Answers a second that came in within a stretch of time."""
        came = sum(start <= at + taken < end for at, taken in zip(self.at, self.seconds, strict=True))
        return came / (end - start)


class RunningLoad:
    """A load under way.

    :param process: the generator.
    :param report: where it writes what it saw.
    """

    def __init__(self, process: asyncio.subprocess.Process, report: Path) -> None:
        self._process = process
        self._report = report

    async def stop(self) -> Answers:
        """End it, and learn what it saw."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return await self.finished()

    async def finished(self) -> Answers:
        """Wait for a load that ends by itself."""
        async with asyncio.timeout(REPORT_LIMIT_S):
            code = await self._process.wait()
        if code != 0:
            raise RuntimeError(f"the load generator ended with code {code}")
        return Answers(**json.loads(await asyncio.to_thread(self._report.read_text)))


@asynccontextmanager
async def loading(plan: Plan) -> AsyncIterator[RunningLoad]:
    """Put a load on a program while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        report = Path(folder) / "report.json"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.load", plan.to_json(), str(report)),
            env=plain_environment() | {"PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
        )
        try:
            yield RunningLoad(process, report)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def load_for(plan: Plan, seconds: float) -> Answers:
    """A load for so long."""
    async with loading(plan) as load:
        await asyncio.sleep(seconds)
        return await load.stop()


async def load_through(plan: Plan) -> Answers:
    """A load of a given number of requests."""
    async with loading(plan) as load:
        return await load.finished()
