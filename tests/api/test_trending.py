"""Trending topics, from a real database."""

from datetime import datetime

from sentiment_service.api.context import Context
from sentiment_service.models import Tally, TrendingPost, TrendingTopic
from tests.api.conftest import Client


def topic(name: str, velocity: float, now: datetime) -> TrendingTopic:
    return TrendingTopic(
        id=name,
        theme="pricing",
        topic=f"{name} price",
        keywords=("price", "credits"),
        posts=(TrendingPost("t3_a", "Dear", "https://www.reddit.com/r/Cursor/comments/a/", 3.5),),
        engagement_velocity=velocity,
        mentions=12,
        sentiment=Tally(positive=3, negative=6, neutral=1, polarity_sum=-1.5, polarity_square_sum=1.5),
        subreddits=("Cursor",),
        peak_time=now,
        created_at=now,
    )


async def test_topics_have_every_field_and_the_fastest_comes_first(
    api: Client, context: Context, now: datetime
) -> None:
    await context.store.trending.replace([topic("slow", 1.25, now), topic("fast", 9.5, now)])
    async with api.get("/api/v1/trending") as response:
        topics = await response.json()
    assert [each["id"] for each in topics] == ["fast", "slow"]
    first = topics[0]
    assert datetime.fromisoformat(first.pop("peak_time")) == now
    assert datetime.fromisoformat(first.pop("created_at")) == now
    assert first == {
        "id": "fast",
        "theme": "pricing",
        "topic": "fast price",
        "keywords": ["price", "credits"],
        "post_ids": ["t3_a"],
        "posts": [
            {
                "id": "t3_a",
                "title": "Dear",
                "permalink": "https://www.reddit.com/r/Cursor/comments/a/",
                "engagement_velocity": 3.5,
            }
        ],
        "engagement_velocity": 9.5,
        "mentions": 12,
        "sentiment_avg": -0.15,
        "avg_interval_95": [-0.383287, 0.083287],
        "low_sample": False,
        "sentiment_distribution": {"positive": 3, "negative": 6, "neutral": 1},
        "subreddits": ["Cursor"],
    }


async def test_topics_are_limited(api: Client, context: Context, now: datetime) -> None:
    await context.store.trending.replace([topic(f"t{n}", n, now) for n in range(30)])
    for query, count in (("", 20), ("?limit=1", 1), ("?limit=100", 30)):
        async with api.get(f"/api/v1/trending{query}") as response:
            assert len(await response.json()) == count


async def test_nothing_trends_at_first(api: Client) -> None:
    async with api.get("/api/v1/trending") as response:
        assert await response.json() == []
