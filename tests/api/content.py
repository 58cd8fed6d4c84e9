"""Content for tests: posts, comments and scores as short calls, and how to store them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sentiment_service.models import (
    Comment,
    Label,
    ListingMark,
    Post,
    ScoredItem,
    Sentiment,
    Span,
    Watermark,
)
from sentiment_service.store.stores import Store

POLARITY = {Label.POSITIVE: 0.5, Label.NEGATIVE: -0.4, Label.NEUTRAL: 0.05}


def sentiment(label: Label, at: datetime) -> Sentiment:
    """A score."""
    return Sentiment(label, POLARITY[label], 0.6, 0.7, "textblob@0", at)


def post(
    name: str,
    at: datetime,
    *,
    label: Label | None = Label.POSITIVE,
    subreddit: str = "Cursor",
    text: str = "I like it",
    author: str | None = "somebody",
) -> ScoredItem:
    """A scored post."""
    item = Post(
        fullname=f"t3_{name}",
        subreddit=subreddit,
        author=author,
        title=f"About {name}",
        text=text,
        url=f"https://example.org/{name}",
        permalink=f"https://www.reddit.com/r/{subreddit}/comments/{name}/",
        flair=None,
        created_at=at,
        edited_at=None,
        upvotes=7,
        score=5,
        comment_count=3,
    )
    return ScoredItem(item, sentiment(label, at) if label else None)


def comment(
    name: str,
    post_name: str,
    at: datetime,
    *,
    label: Label | None = Label.NEGATIVE,
    subreddit: str = "Cursor",
) -> ScoredItem:
    """A scored comment."""
    item = Comment(
        fullname=f"t1_{name}",
        post_id=f"t3_{post_name}",
        parent_id=f"t3_{post_name}",
        subreddit=subreddit,
        author="somebody",
        text=f"comment {name}",
        permalink=f"https://www.reddit.com/r/{subreddit}/comments/{post_name}/_/{name}/",
        flair=None,
        created_at=at,
        edited_at=None,
        upvotes=2,
        score=2,
    )
    return ScoredItem(item, sentiment(label, at) if label else None)


async def put(store: Store, items: Sequence[ScoredItem], *, at: datetime) -> None:
    """Store items as a collection does: written, counted, announced."""
    await store.items.write(items, {}, seen_at=at)
    await store.rollups.recompute_dirty()
    await store.state.bump_version()


def covering(subreddit: str, start: datetime, end: datetime) -> Watermark:
    """A watermark of a subreddit collected without a gap."""
    mark = ListingMark(covered=(Span(start, end),))
    return Watermark(subreddit, mark, mark, last_collected_at=end, last_item_at=end - timedelta(minutes=1))
