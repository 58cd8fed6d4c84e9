"""How often the sentiment of a mention is what a person would say, and what it costs to find it out.

Over the labelled sentences of the tests: the label of each mention as the service reads it, against giving
every tool the label of the whole text. The rules were made with one half of the sentences; the other half is
reported on its own. Sentences worded unlike the rules and, where the data is there, real titles are reported
too: they show how far the rules reach. Then the time for one text of 40,000 characters with 2,000 mentions,
without the time in the scorer, and for short texts with one mention and with two.
"""

import asyncio
import time
from collections.abc import Sequence

from bench.command import run_alone
from bench.figures import Figure, Result, at_least, at_most, figure
from bench.options import Options, Progress
from sentiment_service.models import Label
from sentiment_service.scoring.mention_sentiment import mention_parts
from sentiment_service.scoring.scorer import SCORERS, Score, Thresholds, create_scorer
from tests.data import AI_POSTS
from tests.scoring.comparative_sentences import (
    find_names,
    held_out,
    sentences,
    share_right,
    tuned,
    unfamiliar,
    unfamiliar_seen,
    whole_text_share_right,
)
from tests.scoring.real_titles import titles_held_back, titles_looked_at

SCORED_HERE = ("textblob", "reddit")
"""Scorers that need nothing outside the process."""
THRESHOLDS = Thresholds(0.1, -0.1)
LONG = ("Cursor is better than Copilot, I think. " * 1000)[:40_000]
ONE = "I really like Cursor for this kind of thing. It is fast, and the diffs are easy to read."
TWO = "I really like Cursor for this kind of thing, but Copilot is cheaper and comes with my plan."


class FreeScorer:
    """Costs nothing, so that the time around it is seen."""

    name = "free@1"

    def score(self, text: str) -> Score:
        """The same for every text."""
        return Score(0.3, 0.5, Label.POSITIVE, 0.5)


async def run(options: Options, progress: Progress) -> Result:
    """Shares right by scorer, then times."""
    names = [name for name in SCORED_HERE if name in SCORERS]
    progress.expect(len(names) + 1)
    figures: list[Figure] = []
    for name in names:
        progress.step(name)
        # A scorer reads its files when it is made.
        figures += await asyncio.to_thread(accuracy, name)
    progress.step("speed")
    return Result("mention-sentiment", (*figures, *await asyncio.to_thread(speed, options)))


def accuracy(name: str) -> list[Figure]:
    """Shares of mentions labelled as a person would, of both ways."""
    scorer = create_scorer(name, THRESHOLDS)
    whole = whole_text_share_right(sentences(), scorer)
    return [
        figure(f"mention labels right, {name}", share_right(sentences(), scorer), "", at_least(0.8)),
        figure("  on the half the rules were made with", share_right(tuned(), scorer)),
        figure("  on the half held out", share_right(held_out(), scorer), "", at_least(0.8)),
        figure("  on sentences worded unlike the rules, held back", share_right(unfamiliar(), scorer)),
        figure("  on such sentences that were looked at", share_right(unfamiliar_seen(), scorer)),
        *(
            [
                figure("  on real titles, held back", share_right(titles_held_back(), scorer)),
                figure("  on real titles that were looked at", share_right(titles_looked_at(), scorer)),
                figure(
                    "  were it that of the whole title", whole_text_share_right(titles_held_back(), scorer)
                ),
            ]
            if AI_POSTS.exists()
            else []
        ),
        figure("  were the label that of the whole text", whole, "", at_most(0.6)),
    ]


def speed(options: Options) -> list[Figure]:
    """Times around the scorer."""
    repeats = int(options.pick(smoke=2, quick=200, whole=1000))
    long = [seconds_of(LONG, 1) * 1000 for _ in range(options.rounds)]
    short: Sequence[tuple[str, str]] = (("one mention", ONE), ("two tools and a contrast", TWO))
    return [
        figure("40,000 characters, 2,000 mentions, without scoring", long, "ms", at_most(50)),
        *(
            figure(
                f"  a short text with {name}",
                [1e6 * seconds_of(text, repeats) for _ in range(options.rounds)],
                "µs",
            )
            for name, text in short
        ),
    ]


def seconds_of(text: str, repeats: int) -> float:
    """Seconds to read the mentions of a text whose tools were found already."""
    finds, scorer = find_names(text), FreeScorer()
    begin = time.perf_counter()
    for _ in range(repeats):
        mention_parts(text, finds, scorer)
    return (time.perf_counter() - begin) / repeats


if __name__ == "__main__":
    run_alone("mention-sentiment", run)
