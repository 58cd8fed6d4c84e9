"""Days, moments, and windows that are asked for by hours or by dates."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

from sentiment_service.api.problems import FieldError, invalid, invalid_all
from sentiment_service.api.schema import MAX_HOURS, Hours, Input
from sentiment_service.api.windows import DAY, window_of
from sentiment_service.models import Span, day_of

MAX_DAYS = MAX_HOURS // 24
DEFAULT_HOURS = 24
DEFAULT_DAYS = 30
LAST_DAY = date(9999, 12, 1)
"""Later days cannot be reckoned with."""

FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime.combine(LAST_DAY, time(), UTC)

_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _day(value: Any) -> Any:
    """Only what the contract promises: other shapes that could be read as a day are mistakes."""
    if value is None:
        return None
    if not isinstance(value, str) or not _SHAPE.fullmatch(value):
        raise ValueError("should be a date such as 2026-11-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is no date of the calendar") from None


Day = Annotated[date | None, BeforeValidator(_day)]


def _moment(value: Any) -> Any:
    """A day, or a moment in UTC. A number is neither, and midnight is a moment, not its day."""
    if not isinstance(value, str) or not (_SHAPE.fullmatch(value) or _MOMENT.fullmatch(value)):
        raise ValueError("should be a date such as 2026-11-01, or a time such as 2026-11-01T12:00:00Z")
    try:
        given = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value.upper())
        moment = given.astimezone(UTC) if isinstance(given, datetime) else _midnight(given)
    except (ValueError, OverflowError):
        raise ValueError("is no date or time of the calendar") from None
    if not FIRST_MOMENT <= moment <= LAST_MOMENT:
        raise ValueError(f"should be from {FIRST_MOMENT:%Y-%m-%d} to {LAST_DAY}")
    return moment if isinstance(given, datetime) else given


Moment = Annotated[date | AwareDatetime, BeforeValidator(_moment)]
"""A day or a moment; a moment's zone is needed."""


class PeriodQuery(Input):
    """A stretch of time: hours up to now, or whole days in UTC."""

    hours: Hours | None = None
    """Length of the window, which ends with the running hour; 24 when no dates are given either."""
    start_date: Day = Field(None, examples=["2026-11-01"])
    """First day of the window, in UTC; only together with ``end_date`` and without ``hours``."""
    end_date: Day = Field(None, examples=["2026-11-07"])
    """Last day of the window, which is part of it."""


def period_of(query: PeriodQuery, now: datetime) -> Span:
    """The window that is asked for.

    :raises Problem: 422 when hours and dates are given together, or the dates make no window.
    """
    if query.start_date is None and query.end_date is None:
        return window_of(now, query.hours or DEFAULT_HOURS)
    if query.hours is not None:
        given = [name for name in ("start_date", "end_date") if getattr(query, name) is not None]
        raise invalid_all([FieldError(name, "cannot be given together with hours") for name in given])
    return days_between(query.start_date, query.end_date, now)


def days_between(start: date | None, end: date | None, now: datetime) -> Span:
    """Whole days, both included; the last 30 when none are given.

    :raises Problem: 422 when one is missing, they are in the wrong order, or there are more than 90.
    """
    if start is None and end is None:
        end = day_of(now).date()
        start = end - timedelta(days=DEFAULT_DAYS - 1)
    if start is None or end is None:
        missing = "start_date" if start is None else "end_date"
        raise invalid(missing, "is required: start_date and end_date belong together")
    if end < start:
        raise invalid("end_date", "is before start_date")
    if (end - start).days >= MAX_DAYS:
        raise invalid("end_date", f"is too late: start_date to end_date can be {MAX_DAYS} days at most")
    if end > LAST_DAY:
        raise invalid("end_date", f"should be at most {LAST_DAY}")
    return Span(_midnight(start), _midnight(end) + DAY)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
