"""Several processes on one database: one collects, another takes over, all serve."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from sentiment_service.demo.embedded import EmbeddedDatabase
from tests.faults.lists import heal, strike
from tests.serving import Served, environment, serving
from tests.waiting import eventually

TOKEN = "a-token-of-sixteen-characters"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[str]:
    """A database server that outlives the processes."""
    server = EmbeddedDatabase(tmp_path / "shared", cache_mb=64)
    yield await server.start()
    await server.close()


def replica(reddit: Served, uri: str, **more: object) -> dict[str, str]:
    """The environment of one of several processes."""
    values: dict[str, object] = {
        "reddit__subreddits": "Cursor,ClaudeAI,aws",
        "reddit__oauth_url": reddit.url,
        "reddit__reddit_url": reddit.url,
        "reddit__client_id": "id",
        "reddit__client_secret": "secret",
        "schedule__collect_on_start_seconds": 0.2,
        "schedule__lease_seconds": 4,
        "mongodb__uri": uri,
        "server__port": 0,
        "admin__token": TOKEN,
    }
    return environment(**(values | more))


async def collecting(service: Served) -> bool:
    """Whether this process collects now."""
    return bool((await service.get("health"))[1]["application"]["collecting"])


async def total(service: Served) -> int:
    """How many items this process counts."""
    status, stats = await service.get("sentiment/stats?hours=2160")
    return int(stats["statistics"]["total"]) if status == 200 else -1


@pytest.mark.timeout(300)
async def test_another_process_takes_over_from_one_that_is_killed_and_all_serve_the_same(
    tmp_path: Path, database: str
) -> None:
    much = ("--posts", "200", "--comments", "200", "--new-per-minute", "0")
    async with AsyncExitStack() as stack:
        reddit = await stack.enter_async_context(
            serving("demo-reddit", *much, env=environment(), cwd=tmp_path)
        )
        patient = {"reddit__request_timeout_seconds": 150, "reddit__request_deadline_seconds": 300}
        env = replica(reddit, database, **patient)
        # The second pages come when the leader is dead, however long the others take to start.
        await strike(reddit, "hang:seconds=150,path=after=t")
        leader = await stack.enter_async_context(serving("serve", env=env, cwd=tmp_path))
        await eventually(lambda: collecting(leader))
        follower = await stack.enter_async_context(serving("serve", env=env, cwd=tmp_path))
        reader = await stack.enter_async_context(
            serving("serve", env=replica(reddit, database, server__role="api"), cwd=tmp_path)
        )
        _, listed = await follower.get("cycles?limit=1")
        first = listed["cycles"][0]["id"]
        assert not await collecting(follower)
        leader.process.kill()
        await leader.process.wait()
        await heal(reddit)
        await eventually(lambda: collecting(follower))
        cycle = await follower.settled(2)
        assert cycle["status"] == "completed"
        _, listed = await reader.get("cycles?limit=10")
        statuses = {each["id"]: each["status"] for each in listed["cycles"]}
        assert statuses[first] == "abandoned"
        expected = await total(follower)
        assert expected > 1000

        async def followed() -> bool:
            return await total(reader) == expected

        await eventually(followed, limit_s=60)
        status, problem = await reader.post("admin/collect", headers={"X-Admin-Token": TOKEN})
        assert (status, "does not collect" in problem["detail"]) == (409, True)

        async def told() -> bool:
            application = (await reader.get("health"))[1]["application"]
            return bool(
                (application["role"], application["last_collection_at"]) == ("api", cycle["end_time"])
            )

        await eventually(told, limit_s=60)


async def test_a_process_that_only_collects_serves_no_data(tmp_path: Path, database: str) -> None:
    small = ("--posts", "20", "--comments", "20", "--new-per-minute", "0")
    async with (
        serving("demo-reddit", *small, env=environment(), cwd=tmp_path) as reddit,
        serving("serve", env=replica(reddit, database, server__role="collector"), cwd=tmp_path) as service,
    ):
        assert (await service.settled())["status"] == "completed"
        assert (await service.get("health"))[1]["application"]["role"] == "collector"
        assert (await service.get("sentiment/stats"))[0] == 404
