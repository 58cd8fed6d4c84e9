"""Asking a language model about labelled texts through our own scoring: worker, model, fallbacks."""

import asyncio
import time
from collections.abc import Callable, Sequence

from sentiment_service.errors import EvaluationError
from sentiment_service.evaluation.figures import Answer, figures_of
from sentiment_service.evaluation.labelled import LabelledText
from sentiment_service.evaluation.measure import Measurement, guess
from sentiment_service.scoring.llm import LlmScorer, Outcome
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import LlmSettings, ScoringSettings
from sentiment_service.tools import Analysis

CHUNK = 100
"""Texts scored together, as many as a page of a listing holds."""


def measure_language_model(
    scoring: ScoringSettings,
    llm: LlmSettings,
    texts: Sequence[LabelledText],
    *,
    progress: Callable[[int], object],
) -> Measurement:
    """Score every text with these settings, ``llm.mode`` and the budget included.

    So with ``low_confidence`` the figures are those of both scorers together, as they would be stored.

    :param texts: at least one.
    :param progress: told how many more texts are done.
    :raises EvaluationError: when a text could not be scored at all.
    :raises ScoringError: when the scoring process does not start.
    """
    return asyncio.run(_measure(scoring, llm, texts, progress))


async def _measure(
    scoring: ScoringSettings,
    llm: LlmSettings,
    texts: Sequence[LabelledText],
    progress: Callable[[int], object],
) -> Measurement:
    worker = ScoringWorker(scoring)
    scorer = LlmScorer(worker, llm)
    try:
        await worker.start()
        began = time.perf_counter()
        answers: list[Answer | None] = []
        for start in range(0, len(texts), CHUNK):
            chunk = texts[start : start + CHUNK]
            outcomes = await scorer.score([each.text for each in chunk])
            answers += [_answer(each, outcome) for each, outcome in zip(chunk, outcomes, strict=True)]
            progress(len(chunk))
        seconds = time.perf_counter() - began
    finally:
        await scorer.close()
        await worker.close()
    return Measurement(
        scorer=scorer.name,
        figures=figures_of([answer or guess(each) for answer, each in zip(answers, texts, strict=True)]),
        no_text=answers.count(None),
        items_per_second=len(texts) / max(seconds, 1e-9),
        fallbacks={reason: count for reason, count in scorer.fallbacks.items() if count},
    )


def _answer(labelled: LabelledText, outcome: Outcome) -> Answer | None:
    if outcome is None:
        return None
    if isinstance(outcome, Analysis):
        return Answer(labelled.label, outcome.sentiment.label, outcome.sentiment.confidence)
    raise EvaluationError(f"a text could not be scored: {outcome}")
