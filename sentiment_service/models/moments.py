"""Moments and stretches of time, aware and in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current time, aware and in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> datetime:
    """Midnight UTC of the day a moment is in."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def hour_of(moment: datetime) -> datetime:
    """The full hour, UTC, a moment is in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, start included, end not."""

    start: datetime
    end: datetime


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The same time as ascending spans that neither overlap nor touch."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        elif span.start < span.end:
            merged.append(span)
    return merged
