"""What many people talk about right now."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Input
from sentiment_service.api.statistics import Interval, interval_of, rounded_polarity
from sentiment_service.models import TrendingTopic

routes = Routes(tag="Trending")


class TrendingQuery(Input):
    limit: int = Field(20, ge=1, le=100)


@dataclass(frozen=True, slots=True)
class TopicPost(Answer):
    """A post of a topic."""

    id: str
    title: str
    permalink: str
    engagement_velocity: float


@dataclass(frozen=True, slots=True)
class Distribution(Answer):
    """Items by label, counted from stored scores."""

    positive: int
    negative: int
    neutral: int


@dataclass(frozen=True, slots=True)
class TopicAnswer(Answer):
    """A trending topic."""

    id: str
    theme: str
    topic: str
    keywords: tuple[str, ...]
    post_ids: tuple[str, ...]
    """At most ten, highest velocity first."""
    posts: tuple[TopicPost, ...]
    engagement_velocity: float
    """Upvotes and comments an hour, summed over the posts, recency boost included."""
    mentions: int
    """Posts and stored comments."""
    sentiment_avg: float
    """Mean polarity of the scored items."""
    avg_interval_95: Interval | None
    """95 % interval of the mean; null below two scored items."""
    low_sample: bool
    """Fewer than 10 scored items: too few to trust the figures."""
    sentiment_distribution: Distribution
    subreddits: tuple[str, ...]
    peak_time: datetime
    """The hour in which most of the posts were written."""
    created_at: datetime


@routes.get("/trending", summary="Trending topics", errors=(503,), kept="version")
async def trending(context: Context, query: TrendingQuery) -> tuple[TopicAnswer, ...]:
    """The topics with the highest engagement velocity first."""
    topics = await context.store.trending.top(query.limit)
    return tuple(_topic_answer(topic) for topic in topics)


def _topic_answer(topic: TrendingTopic) -> TopicAnswer:
    tally = topic.sentiment
    posts = tuple(
        TopicPost(post.id, post.title, post.permalink, post.engagement_velocity) for post in topic.posts
    )
    return TopicAnswer(
        id=topic.id,
        theme=topic.theme,
        topic=topic.topic,
        keywords=topic.keywords,
        post_ids=tuple(post.id for post in posts),
        posts=posts,
        engagement_velocity=topic.engagement_velocity,
        mentions=topic.mentions,
        sentiment_avg=rounded_polarity(tally.avg_sentiment),
        avg_interval_95=interval_of(tally),
        low_sample=tally.low_sample,
        sentiment_distribution=Distribution(tally.positive, tally.negative, tally.neutral),
        subreddits=topic.subreddits,
        peak_time=topic.peak_time,
        created_at=topic.created_at,
    )
