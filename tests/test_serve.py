"""The program as its users run it: a process, its API over HTTP, its signals and exit codes."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from sentiment_service.demo.embedded import EmbeddedDatabase
from tests.faults.lists import heal, requests, strike
from tests.serving import Served, environment, run, serving
from tests.waiting import eventually, until

TOKEN = "a-token-of-sixteen-characters"
SUBREDDITS = "Cursor,ClaudeAI,aws"
HELD = "hang:path=after=t"
"""Second pages come when the test has seen what it wanted to see, however long that takes."""
PATIENT = {"reddit__request_timeout_seconds": 150, "reddit__request_deadline_seconds": 300}

pytestmark = pytest.mark.asyncio(loop_scope="module")


def settings(tmp_path: Path, reddit: str, **more: object) -> dict[str, str]:
    """The environment of a service that reads a look-alike."""
    values: dict[str, object] = {
        "reddit__subreddits": SUBREDDITS,
        "reddit__oauth_url": reddit,
        "reddit__reddit_url": reddit,
        "reddit__client_id": "id",
        "reddit__client_secret": "secret",
        "reddit__request_timeout_seconds": 5,
        "reddit__request_deadline_seconds": 6,
        "schedule__collect_on_start_seconds": 0.2,
        "storage__data_dir": tmp_path / "data",
        "server__port": 0,
        "admin__token": TOKEN,
    }
    return environment(**(values | more))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_reddit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A look-alike with little content, as a process."""
    small = ("--posts", "60", "--comments", "60", "--new-per-minute", "0")
    folder = tmp_path_factory.mktemp("reddit")
    async with serving("demo-reddit", "--port", "0", *small, env=environment(), cwd=folder) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def reddit(shared_reddit: Served) -> AsyncIterator[Served]:
    """The module's look-alike; whatever a test broke there is whole again afterwards."""
    yield shared_reddit
    await heal(shared_reddit)


async def test_it_answers_before_during_and_after_the_first_collection(
    tmp_path: Path, reddit: Served
) -> None:
    env = settings(tmp_path, reddit.url, schedule__collect_on_start_seconds=1)
    async with serving("serve", env=env, cwd=tmp_path) as service:
        status, health = await service.get("health")
        assert status in (200, 503)
        assert health["application"]["last_collection_at"] is None
        cycle = await service.settled()
        assert cycle["status"] == "completed"
        status, stats = await service.get("sentiment/stats?hours=2160")
        assert status == 200
        assert stats["statistics"]["total"] > 200
        status, posts = await service.get("posts/recent?hours=720&limit=5")
        assert (status, len(posts)) == (200, 5)
        status, trends = await service.get("sentiment/trends?hours=720&granularity=daily")
        assert status == 200
        assert sum(bucket["total"] for bucket in trends["trend_data"]) == trends["statistics"]["total"]
        status, health = await service.get("health")
        assert (status, health["status"]) == (200, "healthy")
        assert health["application"]["collections_succeeded"] == 1
        assert await service.stop(signal.SIGTERM) == 0


async def test_interrupting_ends_it_cleanly_with_every_child(tmp_path: Path, reddit: Served) -> None:
    async with serving("serve", env=settings(tmp_path, reddit.url), cwd=tmp_path) as service:
        await service.settled()
        children = psutil.Process(service.process.pid).children(recursive=True)
        assert len(children) >= 2
        assert await service.stop(signal.SIGINT) == 0
        await until(lambda: not any(child.is_running() for child in children))


async def test_killing_it_takes_its_children_along_and_a_restart_goes_on(
    tmp_path: Path, reddit: Served
) -> None:
    env = settings(tmp_path, reddit.url)
    async with serving("serve", env=env, cwd=tmp_path) as service:
        first = await service.settled()
        children = psutil.Process(service.process.pid).children(recursive=True)
        service.process.kill()
        await service.process.wait()
        await until(lambda: not any(child.is_running() for child in children))
    async with serving("serve", env=env, cwd=tmp_path) as service:
        again = await service.settled(2)
        assert again["id"] > first["id"]
        assert (again["status"], again["items_new"]) == ("completed", 0)
        _, stats = await service.get("sentiment/stats?hours=2160")
        assert stats["statistics"]["total"] > 200


