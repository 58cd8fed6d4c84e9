"""Which tools are talked about most, and the posts in which they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.routing import PREFIX, Routes
from sentiment_service.api.schema import Answer, Input
from sentiment_service.api.scopes import tool_at, tools_shown
from sentiment_service.api.statistics import Interval, percentage, percentage_interval
from sentiment_service.api.windows import window_of
from sentiment_service.models import Label, Mention, StoredPost, Tally
from sentiment_service.tools import Tool

TimeRange = Literal["24h", "7d", "30d"]
HOURS: dict[TimeRange, int] = {"24h": 24, "7d": 7 * 24, "30d": 30 * 24}
OF_A_MENTION = 10
OF_A_COMMENT = 2
EXCERPT_CHARACTERS = 200
LEGACY_PREFIX = PREFIX.rpartition("/")[0]
"""Where earlier clients look for these calls."""

routes = Routes(tag="Trending")
legacy = Routes(tag="Trending", prefix=LEGACY_PREFIX)


class HotTopicsQuery(Input):
    time_range: TimeRange = "24h"
    """How far back."""
    limit: int = Field(10, ge=1, le=50)


class HotPostsQuery(Input):
    time_range: TimeRange = "24h"
    """How far back."""
    offset: int = Field(0, ge=0, le=100_000)
    limit: int = Field(20, ge=1, le=100)


class HotTopicPath(Input):
    tool_id: str = Field(min_length=1, max_length=200, examples=["cursor"])
    """A tool's id or slug."""


@dataclass(frozen=True, slots=True)
class HotDistribution(Answer):
    """Mentions by label."""

    positive_count: int
    negative_count: int
    neutral_count: int
    positive_percent: float
    negative_percent: float
    neutral_percent: float
    positive_interval_95: Interval | None
    """95 % interval of ``positive_percent`` in percent (Wilson's); null without mentions."""
    negative_interval_95: Interval | None
    neutral_interval_95: Interval | None


@dataclass(frozen=True, slots=True)
class HotTopic(Answer):
    """A tool that is talked about."""

    tool_id: str
    tool_name: str
    tool_slug: str
    engagement_score: int
    """``total_mentions`` × 10 + ``total_comments`` × 2 + ``total_upvotes``."""
    total_mentions: int
    """Posts and comments that speak of it."""
    total_comments: int
    """Comments under the posts that speak of it, as Reddit counts them."""
    total_upvotes: int
    """Of the posts and comments that speak of it."""
    sentiment_distribution: HotDistribution
    low_sample: bool
    """Fewer than 10 mentions."""


@dataclass(frozen=True, slots=True)
class HotTopicsAnswer(Answer):
    """The tools that are talked about most."""

    hot_topics: tuple[HotTopic, ...]
    """Highest engagement first."""
    generated_at: datetime
    time_range: TimeRange


@dataclass(frozen=True, slots=True)
class HotPost(Answer):
    """A post that speaks of a tool."""

    post_id: str
    title: str
    excerpt: str
    """The beginning of its text, or else what it says of the tool; at most 200 characters."""
    author: str | None
    """Null when the account was deleted."""
    subreddit: str
    created_utc: datetime
    reddit_url: str
    comment_count: int
    upvotes: int
    sentiment: Label
    """How it speaks of the tool."""
    polarity: float
    """The same from -1 (negative) to 1 (positive)."""
    engagement_score: int
    """``comment_count`` + ``upvotes``."""


@dataclass(frozen=True, slots=True)
class HotPostsAnswer(Answer):
    """The posts that speak of a tool."""

    posts: tuple[HotPost, ...]
    """Highest engagement first."""
    total: int
    has_more: bool
    offset: int
    limit: int


@routes.get("/hot-topics", summary="The tools that are talked about most", errors=(503,), kept="hour")
async def hot_topics(context: Context, query: HotTopicsQuery) -> HotTopicsAnswer:
    """The active tools by engagement; those that nobody spoke of are left out."""
    now = context.now()
    tallies = await context.store.rollups.tools(window_of(now, HOURS[query.time_range]))
    topics = [_topic(tool, tallies[tool.id]) for tool in await tools_shown(context) if tool.id in tallies]
    topics.sort(key=lambda topic: (-topic.engagement_score, topic.tool_name.lower()))
    return HotTopicsAnswer(tuple(topics[: query.limit]), now.replace(microsecond=0), query.time_range)


