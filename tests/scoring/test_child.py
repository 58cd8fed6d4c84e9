"""The scoring process itself, spoken to over its own pipes."""

import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest

from sentiment_service.scoring import child
from sentiment_service.scoring.frames import TEXTS, read_frame, write_frame
from sentiment_service.scoring.scorer import Thresholds
from sentiment_service.tools import LabelOf
from tests.scoring.poison import PoisonScorer

COMMAND = [
    sys.executable,
    "-m",
    "sentiment_service.scoring.child",
    "--positive-from=0.1",
    "--negative-from=-0.1",
]
END_S = 20


class Child:
    """A scoring process with its pipes."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.requests = cast("BinaryIO", process.stdin)
        self.answers = cast("BinaryIO", process.stdout)
        self.name = read_frame(self.answers)

    def ask(self, *texts: str) -> object:
        write_frame(self.requests, (TEXTS, list(texts), [None] * len(texts)))
        return read_frame(self.answers)


def start(scorer: str, limit_s: int = 30) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*COMMAND, f"--scorer={scorer}", f"--limit-seconds={limit_s}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@pytest.fixture
def poisonable() -> Iterator[Child]:
    with start("tests.scoring.poison:PoisonScorer", limit_s=1) as process:
        yield Child(process)
        process.kill()


def test_it_scores_markdown_and_ends_when_its_input_does() -> None:
    with start("textblob") as process:
        textblob = Child(process)
        assert textblob.name == "textblob@1"
        assert textblob.ask("**great**!", "`code`", "", "[deleted]", "&lt;3 \ud83d") == [
            (1.0, 0.75, "positive", 1.0, None, []),
            None,
            None,
            None,
            (1.0, 1.0, "positive", 1.0, None, []),
        ]
        textblob.requests.close()
        assert process.wait(END_S) == 0


def test_what_a_scorer_prints_does_not_get_between_the_frames(poisonable: Child) -> None:
    assert poisonable.name == "poison@1"
    assert poisonable.ask("print", "four") == [
        (0.0, 0.0, "neutral", 0.005, None, []),
        (0.0, 0.0, "neutral", 0.004, None, []),
    ]


def test_it_is_deaf_to_ctrl_c(poisonable: Child) -> None:
    poisonable.process.send_signal(signal.SIGINT)
    assert poisonable.ask("four") == [(0.0, 0.0, "neutral", 0.004, None, [])]


def test_a_batch_that_hangs_is_ended_by_the_kernel(poisonable: Child) -> None:
    with pytest.raises(EOFError):
        poisonable.ask("hang")
    assert poisonable.process.wait(END_S) == -signal.SIGALRM


def test_an_error_of_the_scorer_ends_it(poisonable: Child) -> None:
    with pytest.raises(EOFError):
        poisonable.ask("raise hell")
    assert poisonable.process.wait(END_S) == 1


def test_it_imports_neither_settings_nor_web_nor_database() -> None:
    program = (
        "import sys, sentiment_service.scoring.child as child;"
        "child.create_scorer('textblob', child.Thresholds(0.1, -0.1));"
        "print([name for name in ('pydantic', 'aiohttp', 'motor', 'nltk', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_serving_answers_until_the_requests_end() -> None:
    requests, answers = io.BytesIO(), io.BytesIO()
    write_frame(requests, (TEXTS, ["one", "`x`"], [None, None]))
    requests.seek(0)
    child.serve(requests, answers, PoisonScorer(Thresholds(0.1, -0.1)), LabelOf(0.1, -0.1), limit_s=30)
    answers.seek(0)
    assert read_frame(answers) == "poison@1"
    assert read_frame(answers) == [(0.0, 0.0, "neutral", 0.003, None, []), None]
    assert signal.alarm(0) == 0