async def test_it_stays_responsive_while_a_slow_collection_runs(tmp_path: Path, reddit: Served) -> None:
    await strike(reddit, HELD)
    async with serving("serve", env=settings(tmp_path, reddit.url, **PATIENT), cwd=tmp_path) as service:

        async def collecting() -> bool:
            _, health = await service.get("health")
            return bool(health["application"]["collecting"])

        await eventually(collecting)
        for path in ("health", "sentiment/stats", "posts/recent", "trending", "subreddits"):
            status, _ = await service.get(path)
            assert status == 200
        many = await asyncio.gather(*(service.get("sentiment/stats?hours=24") for _ in range(50)))
        assert {status for status, _ in many} == {200}
        assert await collecting(), "the collection was over before all of these were answered"
        await heal(reddit)
        assert (await service.settled())["status"] == "completed"


async def test_a_collection_can_be_asked_for_and_only_one_runs_at_a_time(
    tmp_path: Path, reddit: Served
) -> None:
    await strike(reddit, HELD)
    env = settings(tmp_path, reddit.url, schedule__collect_on_start_seconds=3600, **PATIENT)
    async with serving("serve", env=env, cwd=tmp_path) as service:
        await ready(service)
        headers = {"X-Admin-Token": TOKEN}
        status, body = await service.post("admin/collect", headers=headers)
        assert (status, body["status"]) == (202, "triggered")
        status, problem = await service.post("admin/collect", headers=headers)
        assert status == 409
        assert problem["cycle_id"] == body["cycle_id"]
        await heal(reddit)
        assert (await service.settled())["id"] == body["cycle_id"]
        status, _ = await service.post("admin/collect")
        assert status == 401


async def ready(service: Served) -> None:
    """Wait until the database answers."""

    async def connected() -> bool:
        return bool((await service.get("health"))[1]["database"]["connected"])

    await eventually(connected)


async def test_a_reddit_that_refuses_is_told_and_reads_go_on(tmp_path: Path) -> None:
    strict = ("--posts", "5", "--comments", "5", "--client-id", "right", "--client-secret", "right")
    async with (
        serving("demo-reddit", *strict, env=environment(), cwd=tmp_path) as reddit,
        serving("serve", env=settings(tmp_path, reddit.url), cwd=tmp_path) as service,
    ):
        cycle = await service.settled()
        assert cycle["status"] == "failed"
        assert {each["kind"] for each in cycle["errors"]} == {"unauthorized"}
        status, health = await service.get("health")
        assert (status, health["status"], health["reddit"]["ok"]) == (200, "degraded", False)
        status, stats = await service.get("sentiment/stats")
        assert (status, stats["statistics"]["total"]) == (200, 0)
        assert '"secret"' not in service.log.read_text()


async def test_without_a_database_it_runs_says_so_and_recovers(tmp_path: Path, reddit: Served) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = settings(tmp_path, reddit.url, mongodb__uri=f"mongodb://127.0.0.1:{port}/?directConnection=true")
    async with serving("serve", env=env, cwd=tmp_path) as service:
        status, health = await service.get("health")
        assert (status, health["status"], health["database"]["connected"]) == (503, "unhealthy", False)
        for path in ("sentiment/stats", "posts/recent", "trending", "subreddits", "cycles"):
            async with service.http.get(f"{service.url}/api/v1/{path}") as answer:
                assert answer.status == 503
                assert int(answer.headers["Retry-After"]) >= 1
                assert answer.content_type == "application/problem+json"
        late = EmbeddedDatabase(tmp_path / "late", cache_mb=64, extra_arguments=("--port", str(port)))
        await late.start()
        try:
            assert (await service.settled())["status"] == "completed"
            status, health = await service.get("health")
            assert (status, health["status"]) == (200, "healthy")
        finally:
            await late.close()


