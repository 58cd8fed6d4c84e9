"""Real titles that name tools, with what a person says they speak of each; when the data is there.

The lines of the files beside this module have the number of a post in ``ai_subreddit_posts.ndjson.gz``,
counted from 0, a tab, and labels as in :mod:`tests.scoring.comparative_sentences`. The titles were drawn at
random from those that name a tool, and labelled before any of them was scored. Two of three mentions are
neutral, as on Reddit.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

from sentiment_service.models import Label
from tests.data import AI_POSTS, rows
from tests.scoring.comparative_sentences import Found, labels_in
from tests.scoring.finders import default_finder


@dataclass(frozen=True, slots=True)
class Title:
    """One title, its tools as the service finds them, and the label of each."""

    text: str
    finds: tuple[Found, ...]
    labels: dict[str, Label]


def titles_looked_at() -> tuple[Title, ...]:
    """Those whose mistakes were looked at."""
    return _titles("real_titles_looked_at.tsv")


def titles_held_back() -> tuple[Title, ...]:
    """Those whose mistakes were not."""
    return _titles("real_titles_held_back.tsv")


@functools.cache
def _titles(name: str) -> tuple[Title, ...]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    labels = {int(number): labels_in(found) for number, _, found in (line.partition("\t") for line in lines)}
    finder = default_finder()
    return tuple(
        Title(
            row["title"],
            tuple(Found(*each[:3]) for each in finder.find(row["title"], row["subreddit"])),
            labels[number],
        )
        for number, row in enumerate(rows(AI_POSTS))
        if number in labels
    )
