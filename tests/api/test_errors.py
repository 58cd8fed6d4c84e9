"""Bad input and failures over the wire: each has its status, one shape, and changes nothing."""

import asyncio
import io
import logging
from dataclasses import replace
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sentiment_service.api.context import Context
from sentiment_service.api.metering import RequestMeter
from sentiment_service.errors import (
    ConfigError,
    CycleRunningError,
    DatabaseUnavailableError,
    ScoringError,
    StoreError,
)
from sentiment_service.settings import Settings
from tests.api.conftest import TOKEN, Client, Health, MakeClient, Scores, snapshot

MEMBERS = {"type", "title", "status", "detail", "errors", "request_id"}


async def problem(client: Client, method: str, path: str, **options: Any) -> dict[str, Any]:
    """Make a call that fails, and return its problem document after checking its shape."""
    async with client.request(method, path, **options) as response:
        document: dict[str, Any] = await response.json(content_type="application/problem+json")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Request-ID"] == document["request_id"]
        assert set(document) >= MEMBERS
        assert document["status"] == response.status
        assert document["type"] == "about:blank"
        assert document["detail"].endswith(".")
        assert "Traceback" not in orjson.dumps(document).decode()
    return document


BAD_QUERIES = [
    ("/sentiment/stats?hours=0", "hours", "should be greater than or equal to 1"),
    ("/sentiment/stats?hours=2161", "hours", "should be less than or equal to 2160"),
    ("/sentiment/stats?hours=-1", "hours", "should be greater than or equal to 1"),
    ("/sentiment/stats?hours=abc", "hours", "should be a whole number"),
    ("/sentiment/stats?hours=", "hours", "should be a whole number"),
    ("/sentiment/stats?hours=1.5", "hours", "should be a whole number"),
    ("/sentiment/stats?hours=NaN", "hours", "should be a whole number"),
    (f"/sentiment/stats?hours={'9' * 5000}", "hours", "should be a whole number of reasonable size"),
    (f"/sentiment/stats?hours={'9' * 30}", "hours", "should be less than or equal to 2160"),
    ("/sentiment/stats?hours=1&hours=2", "hours", "is given more than once"),
    ("/sentiment/stats?hour=1", "hour", "unknown parameter"),
    (f"/sentiment/stats?{'x' * 300}=1", "x" * 100, "unknown parameter"),
    ("/sentiment/stats?%00=%ff", "\x00", "unknown parameter"),
    ("/sentiment/trends?hours=2161", "hours", "should be less than or equal to 2160"),
    (
        "/sentiment/trends?granularity=yearly",
        "granularity",
        "should be 'auto', 'hourly', 'daily' or 'weekly'",
    ),
    ("/posts/recent?limit=0", "limit", "should be greater than or equal to 1"),
    ("/posts/recent?limit=501", "limit", "should be less than or equal to 500"),
    ("/posts/recent?sentiment=happy", "sentiment", "should be 'positive', 'negative' or 'neutral'"),
    ("/posts/recent?sentiment=", "sentiment", "should be 'positive', 'negative' or 'neutral'"),
    (
        "/posts/recent?cursor=nonsense",
        "cursor",
        "is not a cursor that this call gave out for the same filters",
    ),
    ("/cycles?cursor=%00", "cursor", "is not a cursor that this call gave out for the same filters"),
    ("/cycles?limit=101", "limit", "should be less than or equal to 100"),
    ("/trending?limit=101", "limit", "should be less than or equal to 100"),
    ("/trending?limit=0", "limit", "should be greater than or equal to 1"),
    ("/health?verbose=1", "verbose", "unknown parameter"),
    ("/subreddits?x", "x", "unknown parameter"),
    ("/openapi.json?x", "x", "unknown parameter"),
]


@pytest.mark.parametrize(
    ("path", "field", "message"), BAD_QUERIES, ids=[case[0][:60] for case in BAD_QUERIES]
)
async def test_bad_parameters_are_named(offline: Client, path: str, field: str, message: str) -> None:
    document = await problem(offline, "GET", f"/api/v1{path}")
    assert document["status"] == 422
    assert document["errors"] == [{"field": field, "message": message}]
    assert document["detail"] == f"{field}: {message}."


async def test_all_mistakes_are_reported_at_once(offline: Client) -> None:
    document = await problem(
        offline, "GET", "/api/v1/posts/recent?hours=0&limit=x&page=2&sentiment=sad&page=3"
    )
    assert {error["field"] for error in document["errors"]} == {"hours", "limit", "page", "sentiment"}
    assert document["detail"].startswith("5 values are not valid: ")


