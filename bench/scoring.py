"""Items a second through the scoring worker, against a plain loop of ``TextBlob(text).sentiment``.

Both run over the same texts in turns.
The worker's figure includes cleaning the markdown and both ways through the pipe. The same by processor time
(of this process and the scoring one together) stands beside it: the scoring process gives way to others, so
that on a busy machine the time on the clock says little. The texts are recorded
Reddit content where it is there, otherwise generated, cut to 400 characters each.
"""

import gzip
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
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


@dataclass(frozen=True, slots=True)
class Speed:
    """Texts a second."""

    by_clock: float
    by_processor: float


def plain_loop(texts: Sequence[str]) -> Speed:
    """TextBlob in a loop."""
    begin, spent = time.perf_counter(), time.process_time()
    for text in texts:
        _ = TextBlob(text).sentiment
    taken_s, spent_s = time.perf_counter() - begin, time.process_time() - spent
    return Speed(len(texts) / taken_s, len(texts) / spent_s)


async def through_worker(worker: ScoringWorker, texts: Sequence[str]) -> Speed:
    """Through the worker, which runs already."""
    begin, spent = time.perf_counter(), _spent_s(worker)
    await worker.score(texts)
    return Speed(len(texts) / (time.perf_counter() - begin), len(texts) / (_spent_s(worker) - spent))


def _spent_s(worker: ScoringWorker) -> float:
    """Processor seconds of this process and the scoring one, to a hundredth."""
    times = psutil.Process(worker.pid).cpu_times()
    return float(time.process_time() + times.user + times.system)


async def compare(count: int, rounds: int, progress: Progress) -> list[tuple[Speed, Speed]]:
    """The plain loop and the worker, round by round."""
    texts = load_texts(count)
    worker = ScoringWorker(ScoringSettings())
    pairs: list[tuple[Speed, Speed]] = []
    try:
        await worker.start()
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
    plain, worked = [one.by_clock for one, _ in pairs], [other.by_clock for _, other in pairs]
    by_processor = [other.by_processor / one.by_processor for one, other in pairs]
    return Result(
        "scoring",
        (
            figure(
                "scoring worker / TextBlob in a plain loop, items a second",
                ratios(worked, plain),
                "",
                at_least(0.9),
            ),
            figure("  the same by processor time", by_processor),
            figure("  through the scoring worker", worked, "items/s"),
            figure("  TextBlob(text).sentiment in a plain loop", plain, "items/s"),
        ),
    )


if __name__ == "__main__":
    run_alone("scoring", run)
