"""The scorer ``reddit``: what it says of telling sentences, its model file, and how right it is."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import train
from bench.labelled import OWN, own_examples
from sentiment_service.evaluation.labelled import read_labelled
from sentiment_service.evaluation.measure import measure
from sentiment_service.models import Label
from sentiment_service.scoring.model import MODEL_FILE, read_model, write_model
from sentiment_service.scoring.reddit_scorer import RedditScorer
from sentiment_service.scoring.scorer import Thresholds, create_scorer
from tests.data import needs_data
from tests.faults.nightly import nightly
from tests.scoring.labelled import DEV

THRESHOLDS = Thresholds(0.1, -0.1)
SCORER = RedditScorer(THRESHOLDS)
CHECKSUM = MODEL_FILE.with_suffix(".model.sha256")
MOST_BYTES = 3_000_000


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("😡", Label.NEGATIVE),
        ("😍", Label.POSITIVE),
        ("today 😡", Label.NEGATIVE),
        ("website is not working", Label.NEGATIVE),
        ("The website is not working.", Label.NEGATIVE),
        ("is a bad idea", Label.NEGATIVE),
        ("isn't a bad idea", Label.POSITIVE),
        ("That is a bad idea", Label.NEGATIVE),
        ("That isn't a bad idea", Label.POSITIVE),
        ("not good", Label.NEGATIVE),
        ("not bad", Label.POSITIVE),
        ("thank you so much, this is amazing", Label.POSITIVE),
        ("The meeting is on Tuesday", Label.NEUTRAL),
    ],
)
def test_what_textblob_cannot_tell_apart_comes_out_right(text: str, label: Label) -> None:
    assert SCORER.score(text).label is label


@given(st.text(st.characters(), max_size=200))
def test_probabilities_add_up_and_tell_label_confidence_and_polarity(text: str) -> None:
    score = SCORER.score(text)
    assert score.probabilities is not None
    negative, _, positive = score.probabilities
    assert sum(score.probabilities) == pytest.approx(1)
    assert min(score.probabilities) >= 0
    assert score.confidence == max(score.probabilities)
    assert score.polarity == pytest.approx(positive - negative)
    assert 0 <= score.subjectivity <= 1
    labels = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)
    assert score.label is labels[score.probabilities.index(score.confidence)]


@pytest.mark.parametrize(
    "text",
    [
        "Das ist ja wirklich furchtbar und ganz schlimm",
        "это просто ужасно, никогда больше",
        "c'est vraiment nul et je suis très déçu",
        "هذا سيء للغاية ولا أحبه",
        "这个更新太糟糕了",
    ],
)
def test_other_languages_are_marked_and_no_confident_neutral(text: str) -> None:
    score = SCORER.score(text)
    assert score.language == "other"
    assert score.confidence < 0.5


@pytest.mark.parametrize("text", ["I really like the new release", "why does it crash all the time"])
def test_english_is_marked(text: str) -> None:
    assert SCORER.score(text).language == "en"


def test_it_needs_no_numpy_and_no_machine_learning_package() -> None:
    program = """
import sys
from sentiment_service.scoring.scorer import Thresholds, create_scorer
assert create_scorer("reddit", Thresholds(0.1, -0.1)).score("great").polarity > 0
heavy = {"numpy", "scipy", "sklearn", "pickle", "joblib"} & sys.modules.keys()
assert heavy <= {"pickle"}, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_model_is_small_and_the_one_whose_checksum_and_version_are_told() -> None:
    content = MODEL_FILE.read_bytes()
    assert len(content) < MOST_BYTES
    checksum, name = CHECKSUM.read_text(encoding="utf-8").split()
    assert name == MODEL_FILE.name
    assert hashlib.sha256(content).hexdigest() == checksum
    assert (SCORER.name, checksum[:12]) == ("reddit@2", "a527a3556559"), (
        "another model gives other scores: name another version"
    )


def test_a_model_that_is_no_such_file_or_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.model"
    for content, message in (
        (b'{"format": 7}\n', "another format"),
        (MODEL_FILE.read_bytes()[:-600], "cut short|not enough|invalid"),
    ):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            read_model(file)


def test_what_is_written_is_read_back_and_written_the_same(tmp_path: Path) -> None:
    write_model(read_model(), tmp_path / "again.model")
    assert (tmp_path / "again.model").read_bytes() == MODEL_FILE.read_bytes()


def test_learning_again_gives_the_same_bytes(tmp_path: Path) -> None:
    texts, classes = own_examples(OWN)
    for name in ("one", "two"):
        reading = train.read(texts[::4], classes[::4], "examples")
        write_model(train.model_of(train.learn(reading), 1.0), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@needs_data
@nightly
@pytest.mark.timeout(3600)
def test_learning_from_all_comments_gives_the_model_that_is_shipped(tmp_path: Path) -> None:
    train.main(["--output", str(tmp_path / "reddit.model")])
    assert (tmp_path / "reddit.model").read_bytes() == MODEL_FILE.read_bytes()
    assert (tmp_path / "reddit.model.sha256").read_text(encoding="utf-8") == CHECKSUM.read_text(
        encoding="utf-8"
    )


@needs_data
def test_it_is_right_as_often_as_promised_on_comments_that_people_labelled() -> None:
    texts = read_labelled(DEV).texts
    figures = measure(SCORER, texts, markdown=False).figures
    assert figures.accuracy >= 0.725
    assert figures.macro_f1 >= 0.71
    assert figures.calibration_error <= 0.03
    textblob = measure(create_scorer("textblob", THRESHOLDS), texts, markdown=False).figures
    assert figures.accuracy - textblob.accuracy > 0.13
