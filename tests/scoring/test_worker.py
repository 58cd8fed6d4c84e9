import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sentiment_service.errors import ScoringError
from sentiment_service.models import Label, Sentiment
from sentiment_service.scoring import worker as module
from sentiment_service.scoring.process import ScoringProcess
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import ScoringSettings
from sentiment_service.tools import Analysis
from tests.waiting import until

AT = datetime(2026, 11, 23, tzinfo=UTC)
POISON = "tests.scoring.poison:PoisonScorer"
END_S = 20

Make = Callable[..., ScoringWorker]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Make workers that are closed at the end: ``make(POISON, batch_size=3)``."""
    workers: list[ScoringWorker] = []

    def make_worker(scorer: str | None = None, **changes: object) -> ScoringWorker:
        settings = ScoringSettings.model_validate({"worker_timeout_seconds": 20.0, **changes})
        workers.append(ScoringWorker(settings, scorer=scorer, now=lambda: AT))
        return workers[-1]

    yield make_worker
    for each in workers:
        await each.close()


def shape(outcomes: list[Analysis | ScoringError | None]) -> str:
    """One letter for each outcome: s, a score; e, an error; a dash, nothing to score."""
    return "".join("s" if isinstance(each, Analysis) else "e" if each else "-" for each in outcomes)


async def wait_for_end(pid: int) -> None:
    """Wait until a process, a child of ours or not, has ended."""
    ended = os.pidfd_open(pid)
    try:
        over = asyncio.Event()
        asyncio.get_running_loop().add_reader(ended, over.set)
        await asyncio.wait_for(over.wait(), END_S)
    finally:
        asyncio.get_running_loop().remove_reader(ended)
        os.close(ended)


async def test_texts_come_back_as_sentiments_in_order(make: Make) -> None:
    worker = make("textblob")
    assert not worker.alive
    assert worker.pid is None
    scores = await worker.score(["I **love** it", "[removed]", "This is terrible.", "`code`"])
    confidence = 1 / 3 + (1 - 1 / 3) * (1 - (1 - (0.5 - 0.1) / (1 - 0.1)))
    assert scores[0] == Analysis(Sentiment(Label.POSITIVE, 0.5, 0.6, confidence, "textblob@1", AT))
    assert [score and score.sentiment.label for score in scores if not isinstance(score, ScoringError)] == [
        Label.POSITIVE,
        None,
        Label.NEGATIVE,
        None,
    ]
    assert worker.alive
    assert (worker.scored, worker.queued) == (4, 0)
    assert await worker.score([]) == []


async def test_labels_follow_the_settings(make: Make) -> None:
    worker = make("textblob", positive_from=0.9, negative_from=-0.01)
    good, bad = await worker.score(["good", "slightly bad"])
    assert isinstance(good, Analysis)
    assert isinstance(bad, Analysis)
    assert (good.sentiment.label, bad.sentiment.label) == (Label.NEUTRAL, Label.NEGATIVE)


async def test_starting_twice_keeps_the_process(make: Make) -> None:
    worker = make()
    await worker.start()
    first = worker.pid
    await asyncio.gather(worker.start(), worker.start())
    assert worker.pid == first is not None


@pytest.mark.parametrize("harm", ["exit 1", "kill", "raise hell"])
async def test_a_poison_text_costs_no_other_text_its_score(make: Make, harm: str) -> None:
    worker = make(POISON, batch_size=5)
    texts = ["one", "two", harm, "`x`", "five", "six", harm]
    outcomes = await worker.score(texts)
    assert shape(outcomes) == "sse-sse"
    assert "over this text" in str(outcomes[2])
    assert "hell" not in str(outcomes[2])
    assert worker.alive
    assert worker.scored == 7


async def test_a_text_that_hangs_is_given_up(make: Make) -> None:
    worker = make(POISON, worker_timeout_seconds=0.3)
    outcomes = await worker.score(["one", "hang", "three"])
    assert shape(outcomes) == "ses"
    assert str(outcomes[1]) == "the scoring process took longer than 0.3 s over this text"


async def test_an_accident_costs_no_text_its_score(make: Make, tmp_path: Path) -> None:
    worker = make(POISON)
    assert shape(await worker.score(["one", f"once {tmp_path / 'died'}", "three"])) == "sss"


async def test_an_accident_over_a_single_text_is_forgiven_too(make: Make, tmp_path: Path) -> None:
    worker = make(POISON, batch_size=1)
    first, again = tmp_path / "first", tmp_path / "again"
    assert shape(await worker.score([f"once {first}", f"once {again}"])) == "ss"


async def test_a_killed_process_is_replaced(make: Make) -> None:
    worker = make()
    await worker.start()
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await wait_for_end(first)
    assert not worker.alive
    assert shape(await worker.score(["good"])) == "s"
    assert worker.pid != first


async def test_a_process_that_cannot_start_is_reported_and_not_tried_without_end(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    launches: list[str] = []
    launch = ScoringProcess.launch

    def counted(process: ScoringProcess) -> None:
        launches.append("launched")
        launch(process)

    monkeypatch.setattr(ScoringProcess, "launch", counted)
    worker = make("tests.scoring.poison:BrokenScorer")
    for _ in range(3):
        with pytest.raises(ScoringError, match=r"(?s)not possible: .*RuntimeError.*no dictionary"):
            await worker.score(["one"])
    assert len(launches) == module.START_ATTEMPTS
    assert (worker.alive, worker.queued) == (False, 0)


async def test_it_is_tried_again_after_a_while(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REFUSE_AFTER_FAILED_START_S", 0.0)
    monkeypatch.setattr(module, "START_ATTEMPTS", 1)
    command = module._command
    monkeypatch.setattr(module, "_command", lambda *_: ("/nowhere/python",))
    worker = make()
    with pytest.raises(ScoringError, match="No such file"):
        await worker.start()
    worker._command = command(ScoringSettings(), "textblob")
    assert shape(await worker.score(["good"])) == "s"


async def test_callers_take_turns(make: Make) -> None:
    worker = make(POISON, batch_size=1)
    await worker.start()
    order: list[str] = []

    async def caller(name: str) -> None:
        for number in range(3):
            await worker.score([f"{name}{number}"])
            order.append(name)

    await asyncio.gather(caller("a"), caller("b"), caller("c"))
    assert order == ["a", "b", "c"] * 3


async def test_a_long_job_lets_a_short_one_in_between_its_batches(make: Make) -> None:
    worker = make(POISON, batch_size=1)
    await worker.start()
    long_job = asyncio.create_task(worker.score(["x"] * 500))
    await until(lambda: worker.scored > 0)
    assert shape(await worker.score(["short"])) == "s"
    assert not long_job.done()
    assert 0 < worker.queued < 500
    assert shape(await long_job) == "s" * 500


async def test_too_many_waiting_texts_are_refused_but_never_a_lone_caller(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_QUEUED_TEXTS", 5)
    worker = make(POISON, batch_size=2)
    lone = asyncio.create_task(worker.score(["x"] * 10))
    await until(lambda: worker.queued > 0)
    with pytest.raises(ScoringError, match="waiting to be scored"):
        await worker.score(["y"])
    assert shape(await lone) == "s" * 10
    assert shape(await worker.score(["y"])) == "s"


async def test_a_cancelled_caller_does_not_put_the_next_answer_out_of_step(
    make: Make, tmp_path: Path
) -> None:
    worker = make(POISON)
    await worker.start()
    for length in range(1, 30):
        caller = asyncio.create_task(worker.score(["x" * 7]))
        for _ in range(length % 5):
            await asyncio.sleep(0)
        caller.cancel()
        await asyncio.wait({caller})
        (score,) = await worker.score(["x" * length])
        assert isinstance(score, Analysis)
        assert score.sentiment.confidence == length / 1000
    assert worker.queued == 0


async def test_a_quick_batch_outlives_its_cancelled_caller_without_a_restart(make: Make) -> None:
    worker = make(POISON)
    await worker.start()
    first = worker.pid
    caller = asyncio.create_task(worker.score(["x"] * 100))
    await asyncio.sleep(0)
    assert worker.queued == 100
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert shape(await worker.score(["x"])) == "s"
    assert worker.pid == first


async def test_a_cancelled_caller_does_not_wait_for_a_text_that_hangs(make: Make, tmp_path: Path) -> None:
    worker = make(POISON)
    said = tmp_path / "said"
    caller = asyncio.create_task(worker.score([f"say {said}"]))
    await until(said.exists)
    first = worker.pid
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert shape(await worker.score(["x"])) == "s"
    assert worker.pid != first


async def test_cancelling_twice_ends_the_batch_at_once(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE_S", 3600.0)
    worker = make(POISON)
    said = tmp_path / "said"
    caller = asyncio.create_task(worker.score([f"say {said}"]))
    await until(said.exists)
    for _ in range(2):
        caller.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(caller, END_S)


async def test_cancelling_a_start_leaves_no_process_behind(make: Make) -> None:
    worker = make()
    starting = asyncio.create_task(worker.start())
    await until(lambda: worker.pid is not None)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert shape(await worker.score(["good"])) == "s"


async def test_closing_ends_the_process_and_refuses_texts(make: Make) -> None:
    worker = make()
    await worker.start()
    pid = worker.pid
    assert pid is not None
    await asyncio.gather(worker.close(), worker.close())
    assert not worker.alive
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ScoringError, match="closed"):
        await worker.score(["good"])
    with pytest.raises(ScoringError, match="closed"):
        await worker.start()


async def test_closing_one_that_never_started_is_fine(make: Make) -> None:
    worker = make()
    await worker.close()
    assert not worker.alive
    assert worker.queued == 0


async def test_closing_lets_the_batch_under_way_finish(make: Make) -> None:
    worker = make(POISON, batch_size=1)
    await worker.start()
    caller = asyncio.create_task(worker.score(["x"] * 1000))
    await until(lambda: worker.scored > 0)
    await worker.close()
    with pytest.raises(ScoringError, match="closed"):
        await caller


async def test_closing_does_not_wait_for_a_text_that_hangs(make: Make, tmp_path: Path) -> None:
    worker = make(POISON)
    said = tmp_path / "said"
    callers = [asyncio.create_task(worker.score([f"say {said}"])) for _ in range(3)]
    await until(said.exists)
    await asyncio.wait_for(worker.close(), END_S)
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [str(each) for each in outcomes] == [module.CLOSED] * 3
    assert worker.queued == 0


async def test_closing_while_it_starts_ends_it(make: Make) -> None:
    worker = make()
    starting = asyncio.create_task(worker.start())
    await until(lambda: worker.pid is not None)
    await worker.close()
    outcome = (await asyncio.gather(starting, return_exceptions=True))[0]
    assert outcome is None or str(outcome) == module.CLOSED
    assert not worker.alive


async def test_closing_between_two_tries_to_start_stops_trying(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make("tests.scoring.poison:BrokenScorer")
    closings: list[Awaitable[None]] = []
    discard = worker._discard_process

    async def discard_and_close() -> None:
        await discard()
        if not closings:
            closings.append(asyncio.create_task(worker.close()))

    monkeypatch.setattr(worker, "_discard_process", discard_and_close)
    with pytest.raises(ScoringError, match="closed"):
        await worker.start()
    await asyncio.gather(*closings)


def test_no_thread_waits_on_after_the_loop(tmp_path: Path) -> None:
    async def run() -> None:
        worker = ScoringWorker(ScoringSettings(), scorer=POISON)
        caller = asyncio.create_task(worker.score([f"say {tmp_path / 'said'}"]))
        await until((tmp_path / "said").exists)
        await worker.close()
        await asyncio.wait({caller})
        assert caller.exception() is not None

    before = threading.active_count()
    asyncio.run(run())
    assert threading.active_count() == before


def test_a_loop_that_ends_in_the_middle_leaves_no_thread(tmp_path: Path) -> None:
    tasks: list[asyncio.Task[object]] = []

    async def run() -> None:
        worker = ScoringWorker(ScoringSettings(), scorer=POISON)
        tasks.append(asyncio.create_task(worker.score([f"say {tmp_path / 'said'}"])))
        await until((tmp_path / "said").exists)
        workers.append(worker)

    workers: list[ScoringWorker] = []
    before = threading.active_count()
    asyncio.run(run())
    assert tasks[0].cancelled()
    assert threading.active_count() == before
    asyncio.run(workers[0].close())


SERVICE = """
import asyncio, sys
from sentiment_service.settings import ScoringSettings
from sentiment_service.scoring.process import ScoringProcess
from sentiment_service.scoring.worker import ScoringWorker

async def main():
    worker = ScoringWorker(ScoringSettings())
    await worker.start()
    print(worker.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_the_process_ends_when_the_service_is_killed() -> None:
    service = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVICE, stdout=subprocess.PIPE)
    assert service.stdout is not None
    pid = int(await asyncio.wait_for(service.stdout.readline(), END_S))
    ended = asyncio.create_task(wait_for_end(pid))
    await asyncio.sleep(0)
    service.kill()
    await service.wait()
    await ended


@pytest.mark.parametrize(
    ("failures", "pause_s"), [(0, 0.0), (1, 0.0), (2, 0.2), (3, 0.4), (4, 0.8), (9, 1.0)]
)
def test_pauses_between_restarts_grow_to_a_limit(failures: int, pause_s: float) -> None:
    assert module._pause_s(failures) == pytest.approx(pause_s)
