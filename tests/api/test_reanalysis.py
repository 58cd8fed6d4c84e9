"""Reanalysis over HTTP: asked for, looked at, cancelled; one at a time, and bad input is named."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sentiment_service.models import Label
from sentiment_service.store.stores import Store
from tests.api.conftest import TOKEN, Client
from tests.api.content import post, put
from tests.jobs.spoken import saying
from tests.store.test_tools import tool

ADMIN = {"X-Admin-Token": TOKEN}
JOBS = "/api/v1/admin/reanalysis/jobs"


@pytest.fixture
async def store(store: Store, now: datetime) -> Store:
    """A store with a tool and posts of three days."""
    await store.tools.seed([tool("Cursor")])
    catalogue = await store.tools.catalogue()
    posts = [post(str(day), now - timedelta(days=day)) for day in range(3)]
    await put(store, [saying(each, catalogue, cursor=Label.POSITIVE) for each in posts], at=now)
    return store


async def ask(api: Client, body: dict[str, Any], status: int = 202) -> dict[str, Any]:
    response = await api.post(JOBS, json=body, headers=ADMIN)
    answer: dict[str, Any] = await response.json()
    assert response.status == status, answer
    return answer


async def look(api: Client, path: str = "", status: int = 200) -> dict[str, Any]:
    response = await api.get(f"{JOBS}{path}", headers=ADMIN)
    answer: dict[str, Any] = await response.json()
    assert response.status == status, answer
    return answer


async def test_a_job_waits_for_its_turn_and_says_where_to_look(api: Client, store: Store) -> None:
    accepted = await ask(api, {})
    assert accepted["status"] == "queued"
    assert accepted["estimated_docs"] == 3
    assert accepted["poll_url"] == f"{JOBS}/{accepted['job_id']}/status"
    status = await look(api, f"/{accepted['job_id']}/status")
    assert status["progress"] == {
        "total_count": 3,
        "processed_count": 0,
        "percentage": 0.0,
        "last_checkpoint_id": None,
        "estimated_time_remaining": None,
    }
    job = (await look(api, f"/{accepted['job_id']}"))["job"]
    assert (job["status"], job["trigger_type"], job["start_time"]) == ("queued", "manual", None)
    assert job["error_log"] == []
    assert (await store.reanalyses.active()) is not None


async def test_days_are_whole_and_tools_are_named_by_id_or_slug(
    api: Client, store: Store, now: datetime
) -> None:
    day = (now - timedelta(days=1)).date().isoformat()
    accepted = await ask(
        api, {"date_range": {"start": day, "end": day}, "tool_ids": ["cursor"], "batch_size": 7}
    )
    assert accepted["estimated_docs"] == 1
    parameters = (await look(api, f"/{accepted['job_id']}"))["job"]["parameters"]
    start = datetime.fromisoformat(parameters["date_range"]["start"])
    assert datetime.fromisoformat(parameters["date_range"]["end"]) - start == timedelta(days=1)
    assert (parameters["tool_ids"], parameters["batch_size"]) == (["cursor"], 7)


async def test_a_range_before_everything_holds_nothing(api: Client, store: Store) -> None:
    accepted = await ask(api, {"date_range": {"end": "1970-01-01T00:00:00Z"}})
    assert accepted["estimated_docs"] == 0


async def test_one_job_at_a_time_and_a_waiting_one_is_cancelled_at_once(api: Client, store: Store) -> None:
    first = await ask(api, {})
    assert (await ask(api, {}, status=409))["job_id"] == first["job_id"]
    cancelled = await api.delete(f"{JOBS}/{first['job_id']}", headers=ADMIN)
    assert (cancelled.status, (await cancelled.json())["status"]) == (200, "cancelled")
    again = await api.delete(f"{JOBS}/{first['job_id']}", headers=ADMIN)
    assert again.status == 409
    second = await ask(api, {})
    listed = await look(api, "?limit=1&offset=1")
    assert (len(listed["jobs"]), listed["total_count"]) == (1, 2)
    assert [job["id"] for job in (await look(api, "?status=queued"))["jobs"]] == [second["job_id"]]
    assert [job["id"] for job in (await look(api, "?status=cancelled"))["jobs"]] == [first["job_id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 1001}, "batch_size"),
        ({"tool_ids": ["cursor", "nothing-like-it"]}, "tool_ids.1"),
        ({"tool_ids": ["cursor", "cursor"]}, "tool_ids"),
        ({"date_range": {"start": "2026-11-03", "end": "2026-11-01"}}, "date_range"),
        ({"date_range": {"start": "yesterday"}}, "date_range.start"),
        ({"date_range": {"from": "2026-11-03"}}, "date_range.from"),
        ({"date_range": {"end": "9999-12-31"}}, "date_range.end"),
        ({"date_range": {"start": "0001-01-01T00:00:00+05:00"}}, "date_range.start"),
        ({"everything": True}, "everything"),
    ],
)
async def test_bad_input_is_named_and_starts_nothing(
    api: Client, store: Store, body: dict[str, Any], field: str
) -> None:
    errors = (await ask(api, body, status=422))["errors"]
    assert any(error["field"].startswith(field) for error in errors), errors
    assert await store.reanalyses.active() is None


async def test_what_nobody_asked_for_is_404_and_without_a_token_nothing_goes(
    api: Client, store: Store
) -> None:
    await look(api, "/nothing", status=404)
    await look(api, "/nothing/status", status=404)
    assert (await api.delete(f"{JOBS}/nothing", headers=ADMIN)).status == 404
    assert (await api.post(JOBS, json={})).status == 401
    assert (await api.get(JOBS)).status == 401
    assert await store.reanalyses.active() is None
