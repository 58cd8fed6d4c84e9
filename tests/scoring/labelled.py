"""Comments that people labelled, for tests, when the data is there."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from tests.data import FOLDER

TRAIN = FOLDER / "goemotions_train.tsv.gz"
DEV = FOLDER / "goemotions_dev.tsv.gz"


def comments(file: Path) -> Iterator[str]:
    """The texts of a file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for text, *_ in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield text
