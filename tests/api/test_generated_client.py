"""A client generated from the OpenAPI document, by a tool that is not ours, and used."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from sentiment_service.api.context import Context
from sentiment_service.jobs.tool_moves import ToolMoves
from sentiment_service.resources import background
from tests.api.conftest import TOKEN, Client, MakeClient
from tests.api.tooled import NOW, fill, recount
from tests.jobs.spoken import LABEL_OF

PACKAGE = "generated_client"


@pytest.fixture
def now() -> datetime:
    """The moment a test takes place."""
    return NOW


@pytest_asyncio.fixture
async def api(context: Context, make_client: MakeClient) -> AsyncIterator[Client]:
    """An API over what is said of some tools, with moves behind it."""
    await fill(context.store)
    moves = ToolMoves(context.store, LABEL_OF)
    async with background(moves.run(), "moves"):
        yield await make_client(replace(context, moves=moves))


async def generate(document: bytes, folder: Path) -> None:
    """Make the client; whatever of the document it does not understand is an error."""
    described, settings = folder / "openapi.json", folder / "settings.yml"
    described.write_bytes(document)
    settings.write_text(f"package_name_override: {PACKAGE}\npost_hooks: []\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"),
        *("--meta", "none", "--path", described, "--config", settings, "--output-path", folder / PACKAGE),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


async def test_a_generated_client_reads_and_changes(
    api: Client, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with api.get("/api/v1/openapi.json") as answer:
        await generate(await answer.read(), tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def module(name: str) -> ModuleType:
        return importlib.import_module(f"{PACKAGE}.{name}")

    def call(name: str, **inputs: Any) -> Any:
        return module(f"api.{name}").asyncio(client=client, **inputs)

    models = module("models")
    client = module("client").AuthenticatedClient(
        base_url=str(api.make_url("/")).rstrip("/"),
        token=TOKEN,
        prefix="",
        auth_header_name="X-Admin-Token",
        raise_on_unexpected_status=True,
    )
    async with client:
        assert [tool.id for tool in (await call("tools.tools")).tools] == ["aider", "cursor", "zed"]
        compared = await call("tools.compare_tools", tool_ids="cursor,zed", hours=720)
        assert [tool.total_mentions for tool in compared.tools] == [25, 24]
        assert compared.deltas[0].significant is True
        days = (date(2026, 11, 10), date(2026, 11, 12))
        course = await call("tools.tool_timeseries", id="zed", start_date=days[0], end_date=days[1])
        assert [point.date for point in course.data_points] == [date(2026, 11, day) for day in (10, 11, 12)]
        period = course.time_period
        expected = await recount(context.store, "zed", period.start, period.end)
        assert sum(point.total_mentions for point in course.data_points) == expected["total_mentions"]
        hot = await call("trending.hot_topics", time_range=models.HotTopicsTimeRange("30d"), limit=1)
        assert hot.hot_topics[0].tool_id == "cursor"
        week = models.HotTopicPostsTimeRange("7d")
        posts = await call("trending.hot_topic_posts", tool_id="cursor", time_range=week, limit=2)
        assert (len(posts.posts), posts.has_more, posts.posts[0].sentiment.value) == (2, True, "positive")
        comments = await call("posts.post_comments", id="a1")
        assert {comment.id for comment in comments.comments} == {"t1_c1", "t1_d1"}
        body = models.ToolBody(name="Amp", vendor="Sourcegraph", categories=["agent"])
        assert (await call("admin.create_tool", body=body)).tool.id == "amp"
        problem = await call("admin.create_tool", body=body)
        assert (problem.status, problem.errors[0].field) == (409, "name")
        linked = await call("admin.link_alias", id="zed", body=models.AliasBody(primary_tool_id="cursor"))
        assert (linked.alias.primary_tool_id, linked.moved.done) == ("cursor", True)
        assert [tool.id for tool in (await call("tools.tools")).tools] == ["aider", "amp", "cursor"]
        refused = await call("tools.tool_sentiment", id="cursor", hours=2161)
        assert (refused.status, refused.errors[0].field) == (422, "hours")
        nobody = await call("tools.tool_sentiment", id="nobody")
        assert (nobody.status, nobody.title) == (404, "Not Found")
