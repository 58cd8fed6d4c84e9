"""The posts and comments behind a figure."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sentiment_service.api.context import Context
from sentiment_service.models import Label
from tests.api.conftest import Client
from tests.api.content import comment, post, put

HOUR = timedelta(hours=1)


@pytest.fixture
async def filled(context: Context, now: datetime) -> datetime:
    """Three posts and two comments an hour apart; returns the time of the oldest."""
    oldest = now - 6 * HOUR
    items = [
        post("a1", oldest, label=Label.NEGATIVE),
        comment("c1", "a1", oldest + HOUR),
        post("a2", oldest + 2 * HOUR, subreddit="ClaudeAI"),
        comment("c2", "a1", oldest + 3 * HOUR, label=Label.POSITIVE),
        post("a3", oldest + 4 * HOUR),
    ]
    await put(context.store, items, at=now)
    return oldest


async def ask(api: Client, start: datetime, end: datetime, **more: str | int) -> dict[str, Any]:
    parameters = {"start": start.isoformat(), "end": end.isoformat(), **more}
    async with api.get("/api/v1/items", params=parameters) as answer:
        body: dict[str, Any] = await answer.json()
        assert answer.status == 200, body
        return body


def ids(body: dict[str, Any]) -> list[str]:
    return [(each["post"] or each["comment"])["id"] for each in body["items"]]


async def test_they_come_together_newest_first(api: Client, filled: datetime) -> None:
    body = await ask(api, filled, filled + 5 * HOUR)
    assert ids(body) == ["t3_a3", "t1_c2", "t3_a2", "t1_c1", "t3_a1"]
    assert body["next_cursor"] is None
    assert all((each["post"] is None) == (each["kind"] == "comment") for each in body["items"])


async def test_the_start_is_part_of_the_stretch_and_the_end_is_not(api: Client, filled: datetime) -> None:
    assert ids(await ask(api, filled + HOUR, filled + 4 * HOUR)) == ["t1_c2", "t3_a2", "t1_c1"]


async def test_filters_narrow_both_kinds(api: Client, filled: datetime) -> None:
    end = filled + 5 * HOUR
    assert ids(await ask(api, filled, end, subreddit="claudeai")) == ["t3_a2"]
    assert ids(await ask(api, filled, end, sentiment="negative")) == ["t1_c1", "t3_a1"]


async def test_pages_join_without_hole_or_overlap(api: Client, filled: datetime) -> None:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        body = await ask(api, filled, filled + 5 * HOUR, limit=2, cursor=cursor)
        found += ids(body)
        cursor = body["next_cursor"]
    assert found == ["t3_a3", "t1_c2", "t3_a2", "t1_c1", "t3_a1"]


async def test_a_cursor_of_another_stretch_is_refused(api: Client, filled: datetime) -> None:
    cursor = (await ask(api, filled, filled + 5 * HOUR, limit=2))["next_cursor"]
    parameters = {"start": filled.isoformat(), "end": (filled + HOUR).isoformat(), "cursor": cursor}
    async with api.get("/api/v1/items", params=parameters) as answer:
        assert answer.status == 422


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "start"),
        ("start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z", "end"),
        ("start=2026-01-01T00:00:00Z&end=2026-05-01T00:00:00Z", "end"),
        ("start=2026-01-01T00:00:00&end=2026-01-02T00:00:00Z", "start"),
        ("start=yesterday&end=2026-01-02T00:00:00Z", "start"),
        ("start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&limit=201", "limit"),
        ("start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&tool_id=nobody", "tool_id"),
    ],
)
async def test_bad_input_is_told(api: Client, query: str, field: str) -> None:
    async with api.get(f"/api/v1/items?{query}") as answer:
        body = await answer.json()
        assert answer.status == 422
    assert field in str(body["errors"]) + body["detail"]
