"""Figures for Prometheus: they parse, agree with what was done, and tell no secrets."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sentiment_service.demo.lookalike import LookalikeOptions
from tests.api.conftest import TOKEN, Client
from tests.plugins.lookalike import StartLookalike
from tests.serving import environment, serving
from tests.waiting import eventually

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]

UNITS = ("_total", "_seconds", "_bytes", "_count", "_sum", "_bucket", "_fds")
COUNTS_OF_NOW = {
    "http_requests_in_flight",
    "answer_cache_answers",
    "event_stream_listeners",
    "collection_running",
    "reddit_rate_limit_remaining",
    "scoring_queue_texts",
    "scoring_worker_up",
    "database_up",
    "data_version",
}


def parsed(text: str) -> Figures:
    """Every sample by name and labels; each is there once and is explained."""
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found
            found[key] = sample.value
    return found


async def figures(client: Client) -> Figures:
    """What ``/metrics`` shows."""
    async with client.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
        return parsed(await response.text())


def requests(found: Figures) -> dict[tuple[str, str, str], float]:
    """Requests by method, route and status."""
    return {
        (by["method"], by["route"], by["status"]): count
        for (name, labels), count in found.items()
        if name == "http_request_duration_seconds_count" and (by := dict(labels))
    }


async def test_requests_are_counted_by_route_method_and_status(offline: Client) -> None:
    for method, path in (
        ("GET", "/livez"),
        ("GET", "/livez?unknown=1"),
        ("HEAD", "/livez"),
        ("GET", "/api/v1/posts/abc"),
        ("GET", "/api/v1/posts/abd"),
        ("POST", "/livez"),
        ("GET", "/nowhere/1"),
        ("GET", "/nowhere/2"),
        ("PROPFIND", "/nowhere/3"),
    ):
        async with offline.request(method, path):
            pass
    found = await figures(offline)
    assert requests(found) == {
        ("GET", "/livez", "200"): 1,
        ("GET", "/livez", "422"): 1,
        ("HEAD", "/livez", "200"): 1,
        ("GET", "/api/v1/posts/{id}", "503"): 2,
        ("POST", "unmatched", "405"): 1,
        ("GET", "unmatched", "404"): 2,
        ("other", "unmatched", "404"): 1,
    }
    assert found["http_requests_in_flight", frozenset()] == 1  # this one
    assert requests(await figures(offline))["GET", "/metrics", "200"] == 1


async def test_every_request_is_in_the_last_bucket_and_in_the_sum(offline: Client) -> None:
    async with offline.get("/livez"):
        pass
    found = await figures(offline)
    labels = frozenset({"method": "GET", "route": "/livez", "status": "200"}.items())
    assert found["http_request_duration_seconds_bucket", labels | {("le", "+Inf")}] == 1
    assert 0 < found["http_request_duration_seconds_sum", labels] < 10


async def test_each_application_has_figures_of_its_own(offline: Client, api: Client) -> None:
    async with offline.get("/livez"):
        pass
    assert requests(await figures(api)) == {}
    assert ("process_resident_memory_bytes", frozenset()) in await figures(api)
    assert ("process_open_fds", frozenset()) in await figures(offline)


async def test_head_has_no_body(offline: Client) -> None:
    async with offline.head("/metrics") as response:
        assert (response.status, await response.read()) == (200, b"")


async def test_figures_agree_with_what_a_collection_did(tmp_path: Path, lookalike: StartLookalike) -> None:
    reddit = await lookalike(LookalikeOptions(posts=60, comments=60, new_per_minute=0))
    env = environment(
        reddit__subreddits="Cursor,ClaudeAI",
        reddit__oauth_url=reddit.url,
        reddit__reddit_url=reddit.url,
        reddit__client_id="id-of-the-app",
        reddit__client_secret="secret-of-the-app",
        schedule__collect_on_start_seconds=0.1,
        storage__data_dir=tmp_path / "data",
        server__port=0,
        admin__token=TOKEN,
    )
    async with serving("serve", env=env, cwd=tmp_path) as service:
        cycle = await service.settled()
        text = ""

        async def counted() -> bool:
            nonlocal text
            async with service.http.get(f"{service.url}/metrics") as response:
                text = await response.text()
            return 'collection_duration_seconds_count{status="completed"} 1.0' in text

        await eventually(counted)
        found = parsed(text)
        items = {
            kind: found["items_total", frozenset({("kind", kind)})]
            for kind in ("new", "updated", "set_aside")
        }
        assert items == {
            "new": cycle["items_new"],
            "updated": cycle["items_updated"],
            "set_aside": cycle["items_set_aside"],
        }
        assert items["new"] > 100
        assert found["items_read_total", frozenset({("kind", "post")})] == cycle["posts_collected"]
        assert found["items_read_total", frozenset({("kind", "comment")})] == cycle["comments_collected"]
        took = found["collection_duration_seconds_sum", frozenset({("status", "completed")})]
        assert took == pytest.approx(cycle["duration_seconds"], abs=0.002)  # stored in milliseconds
        assert found["reddit_requests_total", frozenset()] >= cycle["api_requests"] > 0
        assert found["scoring_texts_total", frozenset()] == items["new"]
        assert found["data_version", frozenset()] >= 1
        assert found["database_up", frozenset()] == found["scoring_worker_up", frozenset()] == 1
        for operation in ("read", "write", "probe"):
            labels = frozenset({("operation", operation)})
            assert found["database_operation_duration_seconds_count", labels] > 0
        assert found["event_loop_lag_seconds_count", frozenset()] > 0
        for name, _ in found:
            assert name.endswith(UNITS) or name in COUNTS_OF_NOW, name
        for secret in ("id-of-the-app", "secret-of-the-app", TOKEN, "mongodb://", reddit.url):
            assert secret not in text
