"""A scorer asked about texts the way the service would ask it."""

import pytest

from sentiment_service.evaluation.labelled import LabelledText
from sentiment_service.evaluation.measure import measure
from sentiment_service.models import Label
from sentiment_service.scoring.scorer import Score


class LoveScorer:
    """Says positive to a text with "love" in it and negative to all others; remembers what it was asked."""

    name = "love@7"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, text: str) -> Score:
        self.asked.append(text)
        label = Label.POSITIVE if "love" in text else Label.NEGATIVE
        return Score(polarity=0.0, subjectivity=0.0, label=label, confidence=0.8)


def labelled(text: str, label: Label) -> LabelledText:
    return LabelledText(text, label)


def test_texts_are_cleaned_first_and_compared_with_what_people_said() -> None:
    scorer = LoveScorer()
    texts = [
        labelled("I **love** it", Label.POSITIVE),
        labelled("`love`: no", Label.NEGATIVE),
        labelled("I love to complain", Label.NEGATIVE),
    ]
    found = measure(scorer, texts)
    assert scorer.asked[1:] == ["I love it", ": no", "I love to complain"]
    assert found.scorer == "love@7"
    assert found.figures.accuracy == 2 / 3
    assert found.items_per_second > 0


def test_what_has_no_text_counts_as_a_neutral_guess_and_is_told() -> None:
    texts = [
        labelled("> quoted", Label.NEUTRAL),
        labelled("", Label.NEGATIVE),
        labelled("love", Label.POSITIVE),
    ]
    found = measure(LoveScorer(), texts)
    assert found.no_text == 2
    assert found.figures.accuracy == 2 / 3
    assert found.figures.confusion[Label.NEGATIVE][Label.NEUTRAL] == 1
    (guesses,) = [each for each in found.figures.bins if each.answers == 2]
    assert guesses.confidence == pytest.approx(1 / 3)


def test_plain_texts_are_scored_as_they_stand() -> None:
    scorer = LoveScorer()
    found = measure(scorer, [labelled("> love  it", Label.POSITIVE)], markdown=False)
    assert scorer.asked[1:] == ["> love  it"]
    assert (found.no_text, found.figures.accuracy) == (0, 1.0)


def test_progress_adds_up_to_all_texts() -> None:
    done: list[int] = []
    measure(LoveScorer(), [labelled("love", Label.POSITIVE)] * 601, progress=done.append)
    assert sum(done) == 601
    assert len(done) > 1
