"""The scoring worker: whether it starts, and how fast it is."""

import time
from collections.abc import AsyncGenerator

from sentiment_service.config import ScoringSettings
from sentiment_service.doctor.findings import Finding
from sentiment_service.errors import ScoringError
from sentiment_service.models import Label, Sentiment
from sentiment_service.scoring.worker import ScoringWorker

SENTENCE = "This is a wonderful tool, I love it."
TEXT = "The new release broke my workflow, but support was friendly and the fix came fast. " * 3
TEXTS = 200
SLOW = 100.0
"""Texts a second below which a first collection of some ten thousand items takes many minutes."""
REINSTALL = "install sentiment_service again in a fresh environment, and check free memory"


async def look_at_scoring(settings: ScoringSettings) -> AsyncGenerator[Finding]:
    """Start a worker, score a sentence, and measure."""
    worker = ScoringWorker(settings)
    try:
        began = time.perf_counter()
        try:
            await worker.start()
            started_s = time.perf_counter() - began
            (score,) = await worker.score([SENTENCE])
            began = time.perf_counter()
            await worker.score([f"{number}: {TEXT}" for number in range(TEXTS)])
            speed = TEXTS / (time.perf_counter() - began)
        except ScoringError as error:
            yield Finding("problem", "scoring", str(error), REINSTALL)
            return
        yield _judged(score, started_s, speed)
    finally:
        await worker.close()


def _judged(score: Sentiment | ScoringError | None, started_s: float, speed: float) -> Finding:
    if not isinstance(score, Sentiment) or score.label is not Label.POSITIVE:
        said = score.label.value if isinstance(score, Sentiment) else "no score"
        advice = "lower scoring.positive_from" if isinstance(score, Sentiment) else REINSTALL
        return Finding("warning", "scoring", f"'{SENTENCE}' got: {said}", advice)
    seen = f"the worker starts in {started_s:.1f} s and scores {speed:,.0f} texts a second"
    if speed < SLOW:
        return Finding("warning", "scoring", seen, "the machine is busy or very slow")
    return Finding("ok", "scoring", seen)
