"""Measurements as tables for a terminal, and as values for JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sentiment_service.evaluation.figures import LABELS, Bin, Figures
from sentiment_service.evaluation.labelled import LabelledTexts
from sentiment_service.evaluation.measure import Measurement
from sentiment_service.models import Label

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every scorer asked about one file."""

    file: str
    """Its name, without the folder."""
    texts: LabelledTexts
    measurements: tuple[Measurement, ...]

    def counts(self) -> dict[Label, int]:
        """Texts by what people said."""
        counted = Counter(each.label for each in self.texts.texts)
        return {label: counted[label] for label in LABELS}


def tables(evaluation: Evaluation) -> str:
    """What was read, one line for each scorer, then each scorer's labels and confusion."""
    parts = [_headline(evaluation), _overview(evaluation.measurements)]
    parts += [_details(each) for each in evaluation.measurements]
    return "\n\n".join(parts)


def _headline(evaluation: Evaluation) -> str:
    counts = ", ".join(f"{count:,} {label}" for label, count in evaluation.counts().items())
    lines = [f"{evaluation.file}: {len(evaluation.texts.texts):,} texts ({counts})"]
    if evaluation.texts.left_out:
        lines.append(f"left out, positive and negative at once: {evaluation.texts.left_out:,}")
    no_text = max(each.no_text for each in evaluation.measurements)
    if no_text:
        lines.append(f"without anything to score, counted as a neutral guess: {no_text:,}")
    return "\n".join(lines)


def _overview(measurements: Sequence[Measurement]) -> str:
    head = ["scorer", "accuracy", "macro-F1", "calibration error", "items/s"]
    rows = [
        [
            each.scorer,
            _share(each.figures.accuracy),
            _share(each.figures.macro_f1),
            _share(each.figures.calibration_error),
            f"{each.items_per_second:,.0f}",
        ]
        for each in measurements
    ]
    return _table([head, *rows])


def _details(measurement: Measurement) -> str:
    head = [measurement.scorer, "precision", "recall", "F1", *(f"said {label}" for label in LABELS)]
    figures = measurement.figures
    rows = [
        [
            f"people said {label}",
            _share(figures.classes[label].precision),
            _share(figures.classes[label].recall),
            _share(figures.classes[label].f1),
            *(f"{figures.confusion[label][given]:,}" for given in LABELS),
        ]
        for label in LABELS
    ]
    lines = [_table([head, *rows])]
    if measurement.fallbacks:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in measurement.fallbacks.items())
        lines.append(f"kept the score they had before the language model: {reasons}")
    return "\n".join(lines)


def _share(value: float) -> str:
    return f"{value:.3f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of the same width, the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    )


def as_json(evaluation: Evaluation) -> dict[str, object]:
    """The same and the bins of the calibration error, as JSON values; shares have six digits."""
    return {
        "file": evaluation.file,
        "texts": len(evaluation.texts.texts),
        "labels": {str(label): count for label, count in evaluation.counts().items()},
        "left_out": evaluation.texts.left_out,
        "scorers": [_measurement_json(each) for each in evaluation.measurements],
    }


def _measurement_json(measurement: Measurement) -> dict[str, object]:
    figures = measurement.figures
    return {
        "scorer": measurement.scorer,
        "no_text": measurement.no_text,
        "fallbacks": dict(measurement.fallbacks),
        "accuracy": round(figures.accuracy, DIGITS),
        "macro_f1": round(figures.macro_f1, DIGITS),
        "calibration_error": round(figures.calibration_error, DIGITS),
        "items_per_second": round(measurement.items_per_second, 1),
        "classes": _classes_json(figures),
        "confusion": {
            str(expected): {str(given): count for given, count in row.items()}
            for expected, row in figures.confusion.items()
        },
        "bins": [_bin_json(each) for each in figures.bins],
    }


def _classes_json(figures: Figures) -> dict[str, object]:
    return {
        str(label): {
            "texts": each.texts,
            "precision": round(each.precision, DIGITS),
            "recall": round(each.recall, DIGITS),
            "f1": round(each.f1, DIGITS),
        }
        for label, each in figures.classes.items()
    }


def _bin_json(each: Bin) -> dict[str, object]:
    return {
        "low": each.low,
        "high": each.high,
        "texts": each.answers,
        "confidence": round(each.confidence, DIGITS) if each.answers else None,
        "accuracy": round(each.accuracy, DIGITS) if each.answers else None,
    }
