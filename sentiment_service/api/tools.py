"""Tracked tools: which there are, and what is said of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 (a field is called date)
from datetime import datetime, timedelta

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.coverage import covered_by, covering_counts, hours_covered
from sentiment_service.api.dates import Day, PeriodQuery, days_between, period_of
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Input
from sentiment_service.api.scopes import ToolPath, tool_at, tools_shown
from sentiment_service.api.statistics import (
    Interval,
    interval_of,
    percentage,
    percentage_interval,
    rounded_polarity,
)
from sentiment_service.api.tool_answers import ToolAnswer, tool_answer
from sentiment_service.api.windows import HOUR, SeriesGranularity, buckets_of, by_day, days_of, tally_of
from sentiment_service.models import Span, Tally
from sentiment_service.tools import Tool, scope_of_tool

routes = Routes(tag="Tools")

COVERED_FROM = 0.5
"""Share of the watched subreddits from which a stretch of time counts as covered."""


class TimeseriesQuery(Input):
    start_date: Day = Field(None, examples=["2026-11-01"])
    """First day, in UTC; the last 30 days when no dates are given."""
    end_date: Day = Field(None, examples=["2026-11-21"])
    """Last day, which is part of it; at most 90 days in all."""
    granularity: SeriesGranularity = "daily"
    """Weeks begin on Monday; the first and the last week or month are cut to the dates."""


@dataclass(frozen=True, slots=True)
class ToolsAnswer(Answer):
    """The tools that are tracked now, by name."""

    tools: tuple[ToolAnswer, ...]


@dataclass(frozen=True, slots=True)
class TimePeriod(Answer):
    """A stretch of time."""

    start: datetime
    end: datetime
    """Not part of it."""


@dataclass(frozen=True, slots=True)
class ToolSentiment(Answer):
    """What is said of one tool: one mention for each post and comment that speaks of it."""

    tool_id: str
    tool_name: str
    total_mentions: int
    positive_count: int
    negative_count: int
    neutral_count: int
    positive_percentage: float
    negative_percentage: float
    neutral_percentage: float
    avg_sentiment: float
    """Mean polarity, from -1 (negative) to 1 (positive); 0 without mentions."""
    low_sample: bool
    """Fewer than 10 mentions: too few to trust the figures."""
    time_period: TimePeriod
    avg_interval_95: Interval | None
    """95 % interval of the mean; null below two mentions."""
    positive_interval_95: Interval | None
    """95 % interval of ``positive_percentage`` in percent (Wilson's); null without mentions."""
    negative_interval_95: Interval | None
    neutral_interval_95: Interval | None
    posts: int
    """Posts that speak of it."""
    comments: int
    """Comments that speak of it."""
    scorers: tuple[str, ...]
    """``name@version`` of what scored them."""
    coverage: float
    """Share of the window's days or hours and watched subreddits that was collected, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class DataPoint(Answer):
    """A day, week or month."""

    date: Date
    """Its first day."""
    end_date: Date
    """Its last day."""
    positive_count: int
    negative_count: int
    neutral_count: int
    avg_sentiment: float
    total_mentions: int
    avg_interval_95: Interval | None
    """95 % interval of the mean; null below two mentions."""
    low_sample: bool
    covered: bool
    """Whether all of it was collected for at least half of the watched subreddits; false makes zeros mean
    nothing."""
    coverage: float
    """Share of the watched subreddits that were collected all through it, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class TimeseriesAnswer(Answer):
    """The course of what is said of one tool."""

    tool_id: str
    tool_name: str
    time_period: TimePeriod
    granularity: SeriesGranularity
    data_points: tuple[DataPoint, ...]
    """Every day, week or month of the period, oldest first."""


@dataclass(frozen=True, slots=True)
class LastUpdatedAnswer(Answer):
    """How fresh the figures of tools are."""

    last_aggregation: datetime | None
    """When figures were last recomputed; null before the first time."""
    last_detection: datetime | None
    """When the last collection that looked for tools ended; null before the first."""


@routes.get("/tools", summary="The tracked tools", errors=(503,), kept="version")
async def tools(context: Context) -> ToolsAnswer:
    """The active tools by name, without those that count for another."""
    return ToolsAnswer(tuple(tool_answer(tool) for tool in await tools_shown(context)))


@routes.get("/tools/last_updated", summary="How fresh the figures of tools are", errors=(503,))
async def tools_last_updated(context: Context) -> LastUpdatedAnswer:
    """When figures were last recomputed, and when tools were last looked for."""
    cycles = await context.store.cycles.latest(limit=10)
    done = (cycle.end_time for cycle in cycles if cycle.status in ("completed", "partial"))
    return LastUpdatedAnswer(
        last_aggregation=await context.store.rollups.recomputed_at(),
        last_detection=next(done, None),
    )


@routes.get("/tools/{id}/sentiment", summary="What is said of a tool", errors=(503,), kept="hour")
async def tool_sentiment(context: Context, path: ToolPath, query: PeriodQuery) -> ToolSentiment:
    """How many mentions are positive, negative and neutral, and their mean with its interval.

    The window is given by ``hours``, or by ``start_date`` and ``end_date``.
    """
    window = period_of(query, context.now())
    tool = await tool_at(context, path.id)
    rollups = await context.store.rollups.read_window(scope_of_tool(tool.id), window)
    return sentiment_answer(
        tool, tally_of(window, by_day(rollups)), window, await coverage_of(context, window)
    )


@routes.get(
    "/tools/{id}/timeseries", summary="The course of what is said of a tool", errors=(503,), kept="hour"
)
async def tool_timeseries(context: Context, path: ToolPath, query: TimeseriesQuery) -> TimeseriesAnswer:
    """The figures of each day, week or month. None is left out.

    One in which nothing was said has zeros and ``covered: true``; one that was not collected has
    ``covered: false``.
    """
    window = days_between(query.start_date, query.end_date, context.now())
    tool = await tool_at(context, path.id)
    rollups = await context.store.rollups.read(scope_of_tool(tool.id), *days_of(window), hours_of=())
    days = by_day(rollups)
    buckets = buckets_of(window, query.granularity)
    shares = await coverages(context, buckets)
    return TimeseriesAnswer(
        tool_id=tool.id,
        tool_name=tool.name,
        time_period=TimePeriod(window.start, window.end),
        granularity=query.granularity,
        data_points=tuple(
            _data_point(bucket, tally_of(bucket, days), share)
            for bucket, share in zip(buckets, shares, strict=True)
        ),
    )


def sentiment_answer(tool: Tool, tally: Tally, window: Span, coverage: float) -> ToolSentiment:
    """What a tally says of a tool."""
    return ToolSentiment(
        tool_id=tool.id,
        tool_name=tool.name,
        total_mentions=tally.total,
        positive_count=tally.positive,
        negative_count=tally.negative,
        neutral_count=tally.neutral,
        positive_percentage=percentage(tally.positive, tally.total),
        negative_percentage=percentage(tally.negative, tally.total),
        neutral_percentage=percentage(tally.neutral, tally.total),
        avg_sentiment=rounded_polarity(tally.avg_sentiment),
        low_sample=tally.low_sample,
        time_period=TimePeriod(window.start, window.end),
        avg_interval_95=interval_of(tally),
        positive_interval_95=percentage_interval(tally.positive, tally.total),
        negative_interval_95=percentage_interval(tally.negative, tally.total),
        neutral_interval_95=percentage_interval(tally.neutral, tally.total),
        posts=tally.posts,
        comments=tally.comments,
        scorers=tuple(sorted(tally.scorers)),
        coverage=coverage,
    )


async def coverage_of(context: Context, window: Span) -> float:
    """The share of a window's hours and watched subreddits that was collected."""
    sources, interval = await _collected(context)
    hours = (window.end - window.start) // HOUR
    return round(hours_covered(window, sources, context.now(), interval) / (hours * max(1, len(sources))), 4)


async def coverages(context: Context, buckets: Sequence[Span]) -> list[float]:
    """For each bucket the share of the watched subreddits that were collected all through it."""
    sources, interval = await _collected(context)
    counts = covering_counts(buckets, sources, context.now(), interval)
    return [count / max(1, len(sources)) for count in counts]


async def _collected(context: Context) -> tuple[list[list[Span]], timedelta]:
    """For each watched subreddit when it was collected, and the time between two collections."""
    watermarks = await context.store.watermarks.all()
    sources = [covered_by(watermarks.get(name.lower())) for name in context.collector.known_subreddits]
    return sources, timedelta(seconds=context.collector.interval_s)


def _data_point(bucket: Span, tally: Tally, coverage: float) -> DataPoint:
    return DataPoint(
        date=bucket.start.date(),
        end_date=(bucket.end - timedelta(hours=1)).date(),
        positive_count=tally.positive,
        negative_count=tally.negative,
        neutral_count=tally.neutral,
        avg_sentiment=rounded_polarity(tally.avg_sentiment),
        total_mentions=tally.total,
        avg_interval_95=interval_of(tally),
        low_sample=tally.low_sample,
        covered=coverage >= COVERED_FROM,
        coverage=round(coverage, 4),
    )
