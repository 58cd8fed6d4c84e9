"""Labelled texts to learn from: GoEmotions, grouped into three classes, titles, and examples of our own."""

import gzip
import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "data"
TRAIN = FOLDER / "goemotions_train.tsv.gz"
DEV = FOLDER / "goemotions_dev.tsv.gz"
POSTS = FOLDER / "ai_subreddit_posts.ndjson.gz"
OWN = Path(__file__).parent / "product_talk.tsv"
TITLES = Path(__file__).parent / "ai_titles.tsv"
LABELS = ("negative", "neutral", "positive")

NEGATIVE, NEUTRAL, POSITIVE = range(3)

# In the order of the file's numbers. Surprise, realization, confusion and curiosity are ambiguous: neutral.
_GROUPS = {
    **dict.fromkeys((0, 1, 4, 5, 8, 13, 15, 17, 18, 20, 21, 23), POSITIVE),
    **dict.fromkeys((2, 3, 9, 10, 11, 12, 14, 16, 19, 24, 25), NEGATIVE),
}


def labelled(file: Path) -> tuple[list[str], list[int]]:
    """Texts and their classes; those that are both positive and negative are left out.

    :raises FileNotFoundError: when the file is not there.
    """
    texts, classes = [], []
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            text, numbers, _ = line.rstrip("\n").split("\t")
            groups = {_GROUPS.get(int(number), NEUTRAL) for number in numbers.split(",")}
            if not {NEGATIVE, POSITIVE} <= groups:
                texts.append(text)
                classes.append((groups - {NEUTRAL} or {NEUTRAL}).pop())
    return texts, classes


def own_examples(file: Path) -> tuple[list[str], list[int]]:
    """Texts and their classes from lines of a label, a tabulator and a text."""
    pairs = _pairs(file)
    return [text for _, text in pairs], [LABELS.index(name) for name, _ in pairs]


def labelled_titles(file: Path, posts: Path) -> tuple[list[str], list[int]]:
    """Titles and their classes from lines of a label, a tabulator and the number of a post.

    :raises FileNotFoundError: when the posts are not there.
    """
    with gzip.open(posts, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    pairs = _pairs(file)
    return [titles[int(number)] for _, number in pairs], [LABELS.index(name) for name, _ in pairs]


def _pairs(file: Path) -> list[list[str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
