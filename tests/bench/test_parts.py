"""Each part of the benchmarks, with next to nothing to measure: that it works, not what it finds."""

import math

import pytest

from bench.__main__ import PARTS
from bench.options import Options, Progress
from tests.faults.nightly import nightly


# The dashboard's part measures what tests/web tests, and would start one more browser and one more demo.
@pytest.mark.parametrize(
    "name",
    [
        *sorted(PARTS.keys() - {"dashboard", "reanalysis"}),
        pytest.param("reanalysis", marks=nightly),  # even a small job rests, and takes a while
    ],
)
@pytest.mark.timeout(300)
async def test_a_part_finds_every_figure_it_is_about(name: str) -> None:
    progress = Progress(name, show=False)
    result = await PARTS[name](Options("smoke"), progress)
    progress.close()
    assert result.part == name
    assert result.figures
    unmeasured = [figure.name for figure in result.figures if not figure.rounds or math.isnan(figure.value)]
    assert unmeasured == []
    assert all(result.latencies.values())
    failed = [figure for figure in result.figures if "failed" in figure.name or "exit code" in figure.name]
    assert [figure.value for figure in failed] == [0] * len(failed)