async def test_mistakes_reported_are_bounded(offline: Client) -> None:
    names = "&".join(f"p{number}" for number in range(300))
    document = await problem(offline, "GET", f"/api/v1/health?{names}")
    assert len(document["errors"]) == 100


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b'{"texts": ["a"]} trailing', 400, None),
        (b"\xff\xfe", 400, None),
        (b'{"texts": ["\\ud800"]}', 400, None),
        (b"[" * 5000, 400, None),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b'"texts"', 422, "body"),
        (b"{}", 422, "texts"),
        (b'{"texts": "a"}', 422, "texts"),
        (b'{"texts": [1]}', 422, "texts.0"),
        (b'{"texts": [null]}', 422, "texts.0"),
        (b'{"texts": [], "more": 1}', 422, "more"),
        (orjson.dumps({"texts": ["a"] * 101}), 422, "texts"),
        (orjson.dumps({"texts": ["ok", "a" * 40_001]}), 422, "texts.1"),
    ],
)
async def test_bad_bodies_are_refused(
    offline: Client, away: Context, body: bytes, status: int, field: str | None
) -> None:
    document = await problem(offline, "POST", "/api/v1/sentiment/score", data=body)
    assert document["status"] == status
    assert [error["field"] for error in document["errors"]] == ([field] if field else [])
    assert isinstance(away.scorer, Scores)
    assert away.scorer.asked == []


async def test_a_body_that_says_it_is_too_large_is_refused_unread(offline: Client) -> None:
    body = io.BytesIO(b" " * (17 * 1024 * 1024))
    document = await problem(offline, "POST", "/api/v1/sentiment/score", data=body)
    assert document["detail"] == "The body is larger than 16,777,216 bytes."
    assert document["status"] == 413


async def test_a_body_of_unknown_length_is_refused_once_it_is_too_large(offline: Client) -> None:
    async def endless() -> Any:
        while True:
            yield b" " * 65536

    document = await problem(offline, "POST", "/api/v1/sentiment/score", data=endless())
    assert document["status"] == 413


async def test_a_body_that_does_not_arrive_is_given_up(
    offline: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment_service.api.inputs.BODY_TIMEOUT_S", 0.01)
    arrives = asyncio.Event()

    async def stuck() -> Any:
        yield b'{"texts":'
        await arrives.wait()

    document = await problem(offline, "POST", "/api/v1/sentiment/score", data=stuck())
    arrives.set()
    assert document["status"] == 408


async def test_a_body_that_is_not_encoded_as_it_says_is_refused(offline: Client) -> None:
    document = await problem(
        offline,
        "POST",
        "/api/v1/sentiment/score",
        data=b"not gzip at all",
        headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
    )
    assert document["status"] == 400


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1",
        "/api/v1/nothing",
        "/api/v1/health/",
        "/api/v1/posts/UPPER",
        "/api/v1/posts/t1_abc",
        "/api/v1/posts/t3_",
        "/api/v1/posts/%00",
        "/api/v1/posts/%2e%2e%2fhealth",
        f"/api/v1/posts/{'a' * 300}",
        "/api/v1/posts/é/comments",
    ],
)
async def test_an_address_that_names_nothing_is_404(offline: Client, path: str) -> None:
    assert (await problem(offline, "GET", path))["status"] == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/api/v1/health", "GET, HEAD, OPTIONS"),
        ("DELETE", "/api/v1/posts/t3_abc", "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/sentiment/score", "OPTIONS, POST"),
        ("GET", "/api/v1/admin/collect", "OPTIONS, POST"),
        ("PATCH", "/livez", "GET, HEAD, OPTIONS"),
        ("PROPFIND", "/api/v1/trending", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    offline: Client, method: str, path: str, allow: str
) -> None:
    async with offline.request(method, path) as response:
        assert response.status == 405
        assert response.headers["Allow"] == allow
        assert response.content_type == "application/problem+json"


async def test_options_names_the_methods(offline: Client) -> None:
    async with offline.options("/api/v1/sentiment/score") as response:
        assert (response.status, response.headers["Allow"]) == (204, "OPTIONS, POST")
        assert await response.read() == b""


DATA_CALLS = [
    "/sentiment/stats",
    "/sentiment/trends",
    "/sentiment/stats?subreddit=elsewhere",
    "/posts/recent",
    "/posts/t3_abc",
    "/posts/abc/comments",
    "/trending",
    "/cycles",
    "/subreddits",
]


@pytest.mark.parametrize("path", DATA_CALLS)
async def test_data_calls_say_so_while_the_database_is_away(offline: Client, path: str) -> None:
    async with offline.get(f"/api/v1{path}") as response:
        assert response.status == 503
        assert int(response.headers["Retry-After"]) >= 1
    document = await problem(offline, "GET", f"/api/v1{path}")
    assert document["detail"] == "The database is away; try again shortly."


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 401),
        ({"X-Admin-Token": ""}, 401),
        ({"X-Admin-Token": TOKEN[:-1]}, 401),
        ({"X-Admin-Token": TOKEN + "x"}, 401),
        ({"X-Admin-Token": "ö" * 16}, 401),
        ({"Authorization": f"Bearer {TOKEN}"}, 401),
    ],
)
async def test_nobody_collects_without_the_token(
    offline: Client, away: Context, given: dict[str, str], status: int
) -> None:
    document = await problem(offline, "POST", "/api/v1/admin/collect", headers=given)
    assert document["status"] == status
    assert TOKEN not in orjson.dumps(document).decode()
    assert away.collector.triggered == 0  # type: ignore[attr-defined]


