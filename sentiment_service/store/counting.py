"""Counting scored items on the server: the stages that group them, and what they give as tallies."""

from collections.abc import Mapping
from typing import Any

from sentiment_service.models import Tally

Stage = dict[str, Any]


def counted_by(field: str) -> Stage:
    """The stage that counts and sums items by one of their fields, by label and by scorer."""
    return {
        "$group": {
            "_id": {"by": f"${field}", "label": "$sentiment.label", "scorer": "$sentiment.scorer"},
            "count": {"$sum": 1},
            "sum": {"$sum": "$sentiment.polarity"},
            "squares": {"$sum": {"$multiply": ["$sentiment.polarity", "$sentiment.polarity"]}},
        }
    }


def counted_with_mentions(field: str) -> Stage:
    """The stage that does the same in ``items``, and in ``mentions`` for mentions, by tool besides.

    One stage, so that the server reads the items once.
    """
    return {"$facet": {"items": [counted_by(field)], "mentions": _mentions_by(field)}}


def _mentions_by(field: str) -> list[Stage]:
    key = {
        "by": f"${field}",
        "tool": "$mentions.tool_id",
        "label": "$mentions.label",
        "scorer": "$sentiment.scorer",
    }
    group = {
        "_id": key,
        "count": {"$sum": 1},
        "sum": {"$sum": "$mentions.polarity"},
        "squares": {"$sum": {"$multiply": ["$mentions.polarity", "$mentions.polarity"]}},
        "comments": {"$sum": "$comment_count"},
        "upvotes": {"$sum": "$upvotes"},
    }
    return [{"$unwind": "$mentions"}, {"$group": group}]


def tally_of_group(group: Mapping[str, Any], *, posts: bool) -> Tally:
    """One group of :func:`counted_by` as a tally of posts, or of comments."""
    count: int = group["count"]
    label: str | None = group["_id"].get("label")
    counted = Tally(posts=count) if posts else Tally(comments=count)
    if label is None:
        return counted._replace(unscored=count)
    return counted._replace(
        positive=count if label == "positive" else 0,
        negative=count if label == "negative" else 0,
        neutral=count if label == "neutral" else 0,
        polarity_sum=group["sum"],
        polarity_square_sum=group["squares"],
        scorers=frozenset({group["_id"]["scorer"]}),
        comment_sum=group.get("comments", 0),
        upvote_sum=group.get("upvotes", 0),
    )
