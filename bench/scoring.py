"""Items a second through the scoring worker, against a plain loop of ``TextBlob(text).sentiment``.

Both run over the same texts in turns.
The worker's figure includes cleaning the markdown and both ways through the pipe. The texts are recorded
Reddit content where it is there, otherwise generated, cut to 400 characters each.
"""

import gzip
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

from textblob import TextBlob  # type: ignore[import-untyped]

from bench.command import run_alone
from bench.figures import Result, at_least, figure, ratios
from bench.options import Options, Progress
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import ScoringSettings

RECORDED = Path(__file__).parents[2] / "shared" / "data" / "reddit_recorded.ndjson.gz"
CHARACTERS = 400
WORDS = (
    "the a I it is was not really very good great bad terrible love hate this tool model update price broken "
    "works fast slow today again **never** better worse and but because , . ! ? :) don't can't isn't"
)


def load_texts(count: int) -> list[str]:
    """Texts of :data:`CHARACTERS` characters each, the same ones every time."""
    if RECORDED.exists():
        with gzip.open(RECORDED, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line)["data"] for line in lines]
        pieces = [text for row in rows if (text := row.get("body") or row.get("selftext"))]
    else:
        dice = random.Random(2026)
        words = WORDS.split()
        pieces = [" ".join(dice.choices(words, k=dice.randint(5, 120))) for _ in range(2000)]
    whole = "\n\n".join(pieces)
    starts = (number * CHARACTERS % max(1, len(whole) - CHARACTERS) for number in range(count))
    return [whole[start : start + CHARACTERS] for start in starts]


def plain_loop(texts: Sequence[str]) -> float:
    """Items a second of TextBlob in a loop."""
    begin = time.perf_counter()
    for text in texts:
        _ = TextBlob(text).sentiment
    return len(texts) / (time.perf_counter() - begin)


async def through_worker(worker: ScoringWorker, texts: Sequence[str]) -> float:
    """Items a second through the worker."""
    begin = time.perf_counter()
    await worker.score(texts)
    return len(texts) / (time.perf_counter() - begin)


async def compare(count: int, rounds: int, progress: Progress) -> list[tuple[float, float]]:
    """Items a second of the plain loop and of the worker, round by round."""
    texts = load_texts(count)
    worker = ScoringWorker(ScoringSettings())
    pairs: list[tuple[float, float]] = []
    try:
        await through_worker(worker, texts[:200])
        plain_loop(texts[:200])
        for number in range(rounds):
            progress.step(f"round {number + 1}")
            pairs.append((plain_loop(texts), await through_worker(worker, texts)))
    finally:
        await worker.close()
    return pairs


async def run(options: Options, progress: Progress) -> Result:
    """Both, in turns."""
    progress.expect(options.rounds)
    pairs = await compare(int(options.pick(smoke=50, quick=1000, whole=3000)), options.rounds, progress)
    plain, worked = [one for one, _ in pairs], [other for _, other in pairs]
    return Result(
        "scoring",
        (
            figure(
                "scoring worker / TextBlob in a plain loop, items a second",
                ratios(worked, plain),
                "",
                at_least(0.9),
            ),
            figure("  through the scoring worker", worked, "items/s"),
            figure("  TextBlob(text).sentiment in a plain loop", plain, "items/s"),
        ),
    )


if __name__ == "__main__":
    run_alone("scoring", run)
