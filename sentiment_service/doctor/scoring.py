"""The scoring worker: whether it starts, and how fast it is."""

import time
from collections.abc import AsyncGenerator

from sentiment_service.doctor.findings import Finding
from sentiment_service.errors import ScoringError
from sentiment_service.models import Label, Sentiment
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import ScoringSettings
from sentiment_service.tools import Analysis

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
            (read,) = await worker.score([SENTENCE])
            score = read.sentiment if isinstance(read, Analysis) else None
            began = time.perf_counter()
            await worker.score([f"{number}: {TEXT}" for number in range(TEXTS)])
            speed = TEXTS / (time.perf_counter() - began)
        except ScoringError as error:
            yield Finding("problem", "scoring", str(error), REINSTALL)
            return
        yield _judged(score, started_s, speed)
    finally:
        await worker.close()


def _judged(score: Sentiment | None, started_s: float, speed: float) -> Finding:
    if score is None or score.label is not Label.POSITIVE:
        said = "no score" if score is None else score.label.value
        advice = REINSTALL if score is None else "lower scoring.positive_from"
        return Finding("warning", "scoring", f"'{SENTENCE}' got: {said}", advice)
    seen = f"{score.scorer} starts in {started_s:.1f} s and scores {speed:,.0f} texts a second"
    if speed < SLOW:
        return Finding("warning", "scoring", seen, "the machine is busy or very slow")
    return Finding("ok", "scoring", seen)
