import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sentiment_service.scoring.process import ScoringProcess, WorkerDiedError

Start = Callable[[str], ScoringProcess]


def command(scorer: str) -> list[str]:
    return [
        *(sys.executable, "-m", "sentiment_service.scoring.child", f"--scorer={scorer}"),
        *("--positive-from=0.1", "--negative-from=-0.1", "--limit-seconds=30"),
    ]


@pytest.fixture
def launched() -> Iterator[ScoringProcess]:
    process = ScoringProcess(command("tests.scoring.poison:PoisonScorer"))
    process.launch()
    yield process
    process.end()


def test_a_launched_process_scores_until_it_is_ended(launched: ScoringProcess) -> None:
    assert launched.scorer == "poison@1"
    assert launched.alive
    assert launched.exchange(["one", ""], [None, "Cursor"]) == [(0.0, 0.0, "neutral", 0.003, None, []), None]
    launched.end()
    assert not launched.alive


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("exit 3", "ended with exit code 3"),
        ("kill", r"was ended by signal 9 \(Killed\)"),
        ("raise secret", "ended with ValueError"),
    ],
)
def test_a_death_says_how_and_never_what_the_text_was(launched: ScoringProcess, text: str, end: str) -> None:
    with pytest.raises(WorkerDiedError, match=f"^{end}$"):
        launched.exchange([text], [None])
    assert not launched.alive
    with pytest.raises(WorkerDiedError):
        launched.exchange(["more than a pipe holds" * 10_000], [None])


def test_killing_ends_a_call_that_waits(launched: ScoringProcess, tmp_path: Path) -> None:
    said = tmp_path / "said"
    ended: list[str] = []

    def wait() -> None:
        with pytest.raises(WorkerDiedError) as caught:
            launched.exchange([f"say {said}"], [None])
        ended.append(str(caught.value))

    thread = threading.Thread(target=wait)
    thread.start()
    while not said.exists():
        thread.join(0.001)
        assert thread.is_alive()
    launched.kill()
    thread.join(20)
    assert ended == ["was ended by signal 9 (Killed)"]


def test_a_scorer_that_cannot_be_made_says_why() -> None:
    process = ScoringProcess(command("tests.scoring.poison:BrokenScorer"))
    with pytest.raises(WorkerDiedError, match=r"(?s)ended with RuntimeError: .*no dictionary for Thresholds"):
        process.launch()
    process.end()


def test_a_program_that_cannot_be_started_says_why() -> None:
    process = ScoringProcess(["/nowhere/python"])
    with pytest.raises(WorkerDiedError, match="No such file"):
        process.launch()
    assert process.pid is None
    process.kill()
    process.end()


def test_one_killed_before_its_launch_does_not_stay() -> None:
    process = ScoringProcess(command("textblob"))
    process.kill()
    with pytest.raises(WorkerDiedError, match="signal 9"):
        process.launch()
    process.end()


def test_one_that_ignores_its_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment_service.scoring.process.REAP_S", 0.05)
    sleeper = (
        "import os, sys, time; from sentiment_service.scoring.frames import write_frame;"
        "write_frame(sys.stdout.buffer, 'sleeper@1'); os.close(1); time.sleep(3600)"
    )
    process = ScoringProcess([sys.executable, "-c", sleeper])
    process.launch()
    with pytest.raises(WorkerDiedError, match="signal 9"):
        process.exchange(["text"], [None])
    process.end()
