"""Windows and buckets of statistics: pure arithmetic on times and tallies.

A window of ``hours`` ends with the hour that is running, so it is made of whole hours:
``[floor_hour(now) + 1 h - hours, floor_hour(now) + 1 h)``. Daily buckets are UTC days and weekly ones
ISO weeks, which begin on Monday, and monthly ones those of the calendar; the first and the last are cut to
the window.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sentiment_service.models import DayRollup, Span, Tally, day_of, hour_of

Granularity = Literal["hourly", "daily", "weekly"]
SeriesGranularity = Literal["daily", "weekly", "monthly"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AUTO_HOURLY_HOURS = 72
AUTO_DAILY_HOURS = 30 * 24

_NOTHING = Tally()


def window_of(now: datetime, hours: int) -> Span:
    """The window of so many hours that ends with the hour running at ``now``."""
    end = hour_of(now) + HOUR
    return Span(end - hours * HOUR, end)


def granularity_of(asked: Granularity | Literal["auto"], hours: int) -> Granularity:
    """What ``auto`` stands for: hourly up to 72 hours, daily up to 30 days, weekly above."""
    if asked != "auto":
        return asked
    if hours <= AUTO_HOURLY_HOURS:
        return "hourly"
    return "daily" if hours <= AUTO_DAILY_HOURS else "weekly"


def buckets_of(window: Span, granularity: Granularity | SeriesGranularity) -> list[Span]:
    """The buckets of a window, ascending and without holes, the outer ones cut to it."""
    buckets = []
    start = window.start
    while start < window.end:
        end = min(_next_boundary(start, granularity), window.end)
        buckets.append(Span(start, end))
        start = end
    return buckets


def _next_boundary(moment: datetime, granularity: Granularity | SeriesGranularity) -> datetime:
    if granularity == "hourly":
        return moment + HOUR
    midnight = day_of(moment)
    if granularity == "monthly":
        return (midnight.replace(day=1) + 31 * DAY).replace(day=1)
    return midnight + (DAY if granularity == "daily" else (7 - midnight.weekday()) * DAY)


def days_of(window: Span) -> tuple[datetime, datetime]:
    """The first and the last day that a window touches."""
    return day_of(window.start), day_of(window.end - HOUR)


def by_day(rollups: Sequence[DayRollup]) -> dict[datetime, DayRollup]:
    """Rollups of one scope by their day."""
    return {rollup.day: rollup for rollup in rollups}


def tally_of(span: Span, days: Mapping[datetime, DayRollup]) -> Tally:
    """What was said in a stretch of whole hours: whole days from their own tally, edges from hours."""
    if span.end - span.start == HOUR:  # there may be thousands of these
        rollup = days.get(span.start.replace(hour=0))
        return _NOTHING if rollup is None else rollup.hours.get(span.start.hour, _NOTHING)
    parts = _parts(span, days)
    return sum(parts, next(parts, _NOTHING))


def _parts(span: Span, days: Mapping[datetime, DayRollup]) -> Iterator[Tally]:
    midnight = day_of(span.start)
    while midnight < span.end:
        rollup = days.get(midnight)
        if rollup is not None:
            first = max(0, (span.start - midnight) // HOUR)
            last = min(24, (span.end - midnight) // HOUR)
            if last - first == 24:
                yield rollup.whole
            else:
                yield from (rollup.hours[hour] for hour in range(first, last) if hour in rollup.hours)
        midnight += DAY
