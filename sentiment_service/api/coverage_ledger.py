"""What was collected hour by hour, and why an hour was not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.coverage import covered_by, covering_counts
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Input, OptionalText
from sentiment_service.api.scopes import ALL, subreddit_named
from sentiment_service.api.windows import buckets_of, by_day, days_of, tally_of, window_of
from sentiment_service.models import DayRollup, Outage, Span, Watermark, scope_of

routes = Routes(tag="System")

HourState = Literal["collected", "quiet", "not_covered"]
NOT_RUNNING = "not_running"
BEFORE_FIRST = "before_first"


class CoverageQuery(Input):
    subreddit: OptionalText = None
    """One watched subreddit; without it all of them."""
    hours: int = Field(168, ge=1, le=720)


@dataclass(frozen=True, slots=True)
class Stretch(Answer):
    """Hours in a row with the same state."""

    start: datetime
    end: datetime
    state: HourState
    """``collected``: read, and something was said; ``quiet``: read, and nothing was; ``not_covered``: not
    known to be complete."""
    reason: str | None
    """Why it is not covered: what Reddit answered (``private``, ``banned``, ``not_found``, ``timeout``, …),
    ``gap`` when more was written than Reddit still listed, ``not_running`` when nobody asked,
    ``before_first`` for the time before the first collection reaches back to."""


@dataclass(frozen=True, slots=True)
class SubredditCoverage(Answer):
    """One subreddit's hours, oldest first, without holes."""

    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class CoverageAnswer(Answer):
    """The ledger of a window."""

    subreddit: str
    """``all`` when none was asked for."""
    time_window_hours: int
    window_start: datetime
    window_end: datetime
    subreddits: tuple[SubredditCoverage, ...]


@routes.get("/coverage", summary="What was collected hour by hour, and why an hour was not", errors=(503,))
async def coverage(context: Context, query: CoverageQuery) -> CoverageAnswer:
    """Whether silence was silence: for each subreddit and hour, collected, quiet, or not covered and why."""
    subreddit = await subreddit_named(context, query.subreddit)
    now = context.now()
    window = window_of(now, query.hours)
    interval = timedelta(seconds=context.collector.interval_s)
    marks = await context.store.watermarks.all()
    found = []
    for name in context.collector.known_subreddits if subreddit is None else (subreddit,):
        days = by_day(await context.store.rollups.read(scope_of(name), *days_of(window)))
        stretches = stretches_of(window, marks.get(name.lower()), days, now=now, interval=interval)
        found.append(SubredditCoverage(name, tuple(stretches)))
    return CoverageAnswer(subreddit or ALL, query.hours, window.start, window.end, tuple(found))


def stretches_of(
    window: Span,
    mark: Watermark | None,
    days: Mapping[datetime, DayRollup],
    *,
    now: datetime,
    interval: timedelta,
) -> Iterator[Stretch]:
    """The hours of a window as stretches of one state and one reason each.

    :param days: the subreddit's rollups by day.
    :param interval: between two scheduled collections.
    """
    hours = buckets_of(window, "hourly")
    counts = covering_counts(hours, [covered_by(mark)], now, interval)
    judged = [_judge(hour, covered > 0, mark, days) for hour, covered in zip(hours, counts, strict=True)]
    for (state, reason), group in groupby(zip(judged, hours, strict=True), key=lambda pair: pair[0]):
        spans = [hour for _, hour in group]
        yield Stretch(spans[0].start, spans[-1].end, state, reason)


def _judge(
    hour: Span, covered: bool, mark: Watermark | None, days: Mapping[datetime, DayRollup]
) -> tuple[HourState, str | None]:
    if covered:
        said = tally_of(hour, days)
        return ("collected" if said.posts + said.comments else "quiet"), None
    return "not_covered", _reason(hour, mark)


def _reason(hour: Span, mark: Watermark | None) -> str:
    if mark is None:
        return NOT_RUNNING
    outage = _overlapping(hour, mark.outages)
    if outage is not None:
        return outage.reason
    spans = covered_by(mark)
    return BEFORE_FIRST if spans and hour.start < spans[0].start else NOT_RUNNING


def _overlapping(hour: Span, outages: Sequence[Outage]) -> Outage | None:
    """The latest outage that touches an hour."""
    touching = (each for each in reversed(outages) if each.start < hour.end and hour.start < each.end)
    return next(touching, None)
