"""The indexes, made on empty collections at the first start, and nothing else about a collection's shape.

Every list is served by equalities and one range on ``position`` (creation time and fullname), sorted
by ``position``. Single-field indexes on ``position`` stand beside the compound ones because Cosmos DB
needs them for the sort.
"""

from pymongo import ASCENDING, IndexModel

INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "posts": (
        ("subreddit_key", "position"),
        ("subreddit_key", "sentiment.label", "position"),
        ("position",),
        ("refresh_at",),
        ("author_key",),
        ("tools", "position"),
        ("found", "position"),
    ),
    "comments": (
        ("subreddit_key", "position"),
        ("position",),
        ("post_id", "position"),
        ("refresh_at",),
        ("author_key",),
        ("tools", "position"),
        ("found", "position"),
    ),
    "deletions": (("position",),),
    "rollups": (("scope", "day"), ("kind", "day")),
    "reanalyses": (("position",), ("status", "position")),
    "cycles": (("position",), ("status",)),
    "trending": (("generation", "rank"),),
    "set_aside": (("at",),),
}
"""Keys of the indexes, by collection."""


def models(keys: tuple[tuple[str, ...], ...]) -> list[IndexModel]:
    """What the driver wants to hear, in ascending order: a scan may run either way."""
    return [IndexModel([(field, ASCENDING) for field in fields]) for fields in keys]
