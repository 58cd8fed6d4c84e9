"""Everything that is watched at one glance: each tool and each subreddit, now and before."""

import math
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from sentiment_service.api.context import Context
from sentiment_service.api.coverage import covered_by, covering_counts, hours_covered
from sentiment_service.api.dates import Day
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import MAX_HOURS, Answer, Hours, Input
from sentiment_service.api.statistics import (
    Z_95,
    Interval,
    Statistics,
    interval_of,
    rounded_polarity,
    statistics_of,
)
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
from sentiment_service.models import DayRollup, Span, Tally, day_of, scope_of
from sentiment_service.tools import scope_of_tool

routes = Routes(tag="Sentiment")

COVERED_FROM = 0.5
"""Share of the subreddits from which a bucket counts as covered."""
DAY = timedelta(days=1)


class OverviewQuery(Input):
    hours: Hours | None = None
    """Length of the window, which ends with the running hour; 24 when no dates are given either."""
    start_date: Day = Field(None, examples=["2026-11-01"])
    """First day of the window, in UTC; only together with ``end_date``."""
    end_date: Day = Field(None, examples=["2026-11-07"])
    """Last day of the window, which is part of it."""

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        dates = (self.start_date, self.end_date)
        if (self.start_date is None) != (self.end_date is None):
            raise ValueError("start_date and end_date belong together")
        if self.start_date is not None and self.hours is not None:
            raise ValueError("hours and dates exclude each other")
        if self.start_date is not None and self.end_date is not None:
            days = (self.end_date - self.start_date).days + 1
            if not 1 <= days <= MAX_HOURS // 24 or date.max in dates:
                raise ValueError("start_date to end_date must be 1 to 90 days")
        return self


@dataclass(frozen=True, slots=True)
class Change(Answer):
    """How a mean moved against the window of the same length just before."""

    delta: float
    interval_95: tuple[float, float]
    """``delta ± 1.96 · sqrt(s₁²/n₁ + s₂²/n₂)``."""
    significant: bool
    """Whether the interval leaves out zero, and neither window has fewer than ten items."""


@dataclass(frozen=True, slots=True)
class CoursePoint(Answer):
    """One bucket of a short course."""

    bucket_start: datetime
    total: int
    avg_sentiment: float
    avg_interval_95: Interval | None
    """95 % interval of the mean; null below two scored items."""
    low_sample: bool
    covered: bool


@dataclass(frozen=True, slots=True)
class WatchedAnswer(Answer):
    """A tool or a subreddit at one glance."""

    kind: Literal["tool", "subreddit"]
    id: str
    """The tool's id, or the subreddit's name."""
    name: str
    vendor: str | None
    """Null for a subreddit."""
    statistics: Statistics
    previous: Statistics
    """Of the window of the same length just before."""
    change: Change | None
    """Null when either window has fewer than two scored items."""
    points: tuple[CoursePoint, ...]
    """The course of the window, oldest first, in buckets of ``granularity``."""


@dataclass(frozen=True, slots=True)
class OverviewAnswer(Answer):
    """All that is watched."""

    time_window_hours: int
    window_start: datetime
    window_end: datetime
    granularity: Granularity
    tools: tuple[WatchedAnswer, ...]
    """Active tools by name; their figures count mentions."""
    subreddits: tuple[WatchedAnswer, ...]
    """Watched subreddits in the order of the settings."""
    timestamp: datetime
    """Since when this answer holds."""


@dataclass(frozen=True, slots=True)
class _Covered:
    """How much was collected of the subreddits that something is read from."""

    now: float
    """Share of the window's hours."""
    before: float
    points: Sequence[bool]


@dataclass(frozen=True, slots=True)
class _Watched:
    kind: Literal["tool", "subreddit"]
    id: str
    name: str
    vendor: str | None
    scope: str
    covered: _Covered


@dataclass(frozen=True, slots=True)
class _Windows:
    now: Span
    before: Span
    granularity: Granularity
    as_of: datetime
    interval: timedelta


@routes.get("/overview", summary="Every tool and subreddit at one glance", errors=(503,), kept="hour")
async def overview(context: Context, query: OverviewQuery) -> OverviewAnswer:
    """The figures of each tracked tool and watched subreddit, against the same length of time before."""
    moment = context.now()
    version = await context.store.state.version()
    window = _window(query, moment)
    hours = (window.end - window.start) // HOUR
    windows = _Windows(
        now=window,
        before=Span(window.start - (window.end - window.start), window.start),
        granularity=granularity_of("auto", hours),
        as_of=max(version.changed_at, moment.replace(minute=0, second=0, microsecond=0)),
        interval=timedelta(seconds=context.collector.interval_s),
    )
    answers = await _answers(context, windows)
    return OverviewAnswer(
        time_window_hours=hours,
        window_start=window.start,
        window_end=window.end,
        granularity=windows.granularity,
        tools=tuple(each for each in answers if each.kind == "tool"),
        subreddits=tuple(each for each in answers if each.kind == "subreddit"),
        timestamp=windows.as_of,
    )


