"""Backup and restore as a person runs them, on the embedded database."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.backup.conftest import Open
from tests.serving import Served, environment, run, serving
from tests.waiting import eventually


@pytest.fixture
async def reddit(tmp_path: Path) -> AsyncIterator[Served]:
    """A look-alike with little content, as a process."""
    small = ("--posts", "60", "--comments", "60", "--new-per-minute", "0")
    async with serving("demo-reddit", "--port", "0", *small, env=environment(), cwd=tmp_path) as served:
        yield served


def variables(reddit: Served, folder: Path, **more: object) -> dict[str, str]:
    """The environment of a service with an embedded database in this folder."""
    return environment(
        reddit__subreddits="Cursor,ClaudeAI,aws",
        reddit__oauth_url=reddit.url,
        reddit__reddit_url=reddit.url,
        reddit__client_id="id",
        reddit__client_secret="secret",
        schedule__collect_on_start_seconds=3600,
        storage__data_dir=folder,
        server__port=0,
        logging__level="error",
        **more,
    )


async def answer(service: Served, path: str) -> Any:
    """An answer of a service, as soon as its database is there."""
    given: list[Any] = []

    async def asked() -> bool:
        status, body = await service.get(path)
        given[:] = [body]
        assert status in (200, 503)
        return status == 200

    await eventually(asked)
    return given[0]


async def answers(service: Served) -> dict[str, Any]:
    """What a service says of its data; without when it was asked."""
    found: dict[str, Any] = {}
    for path in (
        "sentiment/stats?hours=2160",
        "sentiment/trends?hours=720&granularity=daily",
        "posts/recent?hours=2160&limit=500",
        "trending",
        "subreddits",
        "cycles",
    ):
        found[path] = await answer(service, path)
        if isinstance(found[path], dict):
            found[path].pop("timestamp", None)
    return found


async def test_a_restored_service_serves_the_same(tmp_path: Path, reddit: Served) -> None:
    env, file = variables(reddit, tmp_path / "first"), str(tmp_path / "backup.gz")
    code, out, err = await run("collect", env=env, cwd=tmp_path)
    assert code == 0, err
    async with serving("serve", env=env, cwd=tmp_path) as service:
        before = await answers(service)
        code, _, err = await run("backup", file, env=env, cwd=tmp_path)
        assert (code, err.count("\n")) == (1, 1)
        assert "in use by another sentiment_service" in err
    assert before["sentiment/stats?hours=2160"]["statistics"]["total"] > 200
    code, out, err = await run("backup", file, env=env, cwd=tmp_path)
    assert (code, err) == (0, "")
    assert re.fullmatch(r"[\d,]+ documents are in .*backup.gz\n", out)
    code, _, err = await run("backup", file, env=env, cwd=tmp_path)
    assert (code, err.count("\n")) == (1, 1)

    other = variables(reddit, tmp_path / "second")
    code, out, err = await run("restore", file, env=other, cwd=tmp_path)
    assert (code, err) == (0, "")
    assert re.fullmatch(r"[\d,]+ documents were restored from .*backup.gz\n", out)
    async with serving("serve", env=other, cwd=tmp_path) as service:
        assert await answers(service) == before
    code, _, err = await run("restore", file, env=other, cwd=tmp_path)
    assert (code, err.count("\n")) == (1, 1)
    assert "--replace" in err
    code, _, err = await run("restore", file, "--replace", env=other, cwd=tmp_path)
    assert (code, err) == (0, "")


async def test_a_service_ends_at_a_newer_database_with_one_line(
    tmp_path: Path, reddit: Served, mongodb_uri: str, open_database: Open
) -> None:
    settings, store = await open_database()
    newer = {"$set": {"version": 99}}
    await store.database.collection("state").update_one({"_id": "schema"}, newer)
    mongodb = {"mongodb__uri": mongodb_uri, "mongodb__database": settings.mongodb.database}
    env = variables(reddit, tmp_path / "unused", **mongodb)
    code, _, err = await run("serve", env=env, cwd=tmp_path)
    assert (code, err.count("\n")) == (1, 1), err
    assert "schema version 99" in err
    code, out, _ = await run("collect", env=env, cwd=tmp_path)
    assert code == 1
    assert "schema version 99" in json.loads(out)["failure"]


@pytest.mark.parametrize("command", ["backup", "restore", "doctor"])
async def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    code, out, _ = await run(command, "--help", env=environment(), cwd=tmp_path)
    assert code == 0
    assert len(out.splitlines()) > 6
