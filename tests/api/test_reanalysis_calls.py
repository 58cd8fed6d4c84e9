"""Asking for reanalysis over HTTP: which days and tools are meant, and that bad input starts nothing."""

from typing import Any

import pytest

from sentiment_service.api.context import Context
from tests.api.conftest import TOKEN, Client
from tests.store.test_tools import tool

JOBS = "/api/v1/admin/reanalysis/jobs"


async def ask(api: Client, body: Any) -> tuple[int, dict[str, Any]]:
    async with api.post(JOBS, json=body, headers={"X-Admin-Token": TOKEN}) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_bad_input_starts_nothing(api: Client, context: Context) -> None:
    await context.store.tools.seed([tool("Cursor")])
    for body, field in (
        ({"date_range": {"end": 0}}, "date_range.end"),
        ({"date_range": {"start": "1700000000"}}, "date_range.start"),
        ({"date_range": {"start": "2026-02-30"}}, "date_range.start"),
        ({"date_range": {"start": "2026-11-01T12:00:00"}}, "date_range.start"),
        ({"date_range": {"end": "9999-12-31"}}, "date_range.end"),
        ({"date_range": {"start": "2026-11-02", "end": "2026-11-01"}}, "date_range"),
        ({"date_range": {"start": "2026-11-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"}}, "date_range"),
        ({"date_range": {"from": "2026-11-01"}}, "date_range.from"),
        ({"tool_ids": ["nobody"]}, "tool_ids.0"),
        ({"tool_ids": ["cursor", "cursor"]}, "tool_ids"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 1001}, "batch_size"),
        ({"batch_size": "10"}, "batch_size"),
        ([], "body"),
    ):
        status, problem = await ask(api, body)
        assert status == 422, (body, problem)
        assert any(error["field"].startswith(field) for error in problem["errors"]), (body, problem)
        assert problem["detail"].endswith(".")
    async with api.get(JOBS, headers={"X-Admin-Token": TOKEN}) as answer:
        assert (await answer.json())["jobs"] == []


@pytest.mark.parametrize(
    ("end", "stop"),
    [
        ("2026-11-02", "2026-11-03T00:00:00Z"),
        ("2026-11-02T00:00:00Z", "2026-11-02T00:00:00Z"),
        ("2026-11-02T02:00:00+02:00", "2026-11-02T00:00:00Z"),
    ],
)
async def test_a_last_day_is_included_and_a_last_moment_is_where_it_stops(
    api: Client, end: str, stop: str
) -> None:
    status, accepted = await ask(api, {"date_range": {"start": "2026-11-01", "end": end}})
    assert status == 202
    async with api.get(f"{JOBS}/{accepted['job_id']}", headers={"X-Admin-Token": TOKEN}) as answer:
        job = (await answer.json())["job"]
    assert job["parameters"]["date_range"] == {"start": "2026-11-01T00:00:00Z", "end": stop}
