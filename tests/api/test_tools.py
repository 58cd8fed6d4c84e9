"""Reads about tools: every figure equals a recount from the items."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from yarl import URL

from sentiment_service.api.context import Context
from sentiment_service.models import Cycle
from sentiment_service.store import tool_edits as edits
from tests.api.conftest import TOKEN, Client, MakeClient
from tests.api.content import covering
from tests.api.tooled import NOW, everything, figures, fill, get, recount
from tests.jobs.test_tool_moves import moved
from tests.store.test_tool_edits import merging

DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """The moment a test takes place."""
    return NOW


@pytest_asyncio.fixture
async def api(context: Context, make_client: MakeClient) -> Client:
    """An API over what is said of some tools."""
    await fill(context.store)
    return await make_client(context)


def midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)


async def test_the_active_tools_are_listed_by_name_without_aliases(api: Client) -> None:
    tools = (await get(api, "/tools"))["tools"]
    assert [tool["id"] for tool in tools] == ["aider", "cursor", "zed"]
    assert (tools[1]["slug"], tools[1]["category"], tools[1]["aliases"]) == (
        "cursor-editor",
        "editor",
        ["Cursor AI"],
    )


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("", NOW.replace(minute=0) - 23 * DAY / 24, NOW.replace(minute=0) + DAY / 24),
        ("?hours=1", NOW.replace(minute=0), NOW.replace(minute=0) + DAY / 24),
        ("?hours=30", NOW.replace(minute=0) - 29 * DAY / 24, NOW.replace(minute=0) + DAY / 24),
        ("?hours=2160", NOW.replace(minute=0) + DAY / 24 - 90 * DAY, NOW.replace(minute=0) + DAY / 24),
        ("?start_date=2026-11-10&end_date=2026-11-14", midnight("2026-11-10"), midnight("2026-11-15")),
        ("?start_date=2026-11-12&end_date=2026-11-12&hours=", midnight("2026-11-12"), midnight("2026-11-13")),
        ("?start_date=2026-11-18&end_date=2027-02-15", midnight("2026-11-18"), midnight("2027-02-16")),
    ],
)
async def test_what_is_said_of_a_tool_equals_a_recount(
    api: Client, context: Context, query: str, start: datetime, end: datetime
) -> None:
    query = query.removesuffix("&hours=")
    for name, tool_id in (
        ("cursor", "cursor"),
        ("cursor-editor", "cursor"),
        ("twin", "cursor"),
        ("zed", "zed"),
    ):
        answer = await get(api, f"/tools/{name}/sentiment{query}")
        assert figures(answer) == await recount(context.store, tool_id, start, end)
        assert answer["tool_id"] == tool_id
        assert answer["time_period"] == {
            "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        }


async def test_shares_intervals_and_few_mentions_are_told(api: Client) -> None:
    day = await get(api, "/tools/cursor/sentiment")
    assert (day["total_mentions"], day["posts"], day["comments"]) == (3, 2, 1)
    assert (day["positive_percentage"], day["negative_percentage"]) == (66.67, 33.33)
    assert day["low_sample"] is True
    month = await get(api, "/tools/cursor/sentiment?hours=720")
    assert (month["total_mentions"], month["low_sample"]) == (25, False)
    low, high = month["avg_interval_95"]
    assert low < month["avg_sentiment"] < high
    nothing = await get(api, "/tools/aider/sentiment")
    assert figures(nothing) == dict.fromkeys(figures(nothing), 0)
    assert (nothing["avg_interval_95"], nothing["low_sample"]) == (None, True)


async def test_an_archived_tool_keeps_its_history_and_one_that_waits_has_none(api: Client) -> None:
    assert (await get(api, "/tools/old/sentiment"))["total_mentions"] == 1
    await get(api, "/tools/fresh/sentiment", status=404)


async def test_how_much_of_the_window_was_collected_is_told(api: Client, context: Context) -> None:
    assert (await get(api, "/tools/zed/sentiment?hours=12"))["coverage"] == 0
    await context.store.watermarks.save(covering("Cursor", NOW - 3 * DAY, NOW), fence=1)
    assert (await get(api, "/tools/zed/sentiment?hours=13"))["coverage"] == pytest.approx(1 / 3, abs=1e-3)


async def test_every_pair_of_tools_is_compared(api: Client, context: Context) -> None:
    answer = await get(api, "/tools/compare?tool_ids=zed,cursor-editor,aider&hours=720")
    assert [tool["tool_id"] for tool in answer["tools"]] == ["zed", "cursor", "aider"]
    window = NOW.replace(minute=0) + DAY / 24 - 30 * DAY, NOW.replace(minute=0) + DAY / 24
    for tool in answer["tools"]:
        assert figures(tool) == await recount(context.store, tool["tool_id"], *window)
        assert tool == await get(api, f"/tools/{tool['tool_id']}/sentiment?hours=720")
    pairs = [(delta["tool_a_id"], delta["tool_b_id"]) for delta in answer["deltas"]]
    assert pairs == [("zed", "cursor"), ("zed", "aider"), ("cursor", "aider")]
    zed, cursor, _ = answer["tools"]
    first = answer["deltas"][0]
    assert first["positive_delta"] == pytest.approx(
        zed["positive_percentage"] - cursor["positive_percentage"]
    )
    assert first["negative_delta"] == pytest.approx(
        zed["negative_percentage"] - cursor["negative_percentage"]
    )
    assert first["sentiment_delta"] == pytest.approx(zed["avg_sentiment"] - cursor["avg_sentiment"], abs=2e-6)
    assert first["significant"] is True
    assert 0 < first["p_value"] < 1e-6
    for few in answer["deltas"][1:]:
        assert (few["significant"], few["p_value"], few["low_sample"]) == (False, None, True)


async def test_tools_can_be_compared_over_days(api: Client, context: Context) -> None:
    answer = await get(api, "/tools/compare?tool_ids=cursor,zed&start_date=2026-11-12&end_date=2026-11-16")
    for tool in answer["tools"]:
        window = midnight("2026-11-12"), midnight("2026-11-17")
        assert figures(tool) == await recount(context.store, tool["tool_id"], *window)


async def test_every_day_is_in_the_course_of_a_tool(api: Client, context: Context) -> None:
    answer = await get(api, "/tools/zed/timeseries?start_date=2026-11-08&end_date=2026-11-18")
    days = [f"2026-11-{day:02}" for day in range(8, 19)]
    assert [point["date"] for point in answer["data_points"]] == days
    for point in answer["data_points"]:
        start = midnight(point["date"])
        assert figures(point) == await recount(context.store, "zed", start, start + DAY)
    assert min(point["total_mentions"] for point in answer["data_points"]) == 0
    assert (answer["tool_id"], answer["granularity"]) == ("zed", "daily")
    assert answer["time_period"] == {"start": "2026-11-08T00:00:00Z", "end": "2026-11-19T00:00:00Z"}


@pytest.mark.parametrize(
    ("granularity", "parts"),
    [
        (
            "weekly",
            [("2026-10-28", "2026-11-01"), ("2026-11-02", "2026-11-08"), ("2026-11-09", "2026-11-10")],
        ),
        ("monthly", [("2026-10-28", "2026-10-31"), ("2026-11-01", "2026-11-10")]),
    ],
)
async def test_weeks_and_months_are_cut_to_the_days_asked_for(
    api: Client, context: Context, granularity: str, parts: list[tuple[str, str]]
) -> None:
    path = f"/tools/cursor/timeseries?start_date=2026-10-28&end_date=2026-11-10&granularity={granularity}"
    points = (await get(api, path))["data_points"]
    assert [(point["date"], point["end_date"]) for point in points] == parts
    for point, (first, last) in zip(points, parts, strict=True):
        expected = await recount(context.store, "cursor", midnight(first), midnight(last) + DAY)
        assert figures(point) == expected


async def test_without_days_the_course_is_that_of_the_last_thirty(api: Client) -> None:
    points = (await get(api, "/tools/cursor/timeseries"))["data_points"]
    assert (len(points), points[0]["date"], points[-1]["date"]) == (30, "2026-10-20", "2026-11-18")
    whole = (await get(api, "/tools/cursor/timeseries?start_date=2026-08-21&end_date=2026-11-18"))[
        "data_points"
    ]
    assert len(whole) == 90
    assert sum(point["total_mentions"] for point in whole) == 25


async def test_what_was_not_collected_is_not_covered(api: Client, context: Context) -> None:
    for name in ("Cursor", "ClaudeAI"):
        await context.store.watermarks.save(covering(name, midnight("2026-11-16"), NOW), fence=1)
    points = (await get(api, "/tools/aider/timeseries?start_date=2026-11-15&end_date=2026-11-18"))[
        "data_points"
    ]
    assert [(point["total_mentions"], point["covered"]) for point in points] == [
        (0, False),
        (0, True),
        (0, True),
        (0, True),
    ]


async def test_how_fresh_figures_are_is_told(api: Client, context: Context) -> None:
    answer = await get(api, "/tools/last_updated")
    assert answer["last_detection"] is None
    assert answer["last_aggregation"].endswith("Z")
    begun, ended = NOW - DAY / 24, NOW - DAY / 48
    cycle = Cycle("c1", "completed", "schedule", begun, end_time=ended)
    await context.store.cycles.save(cycle)
    assert (await get(api, "/tools/last_updated"))["last_detection"] == f"{ended:%Y-%m-%dT%H:%M:%SZ}"


async def test_a_merge_moves_the_history_at_once(api: Client, context: Context) -> None:
    before = await get(api, "/tools/cursor/sentiment?hours=720")
    await moved(context.store, edits.merge, merging=merging("cursor", "zed"))
    after = await get(api, "/tools/zed/sentiment?hours=720")
    assert after["tool_id"] == "cursor"
    assert after["total_mentions"] > before["total_mentions"]
    window = NOW.replace(minute=0) + DAY / 24 - 30 * DAY, NOW.replace(minute=0) + DAY / 24
    assert figures(after) == await recount(context.store, "cursor", *window)


ELEVEN = ",".join(f"t{number}" for number in range(11))
PERIOD = "start_date={}&end_date={}"
CALLS_OF_A_PERIOD = ("/tools/cursor/sentiment?", "/tools/compare?tool_ids=cursor,zed&")
BAD_PERIODS = [
    ("hours=0", "hours", "greater than or equal to 1"),
    ("hours=2161", "hours", "less than or equal to 2160"),
    ("hours=abc", "hours", "whole number"),
    ("hours=-1", "hours", "greater than or equal to 1"),
    ("hours=24&start_date=2026-11-01&end_date=2026-11-02", "start_date", "together with hours"),
    ("hours=24&end_date=2026-11-02", "end_date", "together with hours"),
]
BAD_DAYS = [
    (PERIOD.format("2026-02-30", "2026-03-01"), "start_date", "no date of the calendar"),
    (PERIOD.format("2026-11-01", "2026-13-01"), "end_date", "no date of the calendar"),
    (PERIOD.format("2026-11-1", "2026-11-02"), "start_date", "a date such as"),
    (PERIOD.format("20261101", "2026-11-02"), "start_date", "a date such as"),
    (PERIOD.format("0", "2026-11-02"), "start_date", "a date such as"),
    (PERIOD.format("2026-11-01T00:00:00Z", "2026-11-02"), "start_date", "a date such as"),
    (PERIOD.format("2026-11-02", "2026-11-01"), "end_date", "is before start_date"),
    (PERIOD.format("2026-08-01", "2026-10-30"), "end_date", "90 days at most"),  # that is 91 days
    (PERIOD.format("9999-12-01", "9999-12-31"), "end_date", "at most"),
    ("start_date=2026-11-01", "end_date", "is required"),
    ("end_date=2026-11-01", "start_date", "is required"),
]
BAD = [
    *((path + query, *rest) for path in CALLS_OF_A_PERIOD for query, *rest in (*BAD_PERIODS, *BAD_DAYS)),
    *(("/tools/cursor/timeseries?" + query, *rest) for query, *rest in BAD_DAYS),
    ("/tools/cursor/timeseries?hours=24", "hours", "unknown parameter"),
    ("/tools/cursor/timeseries?granularity=hourly", "granularity", "should be 'daily'"),
    ("/tools/compare", "tool_ids", "is required"),
    ("/tools/compare?tool_ids=", "tool_ids", "2 to 10 tools, not 0"),
    ("/tools/compare?tool_ids=cursor", "tool_ids", "2 to 10 tools, not 1"),
    (f"/tools/compare?tool_ids={ELEVEN}", "tool_ids", "2 to 10 tools, not 11"),
    ("/tools/compare?tool_ids=cursor,cursor", "tool_ids", "names Cursor again"),
    ("/tools/compare?tool_ids=cursor,cursor-editor", "tool_ids", "names Cursor again"),
    ("/tools/compare?tool_ids=cursor,twin", "tool_ids", "names Cursor again"),
    ("/tools/compare?tool_ids=cursor,nobody", "tool_ids", "no tool tracked here"),
    ("/tools/compare?tool_ids=cursor,fresh", "tool_ids", "no tool tracked here"),
    ("/tools/compare?tool_ids=cursor,", "tool_ids", "no tool tracked here"),
    (f"/tools/compare?tool_ids=cursor,{'x' * 300}", "tool_ids", "no tool tracked here"),
    (f"/tools/compare?tool_ids=cursor,{'x' * 3000}", "tool_ids", "at most 2000 characters"),
    ("/tools?status=active", "status", "unknown parameter"),
    ("/tools/last_updated?x=1", "x", "unknown parameter"),
    ("/hot-topics?time_range=2d", "time_range", "should be '24h', '7d' or '30d'"),
    ("/hot-topics?limit=0", "limit", "greater than or equal to 1"),
    ("/hot-topics?limit=51", "limit", "less than or equal to 50"),
    ("/hot-topics/cursor/posts?limit=0", "limit", "greater than or equal to 1"),
    ("/hot-topics/cursor/posts?limit=101", "limit", "less than or equal to 100"),
    ("/hot-topics/cursor/posts?offset=-1", "offset", "greater than or equal to 0"),
    ("/hot-topics/cursor/posts?offset=abc", "offset", "whole number"),
    ("/posts/recent?tool_id=nobody", "tool_id", "no tool tracked here"),
    ("/sentiment/stats?tool_id=nobody", "tool_id", "no tool tracked here"),
    ("/sentiment/trends?tool_id=fresh", "tool_id", "no tool tracked here"),
    ("/posts/search?q=great&tool_id=nobody", "tool_id", "no tool tracked here"),
    ("/posts/search?q=great&limit=501", "limit", "less than or equal to 500"),
    ("/posts/search?q=great&limit=0", "limit", "greater than or equal to 1"),
    ("/posts/search?q=great&cursor=nonsense", "cursor", "not a cursor"),
    ("/export?kind=posts&tool_id=nobody", "tool_id", "no tool tracked here"),
    ("/export?kind=posts&hours=0", "hours", "greater than or equal to 1"),
    ("/export", "kind", "is required"),
    ("/admin/tools?limit=501", "limit", "less than or equal to 500"),
]


async def test_bad_input_is_named_in_plain_words_and_changes_nothing(api: Client, context: Context) -> None:
    before = await everything(context.store)
    for path, field, message in BAD:
        problem = await refused(api, path, 422)
        errors = {error["field"]: error["message"] for error in problem["errors"]}
        assert message in errors.get(field, ""), (path, problem)
        assert field in problem["detail"], path
        assert problem["detail"].endswith(".")
    assert await everything(context.store) == before


async def test_an_id_nobody_has_is_not_found(api: Client, context: Context) -> None:
    before = await everything(context.store)
    for name in ("nobody", "fresh", "x" * 300, "%00", "..%2f"):
        for path in (f"/tools/{name}/sentiment", f"/tools/{name}/timeseries", f"/hot-topics/{name}/posts"):
            problem = await refused(api, path, 404)
            assert problem["detail"] in {"There is no such tool.", "There is nothing at this address."}
    assert await everything(context.store) == before


async def test_a_cursor_of_another_call_or_of_other_filters_is_refused(api: Client) -> None:
    async with api.get("/api/v1/posts/recent?hours=720&limit=2") as answer:
        cursor = URL(answer.links["next"]["url"]).query["cursor"]
    for path in (
        f"/posts/a0/comments?cursor={cursor}",
        f"/posts/search?q=great&hours=720&cursor={cursor}",
        f"/posts/recent?hours=720&tool_id=zed&cursor={cursor}",
        f"/cycles?cursor={cursor}",
    ):
        assert "not a cursor" in (await refused(api, path, 422))["detail"], path
    await get(api, f"/posts/recent?hours=720&limit=2&cursor={cursor}")


async def refused(api: Client, path: str, status: int) -> dict[str, Any]:
    """The problem a call is refused with."""
    async with api.get(f"/api/v1{path}", headers={"X-Admin-Token": TOKEN}) as answer:
        assert answer.content_type == "application/problem+json", path
        problem: dict[str, Any] = await answer.json(content_type=None)
        assert (answer.status, problem["status"]) == (status, status), (path, problem)
    return problem
