"""Figures against ones worked out by hand, and laws that hold for all of them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.evaluation.figures import LABELS, Answer, figures_of
from sentiment_service.models import Label

P, U, N = Label.POSITIVE, Label.NEUTRAL, Label.NEGATIVE


def answers(*pairs: tuple[Label, Label], confidence: float = 0.5) -> list[Answer]:
    return [Answer(expected, given, confidence) for expected, given in pairs]


def test_figures_are_those_worked_out_by_hand() -> None:
    figures = figures_of(answers((P, P), (P, P), (P, U), (U, U), (U, P), (N, N), (N, P), (N, U)))
    assert figures.accuracy == 4 / 8
    assert figures.confusion == {P: {P: 2, U: 1, N: 0}, U: {P: 1, U: 1, N: 0}, N: {P: 1, U: 1, N: 1}}
    positive, neutral, negative = (figures.classes[label] for label in (P, U, N))
    assert (positive.precision, positive.recall) == (2 / 4, 2 / 3)
    assert (neutral.precision, neutral.recall) == (1 / 3, 1 / 2)
    assert (negative.precision, negative.recall) == (1.0, 1 / 3)
    assert [positive.f1, neutral.f1, negative.f1] == pytest.approx([4 / 7, 2 / 5, 1 / 2])
    assert figures.macro_f1 == pytest.approx((4 / 7 + 2 / 5 + 1 / 2) / 3)


def test_a_label_that_nobody_gave_is_not_part_of_the_mean() -> None:
    figures = figures_of(answers((P, P), (N, P), (N, U)))
    assert figures.classes[U].texts == 0
    assert (figures.classes[U].precision, figures.classes[U].recall, figures.classes[U].f1) == (0, 0, 0)
    assert figures.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_calibration_weighs_each_bin_by_its_answers() -> None:
    sure = [Answer(P, P, 0.95), Answer(P, P, 0.95), Answer(P, N, 0.95), Answer(P, N, 1.0)]
    unsure = [Answer(P, P, 0.35)]
    figures = figures_of(sure + unsure)
    # 4/5 · |2/4 - 0.9625| + 1/5 · |1 - 0.35|
    assert figures.calibration_error == pytest.approx(0.8 * 0.4625 + 0.2 * 0.65)
    assert [each.answers for each in figures.bins] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 4]


def test_perfect_confidence_has_no_calibration_error() -> None:
    figures = figures_of([Answer(P, P, 0.75), Answer(U, U, 0.75), Answer(N, N, 0.75), Answer(N, P, 0.75)])
    assert figures.calibration_error == 0


ANSWERS = st.lists(
    st.builds(Answer, st.sampled_from(LABELS), st.sampled_from(LABELS), st.floats(0, 1)), min_size=1
)


@given(ANSWERS)
def test_figures_agree_with_each_other(given_answers: Sequence[Answer]) -> None:
    figures = figures_of(given_answers)
    assert sum(each.answers for each in figures.bins) == figures.answers == len(given_answers)
    assert sum(sum(row.values()) for row in figures.confusion.values()) == len(given_answers)
    recalled = sum(each.recall * each.texts for each in figures.classes.values())
    assert figures.accuracy == pytest.approx(recalled / len(given_answers))
    shares = [figures.accuracy, figures.macro_f1, figures.calibration_error]
    assert all(0 <= share <= 1 for share in shares)
    right = sum(each.accuracy * each.answers for each in figures.bins)
    assert right == pytest.approx(figures.accuracy * len(given_answers))
