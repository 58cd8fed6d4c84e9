"""Counting scored items on the server: the stage that groups them, and what it gives as tallies."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sentiment_service.models import Tally


def counted_by(field: str) -> dict[str, Any]:
    """The stage that counts and sums items by one of their fields, by label and by scorer."""
    return {
        "$group": {
            "_id": {"by": f"${field}", "label": "$sentiment.label", "scorer": "$sentiment.scorer"},
            "count": {"$sum": 1},
            "sum": {"$sum": "$sentiment.polarity"},
            "squares": {"$sum": {"$multiply": ["$sentiment.polarity", "$sentiment.polarity"]}},
        }
    }


def tally_of_group(group: Mapping[str, Any], *, posts: bool) -> Tally:
    """One group of :func:`counted_by` as a tally of posts, or of comments."""
    count: int = group["count"]
    label: str | None = group["_id"].get("label")
    counted = Tally(posts=count) if posts else Tally(comments=count)
    if label is None:
        return replace(counted, unscored=count)
    return replace(
        counted,
        positive=count if label == "positive" else 0,
        negative=count if label == "negative" else 0,
        neutral=count if label == "neutral" else 0,
        polarity_sum=group["sum"],
        polarity_square_sum=group["squares"],
        scorers=frozenset({group["_id"]["scorer"]}),
    )
