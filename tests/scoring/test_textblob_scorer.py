import csv
import gzip
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textblob import TextBlob  # type: ignore[import-untyped]

from sentiment_service.models import Label
from sentiment_service.scoring.scorer import Thresholds
from sentiment_service.scoring.textblob_scorer import CHANCE, TextBlobScorer, confidence_of
from tests.data import FOLDER, needs_data

THRESHOLDS = Thresholds(positive_from=0.1, negative_from=-0.1)
SCORER = TextBlobScorer(THRESHOLDS)

WORDS = (
    "not never no very really extremely good bad great awful love hate terrible nice worst best "
    "isn't don't the a , . ! !!! ? ... :) :( ;) <3 :-D (!) “ ” ’ 😡 😍 ok e.g. U.S. \n\n"
)


def assert_equal_to_textblob(text: str) -> None:
    score, expected = SCORER.score(text), TextBlob(text).sentiment
    assert (score.polarity, score.subjectivity) == (expected.polarity, expected.subjectivity)
    assert score.label is THRESHOLDS.label_of(expected.polarity)
    assert 0 <= score.confidence <= 1


@given(st.lists(st.sampled_from(WORDS.split(" "))))
def test_polarity_and_subjectivity_are_exactly_those_of_textblob(words: list[str]) -> None:
    assert_equal_to_textblob(" ".join(words))


@given(st.text(st.characters(), max_size=200))
def test_any_characters_score_as_textblob_scores_them(text: str) -> None:
    assert_equal_to_textblob(text)


@needs_data
def test_labelled_comments_score_as_textblob_scores_them() -> None:
    with gzip.open(FOLDER / "goemotions_dev.tsv.gz", "rt", encoding="utf-8") as lines:
        for text, *_ in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            assert_equal_to_textblob(text)


@pytest.mark.parametrize(
    ("polarity", "evidence", "confidence"),
    [
        (0.0, 0, CHANCE),
        (0.1, 1, CHANCE),
        (-0.1, 7, CHANCE),
        (1.0, 1, 1.0),
        (-1.0, 3, 1.0),
        (0.55, 1, CHANCE + 2 / 3 * 0.5),
        (-0.55, 2, CHANCE + 2 / 3 * 0.75),
        (0.0, 1, 2 / 3),
        (0.0, 2, 0.5),
        (0.05, 1, 0.5),
        (-0.05, 1, 0.5),
    ],
)
def test_confidence_follows_the_formula(polarity: float, evidence: int, confidence: float) -> None:
    assert confidence_of(polarity, evidence, THRESHOLDS) == pytest.approx(confidence)


def test_a_threshold_at_the_end_of_the_scale_leaves_no_room_for_doubt() -> None:
    assert confidence_of(1.0, 1, Thresholds(1.0, -1.0)) == 1.0


@given(
    st.floats(-1, 1),
    st.integers(0, 10_000),
    st.builds(Thresholds, st.floats(0.001, 1), st.floats(-1, -0.001)),
)
def test_confidence_is_never_below_chance_or_above_one(
    polarity: float, evidence: int, thresholds: Thresholds
) -> None:
    assert CHANCE - 1e-12 <= confidence_of(polarity, evidence, thresholds) <= 1


def test_a_language_it_does_not_know_gets_a_guess_not_a_confident_neutral() -> None:
    score = SCORER.score("Das ist ja wirklich furchtbar und ganz schlimm")
    assert (score.label, score.confidence) == (Label.NEUTRAL, CHANCE)


def test_it_needs_neither_nltk_nor_the_network_and_leaves_textblob_importable() -> None:
    program = """
import socket, sys
def refuse(*_): raise OSError("no network")
socket.socket.connect = refuse
from sentiment_service.scoring.scorer import Thresholds
from sentiment_service.scoring.textblob_scorer import TextBlobScorer
score = TextBlobScorer(Thresholds(0.1, -0.1)).score("What a great day!")
assert "nltk" not in sys.modules and "textblob" not in sys.modules, "too much imported"
from textblob import TextBlob  # type: ignore[import-untyped]
assert TextBlob("What a great day!").sentiment.polarity == score.polarity > 0
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_missing_textblob_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "textblob")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ModuleNotFoundError, match="TextBlob"):
        TextBlobScorer(THRESHOLDS)
