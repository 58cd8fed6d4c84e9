"""How right the search for tools is on labelled sentences, and what it costs beside scoring.

Right: precision, recall and F1 over the sentences of the tests, by tool and in all. The rules were chosen on
half of the sentences; the other half, held back, is told apart.

Costs: seconds of searching for 1,000 aliases over seconds of ``TextBlob(text).sentiment`` on the same texts,
in turns. The default tools keep their own names; made-up ones fill up the rest.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.command import run_alone
from bench.figures import Figure, Result, at_least, at_most, figure, ratios
from bench.options import Options, Progress
from bench.scoring import load_texts, plain_loop
from sentiment_service.scoring.mentions import MentionFinder
from sentiment_service.scoring.names import NameReader
from sentiment_service.tools import Tool
from tests.scoring.finders import RULES, TOOLS, counts, default_finder, rates
from tests.scoring.mention_sentences import CHOSEN_ON, HELD_BACK, SENTENCES, Sentence

ALIASES = 1000
SYLLABLES = ("ba", "co", "di", "fu", "ge", "ha", "ki", "lo", "mu", "ne", "po", "ra", "so", "ti", "ve", "zy")


def crowded() -> list[Tool]:
    """The default tools and made-up ones, which have :data:`ALIASES` names together."""
    dice = random.Random(2026)
    left = ALIASES - sum(1 + len(tool.aliases) for tool in TOOLS)
    tools = list(TOOLS)
    while left > 0:
        names = ["".join(dice.choices(SYLLABLES, k=3)).title() for _ in range(min(left, 5))]
        names[1:] = [f"{name} {''.join(dice.choices(SYLLABLES, k=2))}" for name in names[1:]]
        tools.append(replace(TOOLS[0], id=names[0], name=names[0], aliases=tuple(names[1:]), ambiguous=()))
        left -= len(names)
    return tools


def correctness(finder: MentionFinder) -> list[Figure]:
    """Precision, recall and F1, in all and by tool."""
    figures: list[Figure] = []
    for about, sentences in (("all", SENTENCES), ("chosen on", CHOSEN_ON), ("held back", HELD_BACK)):
        figures += _overall(finder, f"{len(sentences)} sentences, {about}", sentences)
    for tool, found in counts(finder, SENTENCES).items():
        precision, recall, f1 = rates([found])
        figures.append(figure(f"  F1 of {tool}", f1, note=f"precision {precision:.2f}, recall {recall:.2f}"))
    return figures


def _overall(finder: MentionFinder, about: str, sentences: Sequence[Sentence]) -> list[Figure]:
    precision, recall, f1 = rates(list(counts(finder, sentences).values()))
    return [
        figure(f"precision of mentions ({about})", precision, "", at_least(0.90)),
        figure(f"recall of mentions ({about})", recall, "", at_least(0.85)),
        figure(f"F1 of mentions ({about})", f1),
    ]


def a_second(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Texts a second of a piece of work."""
    begin = time.perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (time.perf_counter() - begin)


async def run(options: Options, progress: Progress) -> Result:
    """First how right it is, then what it costs."""
    progress.expect(1 + options.rounds)
    progress.step("labelled sentences")
    figures = correctness(default_finder())
    texts = load_texts(int(options.pick(smoke=50, quick=1000, whole=3000)))
    finder = MentionFinder(crowded(), RULES)
    names = [name for tool in TOOLS for name in (tool.name, *tool.aliases)]
    reader = await asyncio.to_thread(NameReader, names)  # it reads a list of ordinary words
    scored: list[float] = []
    searched: list[float] = []
    named: list[float] = []
    for number in range(options.rounds):
        progress.step(f"round {number + 1}")
        scored.append(plain_loop(texts).by_clock)
        searched.append(a_second(lambda text: finder.find(text, "programming"), texts))
        named.append(a_second(reader.names_in, texts))
    return Result(
        "mentions",
        (
            *figures,
            figure(f"search for {ALIASES:,} aliases / scoring", ratios(scored, searched), "", at_most(0.1)),
            figure("  texts searched a second", searched, "texts/s"),
            figure("  TextBlob(text).sentiment in a plain loop", scored, "texts/s"),
            figure("reading untracked names / scoring", ratios(scored, named)),
        ),
    )


if __name__ == "__main__":
    run_alone("mentions", run)
