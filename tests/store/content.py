"""Items for the tests of the store."""

from datetime import UTC, datetime, timedelta

from sentiment_service.models import Comment, Label, Post, ScoredItem, Sentiment

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def post(number: int = 1, *, at: datetime = NOON, subreddit: str = "Cursor", **changes: object) -> Post:
    """A post; keywords override."""
    values: dict[str, object] = {
        "fullname": f"t3_{number}",
        "subreddit": subreddit,
        "author": "someone",
        "title": "A title",
        "text": f"Text {number}",
        "url": "https://example.com/",
        "permalink": f"https://www.reddit.com/r/{subreddit}/comments/{number}/",
        "flair": None,
        "created_at": at,
        "edited_at": None,
        "upvotes": 5,
        "score": 4,
        "comment_count": 0,
    }
    return Post(**(values | changes))  # type: ignore[arg-type]


def comment(
    number: int = 1,
    *,
    post_number: int = 1,
    at: datetime = NOON,
    subreddit: str = "Cursor",
    **changes: object,
) -> Comment:
    """A comment; keywords override."""
    values: dict[str, object] = {
        "fullname": f"t1_{number}",
        "post_id": f"t3_{post_number}",
        "parent_id": f"t3_{post_number}",
        "subreddit": subreddit,
        "author": "someone",
        "text": f"Comment {number}",
        "permalink": f"https://www.reddit.com/r/{subreddit}/comments/{post_number}/_/{number}/",
        "flair": None,
        "created_at": at,
        "edited_at": None,
        "upvotes": 2,
        "score": 2,
    }
    return Comment(**(values | changes))  # type: ignore[arg-type]


def sentiment(polarity: float = 0.5, *, scorer: str = "textblob@1") -> Sentiment:
    """A score whose label follows from the polarity."""
    label = Label.NEUTRAL
    if abs(polarity) >= 0.1:
        label = Label.POSITIVE if polarity > 0 else Label.NEGATIVE
    return Sentiment(label, polarity, 0.25, 0.75, scorer, NOON)


def scored(item: Post | Comment, polarity: float | None = 0.5) -> ScoredItem:
    """An item with a score, or without one."""
    return ScoredItem(item, None if polarity is None else sentiment(polarity))


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
