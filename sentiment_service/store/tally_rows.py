"""Tallies packed into one binary value, a row for each.

The embedded database decodes every field of every document that a read matches, wanted or not, so a day's
hours as documents in a document cost ten times as much as the day. As one value they cost next to nothing,
and are unpacked here only where they are wanted.

A row is little-endian and has no padding: its key and its scorers as two bytes each, six counts of four
bytes, and four sums as doubles. Its scorers are the index of a list of names in a list of such lists, which
is stored beside the rows.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sentiment_service.models import Tally
from sentiment_service.store.documents import Document

ROW = struct.Struct("<HH6I4d")
FIRST_SUM = 6
"""Where the sums begin in a row without its key and scorers."""

Row = tuple[float, ...]
"""The counts and sums of a row, in the order of :class:`~sentiment_service.models.Tally` without scorers."""


def packed(tallies: Mapping[int, Tally]) -> Document:
    """Tallies by key as the two fields of a document.

    :param tallies: by numbers from 0 to 65,535.
    """
    named: dict[frozenset[str], int] = {}
    rows = b"".join(
        ROW.pack(key, named.setdefault(tally.scorers, len(named)), *_numbers(tally))
        for key, tally in tallies.items()
    )
    return {"rows": rows, "row_scorers": [sorted(names) for names in named]}


def unpacked(document: Document) -> dict[int, Tally]:
    """The tallies of :func:`packed` by key."""
    return {key: tally_of_row(row, names) for key, names, row in rows_of(document)}


def rows_of(document: Document) -> Iterator[tuple[int, frozenset[str], Row]]:
    """The rows as they are, each with its key and its scorers."""
    names = [frozenset(each) for each in document["row_scorers"]]
    for key, number, *row in ROW.iter_unpack(document["rows"]):
        yield key, names[number], tuple(row)


def sum_of_rows(rows: Sequence[Row], scorers: Iterable[frozenset[str]]) -> Tally:
    """Many rows as one tally, without making each.

    :param rows: at least one.
    """
    return tally_of_row(tuple(map(sum, zip(*rows, strict=True))), frozenset().union(*scorers))


def tally_of_row(row: Row, scorers: frozenset[str]) -> Tally:
    """One row as a tally."""
    posts, comments, positive, negative, neutral, unscored = map(int, row[:FIRST_SUM])
    polarity_sum, square_sum, comment_sum, upvote_sum = row[FIRST_SUM:]
    return Tally(
        posts, comments, positive, negative, neutral, unscored,
        polarity_sum, square_sum, scorers, int(comment_sum), int(upvote_sum),
    )  # fmt: skip


def _numbers(tally: Tally) -> Row:
    """Sums of comments and upvotes as doubles as well: a server that adds up too much gives these."""
    counts = (tally.posts, tally.comments, tally.positive, tally.negative, tally.neutral, tally.unscored)
    sums = (tally.polarity_sum, tally.polarity_square_sum, tally.comment_sum, tally.upvote_sum)
    return (*counts, *sums)
