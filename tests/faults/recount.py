"""Rollups as they are stored against a recount of the items: of subreddits, of all, and of every tool."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sentiment_service.models import Tally
from sentiment_service.store.tally_rows import unpacked
from tests.faults.lists import Kind, Listed

Hour = tuple[str, datetime]
"""A scope and the beginning of an hour; of the tools of a whole day, of the day."""
Counts = dict[Hour, Counter[str]]
Documents = Iterable[Mapping[str, Any]]

_COUNTS = ("posts", "comments", "positive", "negative", "neutral", "unscored", "comment_sum", "upvote_sum")
_MILLIONTHS = 1e6


def wrong_hours(
    truth: Mapping[str, Listed], items: Mapping[Kind, Documents], rollups: Documents
) -> frozenset[Hour]:
    """Hours that differ; the sums of polarities may do so by a rounding for each item."""
    recorded, counted = _recorded(rollups), _recount(truth, items)
    nothing: Counter[str] = Counter()

    def differ(hour: Hour) -> bool:
        a, b = recorded.get(hour, nothing), counted.get(hour, nothing)
        off = abs(a["micropolarity"] - b["micropolarity"]) > 1 + a["posts"] + a["comments"]
        return off or any(a[name] != b[name] for name in _COUNTS)

    return frozenset(hour for hour in recorded.keys() | counted.keys() if differ(hour))


def _recount(truth: Mapping[str, Listed], items: Mapping[Kind, Documents]) -> Counts:
    """Counts by scope and hour, from the items alone."""
    found: defaultdict[Hour, Counter[str]] = defaultdict(Counter)
    for kind, documents in items.items():
        for document in documents:
            if (item := truth.get(document["_id"])) is not None:
                for hour, counts in _counted(item, kind, document):
                    found[hour].update(counts)
    return dict(found)


def _counted(item: Listed, kind: Kind, document: Mapping[str, Any]) -> Iterator[tuple[Hour, Counter[str]]]:
    """What one item counts for: its subreddit, all, and each tool it speaks of."""
    hour = item.created_at.replace(minute=0, second=0, microsecond=0)
    for scope in ("all", f"subreddit:{item.subreddit}"):
        yield (scope, hour), _one(kind, document.get("sentiment"))
    for mention in document["mentions"]:
        counts = _one(kind, mention)
        counts["comment_sum"] = document.get("comment_count", 0)
        counts["upvote_sum"] = document["upvotes"]
        tool = f"tool:{mention['tool_id']}"
        for scope in (tool, f"{tool}|subreddit:{item.subreddit}"):
            yield (scope, hour), counts
        yield (f"day of {tool}", hour.replace(hour=0)), counts


def _one(kind: Kind, said: Mapping[str, Any] | None) -> Counter[str]:
    if said is None:
        return Counter({kind: 1, "unscored": 1})
    return Counter({kind: 1, said["label"]: 1, "micropolarity": round(said["polarity"] * _MILLIONTHS)})


def _recorded(rollups: Documents) -> Counts:
    """The same counts from the rollups."""
    found: Counts = {}
    for document in rollups:
        for number, tally in unpacked(dict(document)).items():
            if document["kind"] == "tools":
                found[f"day of tool:{document['tool_ids'][number]}", document["day"]] = _tally(tally)
            else:
                found[document["scope"], document["day"].replace(hour=number)] = _tally(tally)
    return found


def _tally(tally: Tally) -> Counter[str]:
    counts = Counter({name: getattr(tally, name) for name in _COUNTS})
    counts["micropolarity"] = round(tally.polarity_sum * _MILLIONTHS)
    return counts