async def test_a_second_service_on_the_same_port_or_data_says_so_in_one_line(
    tmp_path: Path, reddit: Served
) -> None:
    async with serving("serve", env=settings(tmp_path, reddit.url), cwd=tmp_path) as service:
        await ready(service)
        port = service.url.rpartition(":")[2]
        other = settings(tmp_path, reddit.url, storage__data_dir=tmp_path / "other", server__port=port)
        code, _, err = await run("serve", env=other, cwd=tmp_path)
        assert (code, err.count("\n")) == (1, 1)
        assert f"port {port}" in err
        code, out, err = await run("serve", env=settings(tmp_path, reddit.url), cwd=tmp_path)
        assert (code, err.count("\n")) == (1, 1)
        assert str(tmp_path / "data") in err
        assert "ready" not in out


async def test_the_demo_needs_nothing_and_ends_cleanly(tmp_path: Path) -> None:
    env = environment(reddit__first_run_items=20)
    async with serving("serve", "--demo", "--port", "0", env=env, cwd=tmp_path) as service:
        status, health = await service.get("health")
        assert status in (200, 503)
        assert health["version"]

        async def counted() -> bool:
            status, stats = await service.get("sentiment/stats?hours=2160")
            return status == 200 and stats["statistics"]["total"] > 0

        await eventually(counted, limit_s=240)
        assert await service.stop(signal.SIGINT) == 0
    assert (tmp_path / ".data" / "demo").is_dir()


async def test_a_collection_that_is_terminated_is_recorded_and_tells_how_far_it_got(
    tmp_path: Path, reddit: Served
) -> None:
    await strike(reddit, HELD)
    asked = await requests(reddit)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sentiment_service", "collect"),
        env=settings(tmp_path, reddit.url, **PATIENT),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )

    async def under_way() -> bool:
        return await requests(reddit) > asked + 2

    await eventually(under_way)
    process.terminate()
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode == 1
    assert json.loads(out)["status"] in ("partial", "abandoned")
    assert "never awaited" not in err.decode()


async def test_the_demo_goes_on_with_its_world_after_a_restart(tmp_path: Path) -> None:
    env = environment(reddit__subreddits=SUBREDDITS, reddit__first_run_items=100)
    code, out, _ = await run("collect", "--demo", env=env, cwd=tmp_path)
    first = json.loads(out)["items_new"]
    assert (code, first > 400) == (0, True)
    code, out, _ = await run("collect", "--demo", env=env, cwd=tmp_path)
    summary = json.loads(out)
    assert (code, summary["status"], summary["gaps"]) == (0, "completed", 0)
    assert summary["items_new"] < first / 2


async def test_stored_items_are_analysed_again_by_a_command(tmp_path: Path, reddit: Served) -> None:
    env = settings(tmp_path, reddit.url, scoring__scorer="textblob")
    code, out, _ = await run("collect", env=env, cwd=tmp_path)
    assert code == 0
    collected = json.loads(out)["items_new"]
    code, out, _ = await run("reanalyze", env=env, cwd=tmp_path)
    job = json.loads(out)
    assert (code, job["status"], job["processed"]) == (0, "completed", collected)
    assert job["changed"] == collected
    code, out, _ = await run("reanalyze", "--start", "2026-02-30", env=env, cwd=tmp_path)
    assert (code, out) == (2, "")
    code, out, err = await run("reanalyze", "--tool", "nobodys", env=env, cwd=tmp_path)
    assert (code, "nobodys is not the id or slug of a tool" in err) == (1, True)


async def test_collect_prints_a_summary_and_fails_with_1(tmp_path: Path, reddit: Served) -> None:
    code, out, _ = await run("collect", env=settings(tmp_path, reddit.url), cwd=tmp_path)
    summary = json.loads(out)
    assert (code, summary["status"]) == (0, "completed")
    assert summary["items_new"] == summary["posts_collected"] + summary["comments_collected"] > 200
    assert set(summary["subreddits_processed"]) == set(SUBREDDITS.split(","))
    away = settings(tmp_path, reddit.url, mongodb__uri="mongodb://127.0.0.1:9/?directConnection=true")
    code, out, _ = await run("collect", env=away, cwd=tmp_path)
    assert (code, json.loads(out)["status"]) == (1, "failed")
    assert "database" in json.loads(out)["failure"]
    gone = settings(tmp_path, "http://127.0.0.1:9", reddit__request_deadline_seconds=5)
    code, out, _ = await run("collect", env=gone, cwd=tmp_path)
    assert (code, json.loads(out)["status"]) == (1, "failed")
