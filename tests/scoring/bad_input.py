"""Texts that nobody should write and somebody does; as a program, how long each takes to read, as JSON."""

import json
import random
import sys
import time

from sentiment_service.scoring.analysis import Analyst
from sentiment_service.scoring.mentions import catalogue_frame
from sentiment_service.scoring.scorer import Thresholds, create_scorer
from sentiment_service.tools import LabelOf
from tests.scoring.finders import RULES, TOOLS

LONGEST = 40_000
ROUNDS = 4

NO_TEXT = {
    "empty": "",
    "blank": " \n\t\u200b",
    "only code": "```\nx = 1\n```",
    "only a link": "https://example.org/a",
    "only marks": "!?" * (LONGEST // 2),
    "quotation marks never closed": '"“([' * (LONGEST // 4),
}
SCORED = {
    "the longest": ("I love Cursor but Copilot is a mess, not good at all! " * 800)[:LONGEST],
    "one word": "a" * LONGEST,
    "words that nobody knows": "".join(random.Random(3).choices("abcdefghij \n", k=LONGEST)),
    "ten thousand emoji": "😡" * 10_000,
    "different emoji": "😡😍🎉" * 3333,
    "control characters": "\x00\x01\x07bad\x1b[31m good" * 100,
    "broken surrogates": "\ud83d I love it \udc00" * 200,
    "markdown": "> *a* **b** [c](d) `e`\nso\n\n" * 1400,
    "nothing but negations": "not " * (LONGEST // 4),
    "piled accents": "a\u0301\u0302\u0303" * (LONGEST // 4),
    "capitals with longer small letters": "İ" * LONGEST,
}
FOREIGN = {
    "right to left": "هذا سيء للغاية ولا أحبه " * 50,
    "German": "Das ist ja wirklich furchtbar und ganz schlimm. " * 100,
    "Russian": "это просто ужасно, никогда больше. " * 100,
    "Chinese": "这个更新太糟糕了。" * 400,
}


def analyst(scorer: str) -> Analyst:
    """What the scoring process reads texts with."""
    made = Analyst(create_scorer(scorer, Thresholds(0.1, -0.1)), LabelOf(0.1, -0.1))
    made.look_for(catalogue_frame(TOOLS, RULES))
    return made


def milliseconds(reader: Analyst, text: str) -> float:
    """Processor time of the fastest of some readings."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        reader.analyse(text, "Cursor")
        times.append(1000 * (time.process_time() - began))
    return min(times)


if __name__ == "__main__":
    readers = {name: analyst(name) for name in ("textblob", "reddit")}
    texts = {**NO_TEXT, **SCORED, **FOREIGN}
    json.dump(
        {
            f"{name}: {what}": milliseconds(reader, text)
            for name, reader in readers.items()
            for what, text in texts.items()
        },
        sys.stdout,
    )