async def test_admin_calls_are_off_without_a_token(away: Context, make_client: MakeClient) -> None:
    client = await make_client(replace(away, settings=Settings()))
    for headers in ({}, {"X-Admin-Token": ""}, {"X-Admin-Token": TOKEN}):
        document = await problem(client, "POST", "/api/v1/admin/collect", headers=headers)
        assert document["status"] == 403


async def test_a_running_collection_is_a_conflict_that_names_it(offline: Client, away: Context) -> None:
    away.collector.refusal = CycleRunningError("cycle-7")  # type: ignore[attr-defined]
    document = await problem(offline, "POST", "/api/v1/admin/collect", headers={"X-Admin-Token": TOKEN})
    assert (document["status"], document["cycle_id"]) == (409, "cycle-7")


async def test_collecting_while_the_database_is_away_is_503(offline: Client, away: Context) -> None:
    away.collector.refusal = DatabaseUnavailableError("x", retry_after_s=7.4)  # type: ignore[attr-defined]
    async with offline.post("/api/v1/admin/collect", headers={"X-Admin-Token": TOKEN}) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "7")


@pytest.mark.parametrize(("failure", "status"), [(ScoringError("dead"), 503), (StoreError("secret"), 503)])
async def test_expected_failures_tell_when_to_come_back(
    offline: Client, away: Context, failure: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    away.scorer.failure = failure  # type: ignore[attr-defined]
    document = await problem(offline, "POST", "/api/v1/sentiment/score", json={"texts": ["x"]})
    assert document["status"] == status
    assert "secret" not in document["detail"]
    assert caplog.records[-1].exc_info is not None


@pytest.mark.parametrize("failure", [RuntimeError("the password is hunter2"), ConfigError(["hunter2"])])
async def test_what_nobody_expected_is_logged_and_tells_nothing(
    offline: Client, away: Context, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    away.scorer.failure = failure  # type: ignore[attr-defined]
    with caplog.at_level(logging.ERROR):
        document = await problem(offline, "POST", "/api/v1/sentiment/score", json={"texts": ["x"]})
    assert document["status"] == 500
    assert "hunter2" not in orjson.dumps(document).decode()
    record = next(record for record in caplog.records if record.name == "sentiment_service.api.problems")
    assert record.exc_info is not None
    assert document["request_id"] in record.getMessage()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("abc-123_x.y:z/=", True),
        ("a" * 128, True),
        ("a" * 129, False),
        ("two words", False),
        ("é", False),
        ("", False),
    ],
)
async def test_a_sane_request_id_is_kept(offline: Client, sent: str, kept: bool) -> None:
    async with offline.get("/livez", headers={"X-Request-ID": sent}) as response:
        got = response.headers["X-Request-ID"]
    assert (got == sent) is kept
    assert got


async def test_every_request_gets_its_own_id(offline: Client) -> None:
    ids = set()
    for _ in range(3):
        async with offline.get("/livez") as response:
            ids.add(response.headers["X-Request-ID"])
    assert len(ids) == 3


async def test_redirects_and_departed_clients_are_left_to_the_server() -> None:
    async def moved(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/elsewhere")

    async def gone(request: web.Request) -> web.StreamResponse:
        raise ConnectionResetError

    middleware = RequestMeter().middleware()
    with pytest.raises(web.HTTPFound):
        await middleware(make_mocked_request("GET", "/"), moved)
    left = make_mocked_request("GET", "/")
    left._protocol.transport = None
    with pytest.raises(ConnectionResetError):
        await middleware(left, gone)


async def test_a_connection_of_our_own_that_breaks_is_an_error(
    offline: Client, away: Context, caplog: pytest.LogCaptureFixture
) -> None:
    away.scorer.failure = BrokenPipeError()  # type: ignore[attr-defined]
    document = await problem(offline, "POST", "/api/v1/sentiment/score", json={"texts": ["x"]})
    assert document["status"] == 500
    assert caplog.records[-1].exc_info is not None


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({}, 200, "ready\n"),
        ({"draining": True}, 503, "shutting down\n"),
    ],
)
async def test_readiness_follows_the_service(
    offline: Client, away: Context, changes: dict[str, object], status: int, text: str
) -> None:
    assert isinstance(away.health, Health)
    away.health.now = snapshot(**changes)
    async with offline.get("/readyz") as response:
        assert (response.status, await response.text(), response.content_type) == (status, text, "text/plain")
