"""The command line of the benchmarks, with parts that measure nothing."""

import json
from pathlib import Path

import pytest

from bench.command import main
from bench.figures import Result, at_least, figure
from bench.options import Options, Progress

PNG = b"\x89PNG"


async def good(options: Options, progress: Progress) -> Result:
    """A part whose figure is as wanted."""
    progress.expect(1)
    progress.step("nothing")
    values = [1.0, 0.8, 0.9] if options.size == "quick" else [0.95]
    return Result(
        "good", (figure("quality", values, "×", at_least(0.9)),), {"idle": [0.001, 0.002]}, ("well",)
    )


async def bad(options: Options, progress: Progress) -> Result:
    """A part whose figure is not."""
    return Result("bad", (figure("badness", 0.1, "", at_least(0.9)), figure("  detail", 3000.0, "items/s")))


def test_what_was_measured_is_printed_kept_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "results.json"
    assert main({"good": good, "bad": bad}, ["--quick", "--no-progress", "--results", str(kept)]) == 1
    said = capsys.readouterr().out
    assert "quality  0.9 ×  at least 0.9  yes   0.8 to 1" in said
    assert "badness" in said
    assert "NO" in said
    assert "3,000 items/s" in said
    found = json.loads(kept.read_text())
    assert found["options"]["size"] == "quick"
    assert {"machine", "versions", "measured_at", "seconds"} <= found.keys()
    first = found["parts"][0]
    assert first["figures"][0]["rounds"] == [1.0, 0.8, 0.9]
    assert first["figures"][0]["met"] is True
    assert first["latencies_us"] == {"idle": [1000, 2000]}
    assert kept.with_suffix(".png").read_bytes().startswith(PNG)


def test_a_part_runs_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "results.json"
    assert main({"good": good, "bad": bad}, ["good", "--no-progress", "--results", str(kept)]) == 0
    assert "badness" not in capsys.readouterr().out


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main({"good": good}, ["god"])
    assert caught.value.code == 2
    assert "no part is called god; there are good" in capsys.readouterr().err
