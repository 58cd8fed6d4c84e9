"""Stored posts for tests of what looks at many of them."""

from datetime import UTC, datetime, timedelta

from sentiment_service.models import Label, Post, Sentiment, Sighting, StoredPost

NOW = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


def stored_post(
    number: int,
    title: str = "A title",
    text: str = "",
    *,
    hours_ago: float = 2.0,
    author: str | None = "",
    subreddit: str = "Cursor",
    upvotes: int = 10,
    comments: int = 0,
    polarity: float | None = 0.0,
) -> StoredPost:
    """A post written some hours ago and seen now; by an author of its own unless named."""
    created = NOW - timedelta(hours=hours_ago)
    name = f"t3_{number}"
    author = f"author{number}" if author == "" else author
    post = Post(
        name,
        subreddit,
        author,
        title,
        text,
        "u",
        f"https://x/{name}",
        None,
        created,
        None,
        upvotes,
        upvotes,
        comments,
    )
    return StoredPost(post, _sentiment(polarity), created, Sighting(NOW, upvotes, comments), None)


def _sentiment(polarity: float | None) -> Sentiment | None:
    if polarity is None:
        return None
    label = Label.POSITIVE if polarity > 0 else Label.NEGATIVE if polarity < 0 else Label.NEUTRAL
    return Sentiment(label, polarity, 0.5, 0.5, "textblob@1", NOW)
