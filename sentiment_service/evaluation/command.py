"""One evaluation from the file to the tables, the JSON and the picture."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from sentiment_service.config import ScoringSettings
from sentiment_service.errors import EvaluationError
from sentiment_service.evaluation.labelled import read_labelled
from sentiment_service.evaluation.measure import measure
from sentiment_service.evaluation.report import Evaluation, as_json
from sentiment_service.scoring.scorer import Thresholds, create_scorer

Progress = Callable[[str, int, int], object]
"""Told the scorer's name, how many texts it has done and how many there are."""


def evaluate(
    file: Path,
    scorers: Sequence[str],
    settings: ScoringSettings,
    *,
    limit: int | None,
    markdown: bool,
    progress: Progress,
) -> Evaluation:
    """Ask scorers about the texts of a file; takes as long as scoring them does.

    :param scorers: names of :data:`~sentiment_service.scoring.scorer.SCORERS`.
    :param limit: texts to read at most.
    :param markdown: whether to read texts as Reddit markdown first, as the service does.
    :raises EvaluationError: when the file cannot be read.
    """
    texts = read_labelled(file, limit=limit)
    thresholds = Thresholds(settings.positive_from, settings.negative_from)
    measurements = []
    for name in scorers:
        count = _Counter(name, len(texts.texts), progress)
        scorer = create_scorer(name, thresholds)
        measurements.append(measure(scorer, texts.texts, markdown=markdown, progress=count))
    return Evaluation(file.name, texts, tuple(measurements))


class _Counter:
    """Adds up what one scorer has done."""

    def __init__(self, name: str, total: int, progress: Progress) -> None:
        self._name, self._total, self._progress = name, total, progress
        self._done = 0

    def __call__(self, more: int) -> None:
        self._done += more
        self._progress(self._name, self._done, self._total)


def ensure_writable(file: Path) -> None:
    """Find out early whether a file can be written.

    :raises EvaluationError: when its folder does not exist, or it is a folder itself.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise EvaluationError(f"{file}: cannot be written: it is a folder, or its folder does not exist")


def write_json(evaluation: Evaluation, file: Path) -> None:
    """Write an evaluation as JSON.

    :raises EvaluationError: when it cannot be written.
    """
    try:
        file.write_text(json.dumps(as_json(evaluation), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{file}: cannot be written: {error.strerror or error}") from error
