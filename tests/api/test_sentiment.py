"""Statistics and trends, from a real database."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sentiment_service.api.context import Context
from sentiment_service.api.windows import window_of
from sentiment_service.models import Label, Watermark, hour_of
from tests.api.conftest import Client
from tests.api.content import comment, covering, post, put

HOUR = timedelta(hours=1)

STATISTICS = {
    "total": int,
    "positive": int,
    "negative": int,
    "neutral": int,
    "avg_sentiment": float,
    "positive_percentage": float,
    "negative_percentage": float,
    "neutral_percentage": float,
    "positive_interval_95": list | None,
    "negative_interval_95": list | None,
    "neutral_interval_95": list | None,
    "avg_interval_95": list | None,
    "low_sample": bool,
    "posts": int,
    "comments": int,
    "unscored": int,
    "coverage": float,
}
BUCKET = {
    "bucket_start": str,
    "bucket_end": str,
    "total": int,
    "positive": int,
    "negative": int,
    "neutral": int,
    "avg_sentiment": float,
    "avg_interval_95": list | None,
    "low_sample": bool,
    "covered": bool,
    "coverage": float,
    "scorers": list,
}


def assert_shape(value: dict[str, Any], expected: dict[str, Any]) -> None:
    assert set(value) == set(expected)
    for name, kind in expected.items():
        assert isinstance(value[name], kind), name


async def get(client: Client, path: str, **parameters: str | int) -> dict[str, Any]:
    async with client.get(f"/api/v1{path}", params=parameters) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == 200, answer
    return answer


async def fill(context: Context, now: datetime) -> None:
    """Cursor: two posts and a comment in the last hours, one older; ClaudeAI: one; one without a score."""
    await put(
        context.store,
        [
            post("a1", now, label=Label.POSITIVE),
            post("a2", now - 5 * HOUR, label=Label.NEGATIVE),
            comment("c1", "a2", now - 4 * HOUR, label=Label.NEUTRAL),
            post("a3", now - 30 * HOUR, label=Label.POSITIVE),
            post("b1", now - 2 * HOUR, label=Label.POSITIVE, subreddit="ClaudeAI"),
            post("b2", now - 2 * HOUR, label=None, text="[removed]", subreddit="ClaudeAI"),
        ],
        at=now,
    )


async def test_stats_have_every_field(api: Client, context: Context, now: datetime) -> None:
    await fill(context, now)
    answer = await get(api, "/sentiment/stats")
    figures = answer["statistics"]
    assert_shape(figures, STATISTICS)
    assert (answer["subreddit"], answer["time_window_hours"]) == ("all", 24)
    assert (figures["total"], figures["positive"], figures["negative"], figures["neutral"]) == (4, 2, 1, 1)
    assert (figures["posts"], figures["comments"], figures["unscored"]) == (4, 1, 1)
    assert figures["avg_sentiment"] == pytest.approx((0.5 + 0.5 - 0.4 + 0.05) / 4)
    assert (figures["positive_percentage"], figures["negative_percentage"]) == (50.0, 25.0)
    low, high = figures["avg_interval_95"]
    assert low < figures["avg_sentiment"] < high
    for label in ("positive", "negative", "neutral"):
        low, high = figures[f"{label}_interval_95"]
        assert 0 <= low < figures[f"{label}_percentage"] < high <= 100
    assert figures["low_sample"] is True
    window = window_of(now, 24)
    assert datetime.fromisoformat(answer["window_start"]) == window.start
    assert datetime.fromisoformat(answer["window_end"]) == window.end
    assert answer["timestamp"].endswith("Z")


@pytest.mark.parametrize("name", ["Cursor", "cursor", "CURSOR"])
async def test_a_subreddit_is_found_in_any_case(
    api: Client, context: Context, now: datetime, name: str
) -> None:
    await fill(context, now)
    answer = await get(api, "/sentiment/stats", subreddit=name, hours=48)
    assert (answer["subreddit"], answer["statistics"]["total"]) == ("Cursor", 4)


@pytest.mark.parametrize("name", ["all", "ALL", ""])
async def test_all_is_everything(api: Client, context: Context, now: datetime, name: str) -> None:
    await fill(context, now)
    answer = await get(api, "/sentiment/stats", subreddit=name, hours=48, tool_id="")
    assert (answer["subreddit"], answer["statistics"]["total"]) == ("all", 5)


async def test_a_subreddit_once_collected_can_still_be_asked_for(api: Client, context: Context) -> None:
    await context.store.watermarks.save(Watermark("OldNews"), fence=1)
    assert (await get(api, "/sentiment/stats", subreddit="oldnews"))["subreddit"] == "OldNews"


@pytest.mark.parametrize("path", ["/sentiment/stats", "/sentiment/trends", "/posts/recent"])
@pytest.mark.parametrize("name", ["Curser", "x" * 300, "../../etc", "\x00", "Cursor "])
async def test_a_wrong_name_is_told_the_known_ones(
    api: Client, context: Context, path: str, name: str
) -> None:
    await context.store.watermarks.save(Watermark("OldNews"), fence=1)
    async with api.get(f"/api/v1{path}", params={"subreddit": name}) as response:
        assert response.status == 422
        (error,) = (await response.json())["errors"]
    assert error["field"] == "subreddit"
    assert error["message"].endswith("known are ClaudeAI, Cursor, OldNews, OpenAI")


async def test_quiet_figures_are_zeros(api: Client) -> None:
    figures = (await get(api, "/sentiment/stats", hours=2160))["statistics"]
    assert (figures["total"], figures["avg_sentiment"], figures["avg_interval_95"]) == (0, 0.0, None)
    assert figures["coverage"] == 0.0


@pytest.mark.parametrize(
    ("hours", "granularity"), [(1, "hourly"), (72, "hourly"), (168, "daily"), (2160, "weekly")]
)
async def test_trends_choose_their_buckets(api: Client, now: datetime, hours: int, granularity: str) -> None:
    answer = await get(api, "/sentiment/trends", hours=hours)
    assert answer["granularity"] == granularity
    buckets = answer["trend_data"]
    starts = [datetime.fromisoformat(bucket["bucket_start"]) for bucket in buckets]
    ends = [datetime.fromisoformat(bucket["bucket_end"]) for bucket in buckets]
    window = window_of(now, hours)
    assert (starts[0], ends[-1], starts[1:]) == (window.start, window.end, ends[:-1])


async def test_trends_have_every_field(api: Client, context: Context, now: datetime) -> None:
    await fill(context, now)
    answer = await get(api, "/sentiment/trends", subreddit="cursor", hours=48, granularity="hourly")
    assert set(answer) == {
        "subreddit",
        "tool_id",
        "time_window_hours",
        "granularity",
        "trend_data",
        "statistics",
        "timestamp",
    }
    assert (answer["subreddit"], answer["time_window_hours"]) == ("Cursor", 48)
    assert_shape(answer["statistics"], STATISTICS)
    assert len(answer["trend_data"]) == 48
    for bucket in answer["trend_data"]:
        assert_shape(bucket, BUCKET)
    newest = answer["trend_data"][-1]
    assert (newest["total"], newest["positive"], newest["avg_sentiment"]) == (1, 1, 0.5)
    assert (newest["avg_interval_95"], newest["scorers"]) == (None, ["textblob@0"])
    assert sum(bucket["total"] for bucket in answer["trend_data"]) == answer["statistics"]["total"] == 4


async def test_the_longest_trend_has_every_hour(api: Client, context: Context, now: datetime) -> None:
    await fill(context, now)
    answer = await get(api, "/sentiment/trends", hours=2160, granularity="hourly")
    assert len({bucket["bucket_start"] for bucket in answer["trend_data"]}) == 2160
    assert sum(bucket["total"] for bucket in answer["trend_data"]) == 5


@pytest.mark.parametrize("granularity", ["hourly", "daily", "weekly"])
async def test_every_granularity_counts_the_same(
    api: Client, context: Context, now: datetime, granularity: str
) -> None:
    await fill(context, now)
    answer = await get(api, "/sentiment/trends", hours=31, granularity=granularity)
    assert sum(bucket["total"] for bucket in answer["trend_data"]) == 5 == answer["statistics"]["total"]


async def test_a_quiet_hour_and_a_blind_one_differ(api: Client, context: Context, now: datetime) -> None:
    here = hour_of(now)
    await context.store.watermarks.save(covering("Cursor", here - 3 * HOUR, now), fence=1)
    await context.store.watermarks.save(covering("ClaudeAI", here - 2 * HOUR, here), fence=1)
    one = await get(api, "/sentiment/trends", subreddit="Cursor", hours=5)
    assert [bucket["total"] for bucket in one["trend_data"]] == [0] * 5
    covered = [bucket["covered"] for bucket in one["trend_data"]]
    assert covered[:4] == [False, True, True, True]
    assert one["statistics"]["coverage"] == pytest.approx(sum(covered) / 5)
    together = await get(api, "/sentiment/trends", hours=5)
    assert [bucket["coverage"] for bucket in together["trend_data"]][:4] == [0.0, 0.3333, 0.6667, 0.6667]
    half = [bucket["covered"] for bucket in together["trend_data"]]
    assert half[:4] == [False, False, True, True], "all is covered where at least half of them are"


async def test_an_answer_stays_the_same_until_the_data_changes(
    api: Client, context: Context, now: datetime
) -> None:
    await fill(context, now)
    path = "/api/v1/sentiment/stats"
    async with api.get(path) as response:
        tag, first = response.headers["ETag"], await response.json()
    async with api.get(path, headers={"If-None-Match": tag}) as response:
        assert response.status == 304
    version = await context.store.state.version()
    assert datetime.fromisoformat(first["timestamp"]) == max(version.changed_at, hour_of(now))
    await put(context.store, [post("new", now)], at=now)
    async with api.get(path, headers={"If-None-Match": tag}) as response:
        assert response.status == 200
        assert (await response.json())["statistics"]["total"] == 5


async def test_an_answer_about_old_data_holds_since_the_hour_began(
    api: Client, context: Context, now: datetime
) -> None:
    later = now + 3 * HOUR
    object.__setattr__(context, "now", lambda: later)
    answer = await get(api, "/sentiment/stats")
    assert datetime.fromisoformat(answer["timestamp"]) == hour_of(later)
