import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.jobs.velocity import engagement_velocity
from sentiment_service.models import Sighting
from tests.jobs.posts import NOW, stored_post


def seen(hours_ago: float, upvotes: int, comments: int) -> Sighting:
    return Sighting(NOW - timedelta(hours=hours_ago), upvotes, comments)


@pytest.mark.parametrize(
    ("age_hours", "latest", "before", "velocity"),
    [
        pytest.param(6, seen(0, 50, 10), None, 60 / 6 * 1.5, id="by age, boost of one half life"),
        pytest.param(12, seen(2, 50, 10), None, 60 / 10 * 1.25, id="by the age it had when it was seen"),
        pytest.param(12, seen(6, 50, 10), None, 60 / 12 * 1.25, id="by its age now when that was long ago"),
        pytest.param(12, seen(6, 50, 10), seen(7, 0, 0), 60 / 12 * 1.25, id="growth of long ago is none"),
        pytest.param(0, seen(0, 30, 0), None, 30 / 1 * 2, id="just written counts as an hour old"),
        pytest.param(6, seen(0, 50, 10), seen(2, 20, 0), 40 / 2 * 1.5, id="growth between two sightings"),
        pytest.param(
            6, seen(0, 50, 10), seen(0.25, 50, 5), 5 / 0.25 * 1.5, id="growth in a quarter of an hour"
        ),
        pytest.param(6, seen(0, 50, 10), seen(2, 80, 10), 0.0, id="lost votes are no growth"),
        pytest.param(6, seen(1, 50, 10), seen(1, 20, 0), 60 / 5 * 1.5, id="two sightings at once are one"),
        pytest.param(6, seen(0, -5, 0), None, 0.0, id="counts below zero are none"),
        pytest.param(-1, seen(0, 30, 0), None, 30 * 2, id="written in the future counts as now"),
    ],
)
def test_velocity_is_engagement_an_hour_with_a_boost_for_the_recent(
    age_hours: float, latest: Sighting, before: Sighting | None, velocity: float
) -> None:
    post = replace(stored_post(1, hours_ago=age_hours), seen=latest, previous=before)
    assert engagement_velocity(post, NOW, half_life_hours=6.0) == pytest.approx(velocity)


TIMES = st.datetimes(datetime(2005, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
COUNTS = st.integers(-(10**12), 10**12)
SIGHTINGS = st.builds(Sighting, TIMES, COUNTS, COUNTS)


@given(TIMES, TIMES, SIGHTINGS, st.none() | SIGHTINGS, st.floats(0.001, 168))
def test_velocity_is_a_number_and_never_negative(
    created: datetime, now: datetime, latest: Sighting, before: Sighting | None, half_life_hours: float
) -> None:
    post = stored_post(1)
    post = replace(post, post=replace(post.post, created_at=created), seen=latest, previous=before)
    velocity = engagement_velocity(post, now, half_life_hours=half_life_hours)
    assert velocity >= 0
    assert math.isfinite(velocity)
