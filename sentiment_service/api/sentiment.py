"""What people feel: figures of a window, and their course over time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.coverage import covered_by, covering_counts, hours_covered
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Hours, Input, OptionalText
from sentiment_service.api.scopes import ALL, subreddit_named, tool_named
from sentiment_service.api.statistics import Statistics, interval_of, rounded_polarity, statistics_of
from sentiment_service.api.windows import (
    HOUR,
    Granularity,
    buckets_of,
    by_day,
    days_of,
    granularity_of,
    tally_of,
    window_of,
)
from sentiment_service.models import DayRollup, Span, Tally, hour_of, scope_of
from sentiment_service.tools import Tool, scope_of_tool

COVERED_FROM = 0.5
"""Share of the subreddits asked for from which a bucket counts as covered."""

routes = Routes(tag="Sentiment")

BUCKETS_AT_ONCE = 400
"""Buckets made without a pause: some 4 ms of the event loop."""


class WindowQuery(Input):
    """Which subreddit or tool, and how far back."""

    subreddit: OptionalText = Field(None, examples=["ClaudeAI"])
    """One subreddit, in any case; all of them when not given."""
    tool_id: OptionalText = None
    """One tool, by id or slug."""


class StatsQuery(WindowQuery):
    hours: Hours = 24
    """Length of the window, which ends with the running hour."""


class TrendsQuery(WindowQuery):
    hours: Hours = 168
    """Length of the window, which ends with the running hour."""
    granularity: Literal["auto", Granularity] = "auto"
    """Length of a bucket; ``auto`` is hourly up to 72 hours, daily up to 30 days, weekly above."""


@dataclass(frozen=True, slots=True)
class StatsAnswer(Answer):
    """The figures of a window."""

    subreddit: str
    """``all`` when none was asked for."""
    tool_id: str | None
    """Null when none was asked for; otherwise mentions of it are counted instead of posts and comments."""
    time_window_hours: int
    window_start: datetime
    window_end: datetime
    """End of the running hour; not part of the window."""
    statistics: Statistics
    timestamp: datetime
    """Since when this answer holds: the last change of the data, or the beginning of the running hour."""


@dataclass(frozen=True, slots=True)
class TrendBucket(Answer):
    """One bucket of a trend; the first and the last are cut to the window."""

    bucket_start: datetime
    bucket_end: datetime
    total: int
    positive: int
    negative: int
    neutral: int
    avg_sentiment: float
    avg_interval_95: tuple[float, float] | None
    """``[low, high]``; null below two scored items."""
    low_sample: bool
    covered: bool
    """Whether all of it was collected for at least half of the subreddits asked for; false makes zeros mean
    nothing."""
    coverage: float
    """Share of the subreddits asked for that were collected all through it, from 0 to 1."""
    scorers: tuple[str, ...]
    """``name@version`` of what scored it."""


@dataclass(frozen=True, slots=True)
class TrendsAnswer(Answer):
    """The course of a window."""

    subreddit: str
    """``all`` when none was asked for."""
    tool_id: str | None
    """Null when none was asked for; otherwise mentions of it are counted instead of posts and comments."""
    time_window_hours: int
    granularity: Granularity
    """The one used: never ``auto``."""
    trend_data: tuple[TrendBucket, ...]
    """Every bucket of the window, oldest first."""
    statistics: Statistics
    timestamp: datetime
    """Since when this answer holds: the last change of the data, or the beginning of the running hour."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the store knows of a window."""

    window: Span
    days: Mapping[datetime, DayRollup]
    sources: Sequence[Sequence[Span]]
    """For each subreddit asked for, when it was collected."""
    interval: timedelta
    as_of: datetime

    def coverage(self, buckets: Sequence[Span]) -> list[float]:
        """For each bucket the share of subreddits that cover it."""
        counts = covering_counts(buckets, self.sources, self.as_of, self.interval)
        return [count / max(1, len(self.sources)) for count in counts]

    def statistics(self) -> Statistics:
        """The figures of the whole window."""
        covered = hours_covered(self.window, self.sources, self.as_of, self.interval)
        hours = (self.window.end - self.window.start) // HOUR
        share = covered / (hours * max(1, len(self.sources)))
        return statistics_of(tally_of(self.window, self.days), share)


