"""Whatever is written gets a score or is no text, and quickly."""

import json
import subprocess
import sys

import pytest

from tests.scoring.bad_input import FOREIGN, LONGEST, NO_TEXT, SCORED, analyst

READERS = {name: analyst(name) for name in ("textblob", "reddit")}
LIMIT_MS = 50.0


@pytest.mark.parametrize("scorer", READERS)
@pytest.mark.parametrize("what", NO_TEXT)
def test_where_nothing_is_said_there_is_no_score(scorer: str, what: str) -> None:
    assert READERS[scorer].analyse(NO_TEXT[what], "Cursor") is None


@pytest.mark.parametrize("scorer", READERS)
@pytest.mark.parametrize("what", SCORED)
def test_everything_else_has_one(scorer: str, what: str) -> None:
    assert len(SCORED[what]) <= LONGEST
    scored = READERS[scorer].analyse(SCORED[what], "Cursor")
    assert scored is not None
    polarity, subjectivity, label, confidence, _, _ = scored
    assert -1 <= polarity <= 1
    assert 0 <= subjectivity <= 1
    assert label in {"positive", "negative", "neutral"}
    assert 0 <= confidence <= 1


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_not_english_is_marked_and_scored_with_little_confidence(what: str) -> None:
    scored = READERS["reddit"].analyse(FOREIGN[what], "Cursor")
    assert scored is not None
    _, _, _, confidence, language, _ = scored
    assert language == "other"
    assert confidence < 0.5


def test_none_takes_long() -> None:
    """In a program of its own, because a tracer of coverage would be timed with it."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.scoring.bad_input"], check=True, capture_output=True, text=True
    )
    times: dict[str, float] = json.loads(ran.stdout)
    assert len(times) == len(READERS) * len({**NO_TEXT, **SCORED, **FOREIGN})
    assert {what: ms for what, ms in times.items() if ms > LIMIT_MS} == {}
