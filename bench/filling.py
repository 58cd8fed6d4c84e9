"""Fills a database with items of the last 90 days, through the store and without a collection."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bench.options import Progress
from sentiment_service.models import (
    Comment,
    Label,
    ListingMark,
    Mention,
    MentionPart,
    Post,
    ScoredItem,
    Sentiment,
    Span,
    Watermark,
    utc_now,
)
from sentiment_service.settings import DEFAULT_SUBREDDITS
from sentiment_service.store.stores import Store
from sentiment_service.tool_seeds import DEFAULT_SEEDS, slug_of, tool_of

DAYS = 90
EXCERPT = "the agent works great again and the update is slow"
AT_ONCE = 2000
COMMENTS_PER_POST = 6
MENTIONING = 0.4
"""Share of items that speak of a tool; one in four of those speaks of a second."""
TOOLS = tuple(slug_of(seed.name) for seed in DEFAULT_SEEDS)
WORDS = (
    *("the", "model", "is", "great", "slow", "today", "again", "pricing", "agent", "works", "broken"),
    *("love", "this", "update", "a", "bug", "in", "and", "for"),
)


async def fill(store: Store, items: int, progress: Progress) -> None:
    """Write so many items, evenly spread, and compute their rollups."""
    now = utc_now()
    await store.database.prepare()
    await store.tools.seed([tool_of(seed, now) for seed in DEFAULT_SEEDS])
    for number, batch in enumerate(_batches(items, now)):
        await store.items.write(batch, {}, seen_at=now)
        if number % 10 == 9:
            progress.step(f"{(number + 1) * AT_ONCE:,} of {items:,} items stored")
    progress.step(f"rollups of {items:,} items")
    await store.rollups.recompute_dirty()
    token = await store.state.acquire("collect", "bench", 30)
    assert token is not None
    covered = ListingMark(covered=(Span(now - timedelta(days=DAYS), now),))
    for name in DEFAULT_SUBREDDITS:
        mark = Watermark(name, covered, covered, last_collected_at=now, last_item_at=now)
        await store.watermarks.save(mark, fence=token.fence)
    await store.state.release(token)
    await store.items.confirm()
    await store.state.bump_version()


def steps_of(items: int) -> int:
    """Steps of progress that filling takes."""
    return items // (10 * AT_ONCE) + 1


def _batches(items: int, now: datetime) -> Iterator[list[ScoredItem]]:
    dice = random.Random(items)
    batch: list[ScoredItem] = []
    for number in range(items):
        batch.append(_item(number, now - timedelta(days=DAYS) * (1 - (number + 1) / items), dice))
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _mentions(sentiment: Sentiment, dice: random.Random) -> tuple[Mention, ...]:
    """What an item says of tools."""
    if dice.random() >= MENTIONING:
        return ()
    polarity, label = sentiment.polarity, sentiment.label
    return tuple(
        Mention(
            tool_id,
            polarity,
            label,
            EXCERPT,
            (MentionPart(tool_id, polarity, label, EXCERPT),),
        )
        for tool_id in dice.sample(TOOLS, 1 if dice.random() < 0.75 else 2)
    )


def _item(number: int, created_at: datetime, dice: random.Random) -> ScoredItem:
    """A post, or one of the comments on the post before it."""
    place = number // (COMMENTS_PER_POST + 1)
    subreddit = DEFAULT_SUBREDDITS[place % len(DEFAULT_SUBREDDITS)]
    text = " ".join(dice.choices(WORDS, k=60))
    permalink = f"https://www.reddit.com/r/{subreddit}/comments/b{place}/"
    created_at = created_at.replace(microsecond=0)
    polarity = dice.uniform(-1, 1)
    label = Label.POSITIVE if polarity >= 0.1 else Label.NEGATIVE if polarity <= -0.1 else Label.NEUTRAL
    sentiment = Sentiment(label, polarity, 0.5, abs(polarity), "textblob@bench", created_at)
    mentions = _mentions(sentiment, dice)
    if number % (COMMENTS_PER_POST + 1) == 0:
        return ScoredItem(
            Post(
                fullname=f"t3_b{place}",
                subreddit=subreddit,
                author=f"author{place % 997}",
                title=" ".join(dice.choices(WORDS, k=9)),
                text=text,
                url=permalink,
                permalink=permalink,
                flair=None,
                created_at=created_at,
                edited_at=None,
                upvotes=dice.randrange(500),
                score=dice.randrange(500),
                comment_count=COMMENTS_PER_POST,
            ),
            sentiment,
            mentions=mentions,
        )
    return ScoredItem(
        Comment(
            fullname=f"t1_b{number}",
            post_id=f"t3_b{place}",
            parent_id=f"t3_b{place}",
            subreddit=subreddit,
            author=f"author{number % 997}",
            text=text,
            permalink=f"{permalink}_/b{number}/",
            flair=None,
            created_at=created_at,
            edited_at=None,
            upvotes=dice.randrange(50),
            score=dice.randrange(50),
        ),
        sentiment,
        mentions=mentions,
    )
