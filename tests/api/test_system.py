"""Health, probes, what is watched and what collections did."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sentiment_service.api.context import Context, DatabaseHealth
from sentiment_service.api.cursors import encode_cursor
from sentiment_service.models import Cycle, CycleProblem, Watermark
from tests.api.conftest import TOKEN, Client, Health, snapshot

HEALTH_FIELDS = {
    "status": str,
    "timestamp": str,
    "version": str,
    "process": {
        "uptime_seconds": float,
        "memory_mb": float,
        "cpu_percent": float,
        "pid": int,
        "event_loop_lag_ms": {"p50": float, "p99": float, "max": float},
    },
    "application": {
        "last_collection_at": str | None,
        "collections_succeeded": int,
        "collections_failed": int,
        "data_freshness_minutes": float | None,
        "collecting": bool,
        "next_collection_at": str | None,
        "role": str,
    },
    "database": {"connected": bool, "latency_ms": float | None},
    "reddit": {
        "ok": bool | None,
        "rate_limit_remaining": float | None,
        "rate_limit_reset_seconds": float | None,
    },
    "scoring": {"worker_alive": bool, "queue": int},
}


def assert_fields(value: dict[str, object], expected: dict[str, object]) -> None:
    for name, kind in expected.items():
        if isinstance(kind, dict):
            section = value[name]
            assert isinstance(section, dict)
            assert_fields(section, kind)
        else:
            assert isinstance(value[name], kind), name  # type: ignore[arg-type]


async def test_health_has_every_field_while_the_database_is_away(offline: Client, now: datetime) -> None:
    async with offline.get("/api/v1/health") as response:
        assert response.status == 200
        answer = await response.json()
    assert_fields(answer, HEALTH_FIELDS)
    assert (answer["status"], answer["version"]) == ("healthy", "1.2.3")
    assert datetime.fromisoformat(answer["timestamp"]) == now


async def test_health_is_503_when_unhealthy_and_still_complete(offline: Client, away: Context) -> None:
    assert isinstance(away.health, Health)
    away.health.now = snapshot(database=DatabaseHealth(False, None))
    async with offline.get("/api/v1/health") as response:
        assert response.status == 503
        answer = await response.json()
    assert_fields(answer, HEALTH_FIELDS)
    assert answer["status"] == "unhealthy"


async def test_health_is_200_when_degraded(offline: Client, away: Context) -> None:
    assert isinstance(away.health, Health)
    away.health.now = snapshot(last_cycle_status="failed")
    async with offline.get("/api/v1/health") as response:
        assert (response.status, (await response.json())["status"]) == (200, "degraded")


async def test_the_process_lives_and_is_ready_only_with_a_database(offline: Client, away: Context) -> None:
    assert isinstance(away.health, Health)
    away.health.now = snapshot(database=DatabaseHealth(False, None))
    async with offline.get("/livez") as response:
        assert (response.status, await response.text()) == (200, "ok\n")
    async with offline.get("/readyz") as response:
        assert (response.status, await response.text()) == (503, "database away\n")


async def test_subreddits_are_listed_with_their_state(api: Client, context: Context, now: datetime) -> None:
    await context.store.watermarks.save(
        Watermark("Cursor", last_collected_at=now, last_item_at=now - timedelta(hours=1)), fence=1
    )
    await context.store.watermarks.save(
        Watermark("ClaudeAI", status="private", last_error="403 from Reddit"), fence=1
    )
    await context.store.watermarks.save(Watermark("Elsewhere"), fence=1)
    async with api.get("/api/v1/subreddits") as response:
        answer = await response.json()
    assert (answer["subreddits"], answer["count"]) == (["Cursor", "ClaudeAI", "OpenAI"], 3)
    moment = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    assert [(each["name"], each["status"], each["state"]) for each in answer["details"]] == [
        ("Cursor", "ok", "ok"),
        ("ClaudeAI", "private", "blocked"),
        ("OpenAI", "ok", "unknown"),
    ]
    assert [each["last_collected_at"] for each in answer["details"]] == [moment, None, None]
    assert [each["last_error"] for each in answer["details"]] == [None, "403 from Reddit", None]


async def test_what_a_collection_learned_of_subreddits_is_seen_once_it_is_published(
    api: Client, context: Context
) -> None:
    async def status() -> str:
        async with api.get("/api/v1/subreddits") as response:
            return str((await response.json())["details"][0]["status"])

    await context.store.state.bump_version()
    assert await status() == "ok"
    await context.store.watermarks.save(Watermark("Cursor", status="banned", last_error="404"), fence=1)
    await context.store.state.bump_version()
    assert await status() == "banned"


def cycle(number: int, start: datetime) -> Cycle:
    return Cycle(
        id=f"{start:%Y%m%dT%H%M%S}-{number}",
        status="partial",
        trigger="schedule",
        start_time=start,
        end_time=start + timedelta(seconds=90.5),
        subreddits_processed=("Cursor",),
        posts_collected=4,
        comments_collected=9,
        items_new=10,
        items_updated=3,
        api_requests=6,
        percentage=100.0,
        errors=(CycleProblem("ClaudeAI", "private", "403 from Reddit"),),
    )


async def test_a_cycle_has_every_field(api: Client, context: Context, now: datetime) -> None:
    await context.store.cycles.save(cycle(1, now - timedelta(hours=1)))
    async with api.get("/api/v1/cycles") as response:
        answer = await response.json()
    (seen,) = answer["cycles"]
    assert seen["status"] == "partial"
    assert seen["duration_seconds"] == 90.5
    assert datetime.fromisoformat(seen["start_time"]) == now - timedelta(hours=1)
    assert datetime.fromisoformat(seen["end_time"]) > now - timedelta(hours=1)
    assert seen["subreddits_processed"] == ["Cursor"]
    counts = ("posts_collected", "comments_collected", "items_new", "items_updated", "api_requests")
    assert [seen[name] for name in counts] == [4, 9, 10, 3, 6]
    assert seen["errors"] == [{"subreddit": "ClaudeAI", "kind": "private", "message": "403 from Reddit"}]
    assert answer["next_cursor"] is None


async def test_a_running_cycle_has_no_end(api: Client, context: Context, now: datetime) -> None:
    await context.store.cycles.save(replace(cycle(1, now), status="running", end_time=None))
    async with api.get("/api/v1/cycles") as response:
        (seen,) = (await response.json())["cycles"]
    assert (seen["status"], seen["end_time"], seen["duration_seconds"]) == ("running", None, None)


async def test_pages_of_cycles_hold_each_once_while_new_ones_start(
    api: Client, context: Context, now: datetime
) -> None:
    for number in range(7):
        await context.store.cycles.save(cycle(number, now - timedelta(minutes=30 * number + 60)))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        async with api.get("/api/v1/cycles", params={"limit": 3, "cursor": cursor}) as response:
            answer = await response.json()
        seen += [each["id"] for each in answer["cycles"]]
        cursor = answer["next_cursor"]
        await context.store.cycles.save(cycle(99, now - timedelta(seconds=len(seen))))
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("position", ["x" * 101, "two\nlines"])
async def test_a_made_up_cursor_is_refused(offline: Client, position: str) -> None:
    cursor = encode_cursor("cycles", {}, position)
    async with offline.get("/api/v1/cycles", params={"cursor": cursor}) as response:
        assert response.status == 422


async def test_a_collection_is_triggered_at_once(offline: Client, away: Context, now: datetime) -> None:
    async with offline.post("/api/v1/admin/collect", headers={"X-Admin-Token": TOKEN}) as response:
        assert response.status == 202
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
        answer = await response.json()
    assert answer["status"] == "triggered"
    assert answer["cycle_id"] == "cycle-1"
    assert datetime.fromisoformat(answer["timestamp"]) == now
    assert answer["message"]
    assert away.collector.triggered == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/api/v1/health", "/livez"])
async def test_health_answers_while_the_database_hangs(offline: Client, path: str) -> None:
    hanging = asyncio.create_task(offline.get("/api/v1/trending"))
    async with offline.get(path) as response:
        assert response.status == 200
    (await hanging).release()