def _window(query: OverviewQuery, now: datetime) -> Span:
    running = window_of(now, query.hours or 24)
    if query.start_date is None or query.end_date is None:
        return running
    start = datetime.combine(query.start_date, time(), UTC)
    end = min(datetime.combine(query.end_date, time(), UTC) + DAY, running.end)
    return Span(start, max(end, start + HOUR))


async def _answers(context: Context, windows: _Windows) -> list[WatchedAnswer]:
    marks = await context.store.watermarks.all()
    names = list(context.collector.known_subreddits)
    spans = {name: covered_by(marks.get(name.lower())) for name in names}
    everywhere = _covered(list(spans.values()), windows)
    tools = [tool for tool in (await context.store.tools.catalogue()).tools if tool.status == "active"]
    watched = [
        *(
            _Watched("tool", tool.id, tool.name, tool.vendor, scope_of_tool(tool.id), everywhere)
            for tool in sorted(tools, key=lambda tool: tool.name.lower())
            if tool.alias_of is None
        ),
        *(
            _Watched("subreddit", name, name, None, scope_of(name), _covered([spans[name]], windows))
            for name in names
        ),
    ]
    return [_answer(each, windows, days) async for each, days in _with_days(context, watched, windows)]


async def _with_days(
    context: Context, watched: Sequence[_Watched], windows: _Windows
) -> AsyncIterator[tuple[_Watched, Mapping[datetime, DayRollup]]]:
    """What is watched with its rollups: of few days those of all at once, of many one after the other."""
    rollups, days = context.store.rollups, days_of(Span(windows.before.start, windows.now.end))
    if windows.granularity == "hourly":
        of_scope: dict[str, dict[datetime, DayRollup]] = defaultdict(dict)
        for rollup in [*await rollups.read_all("tool", *days), *await rollups.read_all("subreddit", *days)]:
            of_scope[rollup.scope][rollup.day] = rollup
        for each in watched:
            yield each, of_scope[each.scope]
        return
    cut = {day_of(moment) for moment in (windows.before.start, windows.now.start, windows.now.end)}
    for each in watched:
        yield each, by_day(await rollups.read(each.scope, *days, hours_of=cut))


def _covered(sources: Sequence[Sequence[Span]], windows: _Windows) -> _Covered:
    def share(window: Span) -> float:
        covered = hours_covered(window, sources, windows.as_of, windows.interval)
        return covered / (max(1, len(sources)) * ((window.end - window.start) // HOUR))

    buckets = buckets_of(windows.now, windows.granularity)
    counts = covering_counts(buckets, sources, windows.as_of, windows.interval)
    shares = [count / max(1, len(sources)) for count in counts]
    return _Covered(share(windows.now), share(windows.before), [each >= COVERED_FROM for each in shares])


def _answer(watched: _Watched, windows: _Windows, days: Mapping[datetime, DayRollup]) -> WatchedAnswer:
    now, before = tally_of(windows.now, days), tally_of(windows.before, days)
    return WatchedAnswer(
        kind=watched.kind,
        id=watched.id,
        name=watched.name,
        vendor=watched.vendor,
        statistics=statistics_of(now, watched.covered.now),
        previous=statistics_of(before, watched.covered.before),
        change=change_between(before, now),
        points=tuple(_points(watched, windows, days)),
    )


def _points(watched: _Watched, windows: _Windows, days: Mapping[datetime, DayRollup]) -> list[CoursePoint]:
    buckets = buckets_of(windows.now, windows.granularity)
    tallies = [tally_of(bucket, days) for bucket in buckets]
    return [
        CoursePoint(
            bucket_start=bucket.start,
            total=tally.total,
            avg_sentiment=rounded_polarity(tally.avg_sentiment),
            avg_interval_95=interval_of(tally),
            low_sample=tally.low_sample,
            covered=covered,
        )
        for bucket, tally, covered in zip(buckets, tallies, watched.covered.points, strict=True)
    ]


def change_between(before: Tally, now: Tally) -> Change | None:
    """The difference of two means with its interval (Welch's standard error, normal quantile)."""
    if interval_of(before) is None or interval_of(now) is None:
        return None
    delta = now.avg_sentiment - before.avg_sentiment
    half = Z_95 * math.sqrt(_squared_error(before) + _squared_error(now))
    low, high = rounded_polarity(delta - half), rounded_polarity(delta + half)
    enough = not (before.low_sample or now.low_sample)
    return Change(rounded_polarity(delta), (low, high), enough and not low <= 0 <= high)


def _squared_error(tally: Tally) -> float:
    n = tally.total
    variance = max(0.0, (tally.polarity_square_sum - n * tally.avg_sentiment**2) / (n - 1))
    return variance / n
