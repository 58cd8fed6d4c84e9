"""One evaluation from the file to the tables, the JSON and the picture."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from sentiment_service.errors import ConfigError, EvaluationError
from sentiment_service.evaluation.labelled import LabelledTexts, read_labelled
from sentiment_service.evaluation.language_model import measure_language_model
from sentiment_service.evaluation.measure import Measurement, measure
from sentiment_service.evaluation.report import Evaluation, as_json
from sentiment_service.scoring.scorer import SCORERS, Thresholds, create_scorer
from sentiment_service.settings import Settings

LANGUAGE_MODEL = "llm"
"""Measured only when asked for: it costs money, and the texts leave for it."""

CHOICES = (*SCORERS, LANGUAGE_MODEL)

Progress = Callable[[str, int, int], object]
"""Told the scorer's name, how many texts it has done and how many there are."""


def evaluate(
    file: Path,
    scorers: Sequence[str],
    settings: Settings,
    *,
    limit: int | None,
    markdown: bool,
    progress: Progress,
) -> Evaluation:
    """Ask scorers about the texts of a file; takes as long as scoring them does.

    :param scorers: some of :data:`CHOICES`.
    :param limit: texts to read at most.
    :param markdown: whether to read texts as Reddit markdown first, as the service does.
    :raises ConfigError: the language model is asked for and not enabled.
    :raises EvaluationError: when the file cannot be read, or the language model is to read plain texts.
    """
    if LANGUAGE_MODEL in scorers:
        _ensure_language_model(settings, markdown=markdown)
    texts = read_labelled(file, limit=limit)
    measurements = [
        _measured(name, texts, settings, markdown=markdown, count=_Counter(name, len(texts.texts), progress))
        for name in scorers
    ]
    return Evaluation(file.name, texts, tuple(measurements))


def _ensure_language_model(settings: Settings, *, markdown: bool) -> None:
    if not settings.llm.enabled:
        raise ConfigError(["llm.enabled = false: expected true to evaluate the language model"])
    if not markdown:
        raise EvaluationError(
            "--plain: the language model is asked through the service, which reads markdown"
        )


def _measured(
    name: str, texts: LabelledTexts, settings: Settings, *, markdown: bool, count: "_Counter"
) -> Measurement:
    if name == LANGUAGE_MODEL:
        return measure_language_model(settings.scoring, settings.llm, texts.texts, progress=count)
    scorer = create_scorer(name, Thresholds(settings.scoring.positive_from, settings.scoring.negative_from))
    return measure(scorer, texts.texts, markdown=markdown, progress=count)


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