@legacy.get(
    "/hot-topics", summary="The same as /api/v1/hot-topics, for earlier clients", errors=(503,), kept="hour"
)
async def hot_topics_of_earlier_clients(context: Context, query: HotTopicsQuery) -> HotTopicsAnswer:
    """The active tools by engagement; those that nobody spoke of are left out."""
    return await hot_topics(context, query)


@routes.get(
    "/hot-topics/{tool_id}/posts", summary="The posts that speak of a tool", errors=(503,), kept="minute"
)
async def hot_topic_posts(context: Context, path: HotTopicPath, query: HotPostsQuery) -> HotPostsAnswer:
    """Posts that speak of a tool, those with most comments and upvotes first."""
    tool = await tool_at(context, path.tool_id)
    window = window_of(context.now(), HOURS[query.time_range])
    total, page = await context.store.items.engaging_posts(
        tool.id, since=window.start, offset=query.offset, limit=query.limit
    )
    return HotPostsAnswer(
        # Without those of which somebody has just moved the mentions to another tool.
        posts=tuple(
            _post(post, mention) for post in page if (mention := _mention_of(tool, post)) is not None
        ),
        total=total,
        has_more=query.offset + query.limit < total,
        offset=query.offset,
        limit=query.limit,
    )


@legacy.get(
    "/hot-topics/{tool_id}/posts",
    summary="The same as /api/v1/hot-topics/{tool_id}/posts, for earlier clients",
    errors=(503,),
    kept="minute",
)
async def hot_topic_posts_of_earlier_clients(
    context: Context, path: HotTopicPath, query: HotPostsQuery
) -> HotPostsAnswer:
    """Posts that speak of a tool, those with most comments and upvotes first."""
    return await hot_topic_posts(context, path, query)


def _topic(tool: Tool, tally: Tally) -> HotTopic:
    return HotTopic(
        tool_id=tool.id,
        tool_name=tool.name,
        tool_slug=tool.slug,
        engagement_score=OF_A_MENTION * tally.total + OF_A_COMMENT * tally.comment_sum + tally.upvote_sum,
        total_mentions=tally.total,
        total_comments=tally.comment_sum,
        total_upvotes=tally.upvote_sum,
        sentiment_distribution=HotDistribution(
            positive_count=tally.positive,
            negative_count=tally.negative,
            neutral_count=tally.neutral,
            positive_percent=percentage(tally.positive, tally.total),
            negative_percent=percentage(tally.negative, tally.total),
            neutral_percent=percentage(tally.neutral, tally.total),
            positive_interval_95=percentage_interval(tally.positive, tally.total),
            negative_interval_95=percentage_interval(tally.negative, tally.total),
            neutral_interval_95=percentage_interval(tally.neutral, tally.total),
        ),
        low_sample=tally.low_sample,
    )


def _mention_of(tool: Tool, stored: StoredPost) -> Mention | None:
    return next((each for each in stored.mentions if each.tool_id == tool.id), None)


def _post(stored: StoredPost, mention: Mention) -> HotPost:
    post = stored.post
    return HotPost(
        post_id=post.fullname,
        title=post.title,
        excerpt=excerpt_of(post.text) or mention.excerpt[:EXCERPT_CHARACTERS],
        author=post.author,
        subreddit=post.subreddit,
        created_utc=post.created_at,
        reddit_url=post.permalink,
        comment_count=post.comment_count,
        upvotes=post.upvotes,
        sentiment=mention.label,
        polarity=mention.polarity,
        engagement_score=post.comment_count + post.upvotes,
    )


def excerpt_of(text: str) -> str:
    """The beginning of a text in one line, cut between words, at most 200 characters."""
    words: Sequence[str] = text[: 4 * EXCERPT_CHARACTERS].split()
    line = " ".join(words)
    if len(line) <= EXCERPT_CHARACTERS:
        return line
    cut = line[: EXCERPT_CHARACTERS - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"
