"""How right a scorer is, from what people said and what it said: pure arithmetic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sentiment_service.models import Label

BINS = 10
"""Bins of the calibration error: [0, 0.1), [0.1, 0.2) … [0.9, 1]."""

LABELS = (Label.POSITIVE, Label.NEUTRAL, Label.NEGATIVE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What people said of a text, and what a scorer said."""

    expected: Label
    given: Label
    confidence: float
    """From 0 to 1: how sure the scorer was."""


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How right a scorer is about one label."""

    precision: float
    """Share of the texts given this label that people gave it too; 0 when none was."""
    recall: float
    """Share of the texts that people gave this label that were given it; 0 when there are none."""
    f1: float
    """Harmonic mean of both; 0 when both are."""
    texts: int
    """Texts that people gave this label."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence."""

    low: float
    high: float
    answers: int
    confidence: float
    """Their mean confidence; 0 without answers."""
    accuracy: float
    """Share of them that is right; 0 without answers."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How right a scorer is."""

    answers: int
    accuracy: float
    macro_f1: float
    """Mean F1 of the labels that people gave to any text, each label counting the same."""
    calibration_error: float
    """Expected calibration error; see :func:`calibration_error`."""
    classes: dict[Label, ClassFigures]
    confusion: dict[Label, dict[Label, int]]
    """By what people said, then by what the scorer said: how many texts."""
    bins: tuple[Bin, ...]


def figures_of(answers: Sequence[Answer]) -> Figures:
    """All figures of at least one answer."""
    confusion = confusion_of(answers)
    classes = {label: _class_figures(label, confusion) for label in LABELS}
    present = [each.f1 for each in classes.values() if each.texts]
    bins = bins_of(answers)
    return Figures(
        answers=len(answers),
        accuracy=sum(confusion[label][label] for label in LABELS) / len(answers),
        macro_f1=sum(present) / len(present),
        calibration_error=calibration_error(bins),
        classes=classes,
        confusion=confusion,
        bins=bins,
    )


def confusion_of(answers: Sequence[Answer]) -> dict[Label, dict[Label, int]]:
    """How often each label was given to texts of each label; every pair is present."""
    counts = Counter((answer.expected, answer.given) for answer in answers)
    return {expected: {given: counts[expected, given] for given in LABELS} for expected in LABELS}


def _class_figures(label: Label, confusion: dict[Label, dict[Label, int]]) -> ClassFigures:
    right = confusion[label][label]
    texts = sum(confusion[label].values())
    given = sum(row[label] for row in confusion.values())
    return ClassFigures(
        precision=right / given if given else 0.0,
        recall=right / texts if texts else 0.0,
        f1=2 * right / (given + texts) if given + texts else 0.0,
        texts=texts,
    )


def bins_of(answers: Sequence[Answer]) -> tuple[Bin, ...]:
    """Answers by confidence, in ten bins of the same width; a confidence of 1 is in the last."""
    members: list[list[Answer]] = [[] for _ in range(BINS)]
    for answer in answers:
        members[min(BINS - 1, int(answer.confidence * BINS))].append(answer)
    return tuple(_bin(number, each) for number, each in enumerate(members))


def _bin(number: int, answers: Sequence[Answer]) -> Bin:
    count = len(answers)
    right = sum(answer.expected is answer.given for answer in answers)
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        answers=count,
        confidence=sum(answer.confidence for answer in answers) / count if count else 0.0,
        accuracy=right / count if count else 0.0,
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: ``Σ |B|/n · |accuracy(B) - confidence(B)|`` over the bins B.

    How far, on average, the confidence is from how often the label is right (Naeini, Cooper and Hauskrecht,
    "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015). 0 is perfect.
    """
    total = sum(each.answers for each in bins)
    return sum(each.answers / total * abs(each.accuracy - each.confidence) for each in bins)
