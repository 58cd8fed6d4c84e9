"""The overview: the same figures as the calls for one subreddit, and changes that follow from them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentiment_service.api.context import Context
from sentiment_service.api.overview import change_between
from sentiment_service.models import Tally
from tests.api.conftest import WATCHED, Client
from tests.api.content import post, put


def tally(n: int, mean: float, spread: float) -> Tally:
    """So many items with this mean and standard deviation."""
    squares = (n - 1) * spread * spread + n * mean * mean
    return Tally(posts=n, positive=n, polarity_sum=n * mean, polarity_square_sum=squares)


def test_a_clear_difference_is_significant_and_has_its_interval() -> None:
    change = change_between(tally(100, 0.1, 0.3), tally(400, 0.3, 0.3))
    assert change is not None
    assert change.delta == pytest.approx(0.2)
    half = 1.96 * (0.09 / 100 + 0.09 / 400) ** 0.5
    assert change.interval_95 == pytest.approx((0.2 - half, 0.2 + half), abs=1e-6)
    assert change.significant


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(tally(30, 0.1, 0.5), tally(30, 0.2, 0.5), id="within chance"),
        pytest.param(tally(9, -0.9, 0.1), tally(400, 0.9, 0.1), id="few before"),
        pytest.param(tally(400, -0.9, 0.1), tally(9, 0.9, 0.1), id="few now"),
    ],
)
def test_chance_and_few_items_are_not_significant(before: Tally, now: Tally) -> None:
    change = change_between(before, now)
    assert change is not None
    assert not change.significant


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_items_have_no_change(n: int) -> None:
    assert change_between(tally(50, 0.1, 0.2), Tally(positive=n, polarity_sum=0.5 * n)) is None


@pytest.mark.parametrize(
    "query",
    [
        "hours=0",
        "hours=2161",
        "hours=abc",
        "start_date=2026-01-01",
        "end_date=2026-01-01",
        "start_date=2026-01-02&end_date=2026-01-01",
        "start_date=2026-01-01&end_date=2026-04-01",
        "start_date=2026-02-30&end_date=2026-03-01",
        "start_date=2026-01-01&end_date=2026-01-02&hours=24",
        "start_date=9999-12-31&end_date=9999-12-31",
        "days=3",
    ],
)
async def test_a_window_that_is_none_is_refused(offline: Client, query: str) -> None:
    answer = await offline.get(f"/api/v1/overview?{query}")
    assert answer.status == 422
    assert (await answer.json())["detail"]


async def read(api: Client, path: str) -> dict[str, Any]:
    async with api.get(f"/api/v1{path}") as answer:
        body: dict[str, Any] = await answer.json()
        assert answer.status == 200, body
        return body


async def test_it_says_the_same_as_the_calls_for_one_subreddit(
    api: Client, context: Context, now: datetime
) -> None:
    items = [post(f"a{day}", now - timedelta(days=day), subreddit="Cursor") for day in range(12)]
    items += [post(f"b{day}", now - timedelta(days=day), subreddit="OpenAI") for day in range(8, 11)]
    await put(context.store, items, at=now)
    body = await read(api, "/overview?hours=168")
    assert [each["id"] for each in body["subreddits"]] == list(WATCHED)
    for each in body["subreddits"]:
        one = await read(api, f"/sentiment/stats?subreddit={each['id']}&hours=168")
        two = await read(api, f"/sentiment/stats?subreddit={each['id']}&hours=336")
        assert each["statistics"] == one["statistics"]
        assert sum(point["total"] for point in each["points"]) == each["statistics"]["total"]
        assert each["previous"]["total"] + each["statistics"]["total"] == two["statistics"]["total"]
    assert [each["statistics"]["total"] for each in body["subreddits"]] == [7, 0, 0]
    assert [each["previous"]["total"] for each in body["subreddits"]] == [5, 0, 3]


async def test_dates_are_whole_days_in_utc_and_end_with_the_running_hour(api: Client) -> None:
    today = datetime.now(UTC).date()
    days = f"start_date={today - timedelta(days=2)}&end_date={today - timedelta(days=1)}"
    body = await read(api, f"/overview?{days}")
    assert body["time_window_hours"] == 48
    assert body["window_start"] == f"{today - timedelta(days=2)}T00:00:00Z"
    running = await read(api, f"/overview?start_date={today}&end_date={today}")
    assert running["time_window_hours"] <= 24
