"""Days and moments as clients write them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sentiment_service.api.dates import Day, Moment

DAY: TypeAdapter[Any] = TypeAdapter(Day)
MOMENT: TypeAdapter[Any] = TypeAdapter(Moment)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("1970-01-01", date(1970, 1, 1)),
        ("2026-11-01T00:00:00Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T02:30:00.5+02:00", datetime(2026, 11, 1, 0, 30, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_moment_at_midnight_is_not_taken_for_its_day(written: str, meant: date | datetime) -> None:
    found = MOMENT.validate_python(written)
    assert (type(found), found) == (type(meant), meant)


@pytest.mark.parametrize(
    "written",
    [
        *(
            0,
            1.5,
            True,
            [],
            {},
            None,
            "",
            "0",
            "1700000000",
            "2026-11-1",
            "2026-02-30",
            "2026-11-01T00:00:00",
        ),
        *("2026-11-01T25:00:00Z", "0001-01-01T00:00:00+10:00", "1969-12-31", "9999-12-31", "now"),
    ],
)
def test_what_is_no_moment_with_a_zone_and_no_day_is_refused(written: object) -> None:
    with pytest.raises(ValidationError, match="date"):
        MOMENT.validate_python(written)


@pytest.mark.parametrize(
    "written", ["", 0, 20261101, True, "20261101", "2026-11-31", "2026-11-01T00:00:00Z", "٢٠٢٦-١١-٠١"]
)
def test_a_day_is_a_text_of_one_shape(written: object) -> None:
    with pytest.raises(ValidationError, match="date"):
        DAY.validate_python(written)


def test_a_day_may_be_left_out() -> None:
    assert DAY.validate_python(None) is None
    assert DAY.validate_python("2026-11-01") == date(2026, 11, 1)
