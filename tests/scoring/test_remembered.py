"""What is remembered of texts is bounded, and forgetting changes no score."""

from itertools import count

import pytest

from sentiment_service.scoring import remembered
from sentiment_service.scoring.reddit_scorer import RedditScorer
from sentiment_service.scoring.remembered import Remembered
from sentiment_service.scoring.scorer import Thresholds


def test_each_stretch_is_learnt_once_until_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_CHARACTERS", 9)
    number = count()
    memory = Remembered(lambda _stretch: next(number))
    assert memory.of(["good", "bad", "good"]) == [0, 1, 0]
    assert not memory.forget_when_full()
    assert memory.of(["day"]) == [2]
    assert memory.forget_when_full()
    assert memory.of(["good", "bad"]) == [3, 4]


def test_a_scorer_that_has_to_forget_between_texts_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"not a good{number} day, but a bad :( one: I don't love it ( : (" for number in range(50)]
    expected = list(map(RedditScorer(Thresholds(0.1, -0.1)).score, texts))
    monkeypatch.setattr(remembered, "MOST_CHARACTERS", 100)
    forgetful = RedditScorer(Thresholds(0.1, -0.1))
    for text, score in zip(texts, expected, strict=True):
        assert forgetful.score(text) == score
        assert len(forgetful._weights._met) < 40
