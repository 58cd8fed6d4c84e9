"""Rollups as documents, both ways.

A day's document has the tally of the whole day as a document, which every read needs and people can read,
and those of its hours packed. The document with the day's tallies of all tools has all of them packed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from sentiment_service.models import DayRollup, Tally
from sentiment_service.store import bulk
from sentiment_service.store.documents import Document, tally_document, tally_of
from sentiment_service.store.tally_rows import Row, packed, rows_of, sum_of_rows, unpacked

COLLECTION = "rollups"
TOOLS_OF_DAY = "tools"
"""Scope of the document with the day's tallies of all tools."""
SUM_DIGITS = 9
"""Sums are rounded to this many digits: adding floats in another order then gives the same."""

Kind = Literal["all", "subreddit", "tool", "tool_in_subreddit", "tools"]
Hours = dict[int, Tally]


def key_of(scope: str, day: datetime) -> str:
    """The ``_id`` of a day's document."""
    return f"{scope}|{day:%Y-%m-%d}"


def day_upsert(
    kind: Kind, scope: str, day: datetime, hours: Hours, *, likely_new: bool = False, **more: str
) -> bulk.Upsert:
    """The document of one scope and day.

    :param likely_new: whether there is probably none yet.
    :param more: further fields.
    """
    rounded = {hour: _rounded(hours[hour]) for hour in sorted(hours)}
    whole = _rounded(sum(rounded.values(), Tally()))
    values: Document = {
        "kind": kind,
        "scope": scope,
        "day": day,
        "whole": tally_document(whole),
        **packed(rounded),
        **more,
    }
    return bulk.Upsert(key_of(scope, day), {"$set": values}, likely_new)


def upserts_of_tools(rollups: Iterable[bulk.Upsert]) -> list[bulk.Upsert]:
    """The documents that hold the tallies of all tools, one a day.

    :param rollups: those of the tools.
    """
    days: dict[datetime, dict[str, Tally]] = defaultdict(dict)
    for rollup in rollups:
        values = rollup.update["$set"]
        days[values["day"]][values["tool_id"]] = tally_of(values["whole"])
    return [
        bulk.Upsert(
            key_of(TOOLS_OF_DAY, day),
            {"$set": {"kind": "tools", "scope": TOOLS_OF_DAY, "day": day, **packed_tools(tallies)}},
        )
        for day, tallies in days.items()
    ]


def packed_tools(tallies: Mapping[str, Tally]) -> Document:
    """The tallies of tools by id as the fields of a document."""
    ids = sorted(tallies)  # so that equal ones are seen to be equal
    return {"tool_ids": ids, **packed({index: tallies[each] for index, each in enumerate(ids)})}


def rollup_of(document: Document, *, hours: bool) -> DayRollup:
    """A day's document read back.

    :param hours: with its hours.
    """
    return DayRollup(
        scope=document["scope"],
        day=document["day"],
        whole=tally_of(document["whole"]),
        hours=unpacked(document) if hours else {},
    )


class ToolSums:
    """Adds up what was said of each tool.

    :param only: ids of the tools that are wanted; all when not given.
    """

    def __init__(self, only: Collection[str] | None) -> None:
        self._only = only
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._scorers: dict[str, set[frozenset[str]]] = defaultdict(set)

    def add_day(self, document: Document) -> None:
        """Count a day's document of all tools in."""
        ids: Sequence[str] = document["tool_ids"]
        wanted = {index for index, each in enumerate(ids) if self._only is None or each in self._only}
        for index, scorers, row in rows_of(document):
            if index in wanted:
                self._add(ids[index], scorers, row)

    def add_hours(self, document: Document, first: int) -> None:
        """Count the end of a day in.

        :param document: of one tool and that day.
        :param first: hour with which it begins.
        """
        tool_id = document["tool_id"]
        if self._only is None or tool_id in self._only:
            for hour, scorers, row in rows_of(document):
                if hour >= first:
                    self._add(tool_id, scorers, row)

    def tallies(self) -> dict[str, Tally]:
        """The sums by tool."""
        return {tool_id: sum_of_rows(rows, self._scorers[tool_id]) for tool_id, rows in self._rows.items()}

    def _add(self, tool_id: str, scorers: frozenset[str], row: Row) -> None:
        self._rows[tool_id].append(row)
        self._scorers[tool_id].add(scorers)


def _rounded(tally: Tally) -> Tally:
    return tally._replace(
        polarity_sum=round(tally.polarity_sum, SUM_DIGITS) + 0.0,
        polarity_square_sum=round(tally.polarity_square_sum, SUM_DIGITS) + 0.0,
    )