async def _read(
    context: Context,
    subreddit: str | None,
    tool: Tool | None,
    hours: int,
    granularity: Granularity | None = None,
) -> _Reading:
    """Read a window.

    :param granularity: of the buckets that are wanted besides the whole.
    """
    now = context.now()
    window = window_of(now, hours)
    version = await context.store.state.version()
    watermarks = await context.store.watermarks.all()
    scope = scope_of(subreddit) if tool is None else scope_of_tool(tool.id, subreddit)
    if granularity == "hourly":
        rollups = await context.store.rollups.read(scope, *days_of(window))
    else:
        rollups = await context.store.rollups.read_window(scope, window)
    asked = context.collector.known_subreddits if subreddit is None else (subreddit,)
    return _Reading(
        window=window,
        days=by_day(rollups),
        sources=[covered_by(watermarks.get(name.lower())) for name in asked],
        interval=timedelta(seconds=context.collector.interval_s),
        as_of=max(version.changed_at, hour_of(now)),
    )


@routes.get("/sentiment/stats", summary="The figures of a window", errors=(503,), kept="hour")
async def sentiment_stats(context: Context, query: StatsQuery) -> StatsAnswer:
    """How many posts and comments were positive, negative and neutral, and the mean with its interval."""
    tool = await tool_named(context, query.tool_id)
    subreddit = await subreddit_named(context, query.subreddit)
    reading = await _read(context, subreddit, tool, query.hours)
    return StatsAnswer(
        subreddit=subreddit or ALL,
        tool_id=None if tool is None else tool.id,
        time_window_hours=query.hours,
        window_start=reading.window.start,
        window_end=reading.window.end,
        statistics=reading.statistics(),
        timestamp=reading.as_of,
    )


@routes.get(
    "/sentiment/trends", summary="The course of a window, bucket by bucket", errors=(503,), kept="hour"
)
async def sentiment_trends(context: Context, query: TrendsQuery) -> TrendsAnswer:
    """The same figures for each hour, day or week. Every bucket is present.

    A bucket in which nothing was said has zeros and ``covered: true``; one that was not collected has
    ``covered: false``.
    """
    tool = await tool_named(context, query.tool_id)
    subreddit = await subreddit_named(context, query.subreddit)
    granularity = granularity_of(query.granularity, query.hours)
    reading = await _read(context, subreddit, tool, query.hours, granularity)
    return TrendsAnswer(
        subreddit=subreddit or ALL,
        tool_id=None if tool is None else tool.id,
        time_window_hours=query.hours,
        granularity=granularity,
        trend_data=await _trend(reading, granularity),
        statistics=reading.statistics(),
        timestamp=reading.as_of,
    )


async def _trend(reading: _Reading, granularity: Granularity) -> tuple[TrendBucket, ...]:
    """The buckets; other requests get their turn while many are made."""
    spans = buckets_of(reading.window, granularity)
    trend: list[TrendBucket] = []
    for span, share in zip(spans, reading.coverage(spans), strict=True):
        trend.append(_bucket(span, tally_of(span, reading.days), share))
        if len(trend) % BUCKETS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return tuple(trend)


def _bucket(span: Span, tally: Tally, coverage: float) -> TrendBucket:
    return TrendBucket(
        bucket_start=span.start,
        bucket_end=span.end,
        total=tally.total,
        positive=tally.positive,
        negative=tally.negative,
        neutral=tally.neutral,
        avg_sentiment=rounded_polarity(tally.avg_sentiment),
        avg_interval_95=interval_of(tally),
        low_sample=tally.low_sample,
        covered=coverage >= COVERED_FROM,
        coverage=round(coverage, 4),
        scorers=tuple(sorted(tally.scorers)),
    )
