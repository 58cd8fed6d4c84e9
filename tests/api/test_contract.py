"""Every call of the contract, made of the running service with data, and each field it promises."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from sentiment_service.app import RUNTIME, create_app
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.models import utc_now
from sentiment_service.runtime import Runtime
from sentiment_service.settings import Settings
from sentiment_service.store.stores import Store
from sentiment_service.store.tool_documents import tool_document
from tests.api.contract import CALLS, Call
from tests.api.shapes import misses
from tests.api.test_export import EXPORT
from tests.plugins.lookalike import Lookalike, StartLookalike
from tests.waiting import eventually

TOKEN = "a-token-of-sixteen-characters"
AUTHOR = "contractual_author"
WORD = "zwirbelfink"


class Site:
    """A running service, and what its calls are asked about."""

    def __init__(self, api: "TestClient[Any, Any]", values: dict[str, str]) -> None:
        self.api = api
        self.values = values
        """By placeholder."""

    async def failures(self, call: Call) -> list[str]:
        """Make a call; what is wrong with its answer, a line each."""
        try:
            async with self._request(call) as response:
                text = await response.text()
                if response.status not in call.statuses:
                    return [f"{call.name}: status {response.status}: {text[:300]}"]
                return [f"{call.name}: {each}" for each in self._misses(call, response, text)]
        except KeyError as error:
            return [f"{call.name}: nothing gave {error}"]

    def _request(self, call: Call) -> Any:
        body = None if call.body is None else json.loads(fill(json.dumps(call.body), self.values))
        headers = {"X-Admin-Token": TOKEN} if "/admin/" in call.name else {}
        return self.api.request(call.method, fill(call.path, self.values), json=body, headers=headers)

    def _misses(self, call: Call, response: ClientResponse, text: str) -> list[str]:
        if response.status >= 400:
            return []
        if response.content_type != call.content_type:
            return [f"it is {response.content_type}"]
        if call.method == "GET" and not _validated(call, response):
            return [f"its ETag is {response.headers.get('ETag')}"]
        if call.shape is None:
            return [] if text else ["it is empty"]
        answer = json.loads(text)
        for name, path in call.keep.items():
            self.values[name] = _at(answer, path)
        return list(misses(answer, call.shape))

    async def until_free(self, call: Call) -> None:
        """Wait until a call that lets one at a time in would let us in: what it has started is over."""
        running = ("queued", "running")
        if call.name != "POST /admin/reanalysis/jobs":
            return

        async def free() -> bool:
            async with self.api.get(
                "/api/v1/admin/reanalysis/jobs?limit=5", headers={"X-Admin-Token": TOKEN}
            ) as response:
                jobs = (await response.json()).get("jobs", ())
            return not any(job["status"] in running for job in jobs)

        await eventually(free)


def _validated(call: Call, response: ClientResponse) -> bool:
    """Whether a read has a strong tag, and a stream none."""
    if call.path.startswith((EXPORT.path, "/metrics")):
        return "ETag" not in response.headers
    return re.fullmatch(r'"[^"]+"', response.headers.get("ETag", "")) is not None


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders replaced."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], text)


def _at(answer: Any, path: tuple[str | int, ...]) -> str:
    for step in path:
        answer = answer[step]
    return str(answer)


@pytest_asyncio.fixture
async def site(tmp_path: Path, lookalike: StartLookalike) -> AsyncIterator[Site]:
    """A service that has collected, with something of everything in it."""
    reddit = await lookalike(LookalikeOptions(posts=120, comments=250, new_per_minute=0))
    discussed = write(reddit)
    app = create_app(settings_for(reddit, tmp_path))
    async with TestClient(TestServer(app)) as api:
        runtime = app[RUNTIME]
        await eventually(lambda: _ready(runtime))
        await propose_a_tool(runtime.store)
        for job in ("collect", "trending"):
            await runtime._jobs[job].wait()
            if job == "collect":
                assert runtime._jobs[job].fire()
            await runtime._jobs[job].wait()
        (cycle,) = await runtime.store.cycles.latest(limit=1)
        assert cycle.status == "completed", cycle.errors
        today = utc_now()
        values = {
            "discussed": discussed,
            "word": WORD,
            "author": AUTHOR,
            "proposed": "proposed-here",
            "today": f"{today:%Y-%m-%d}",
            "monday": f"{today - timedelta(days=6):%Y-%m-%d}",
        }
        yield Site(api, values)


def write(reddit: Lookalike) -> str:
    """A post with a comment; returns its fullname."""
    when = utc_now() - timedelta(hours=2)
    post = reddit.world.add_post(
        "Cursor", f"Cursor and {WORD}", "Cursor is great.", author=AUTHOR, created_at=when
    )
    for number in range(3):
        reddit.world.add_comment(post, f"Cursor is awful, {number}", created_at=when)
    return post


def settings_for(reddit: Lookalike, folder: Path) -> Settings:
    """A service that does nothing by itself."""
    never = "0 0 29 2 *"
    return Settings.model_validate(
        {
            "reddit": {
                "subreddits": ("Cursor", "ClaudeAI", "GithubCopilot"),
                "oauth_url": reddit.url,
                "reddit_url": reddit.url,
                "client_id": "id",
                "client_secret": "secret",
            },
            "storage": {"data_dir": folder / "data"},
            "mongodb": {"timeout_seconds": 60.0, "retry_deadline_seconds": 120.0},  # machines may be busy
            "schedule": {
                "collect_on_start_seconds": 86400.0,
                "collect": never,
                "refresh": never,
                "trending": never,
            },
            "admin": {"token": TOKEN},
            "reanalysis": {"automatic": False, "rest": 0.0},
        },
        strict=False,
    )


async def _ready(runtime: Runtime) -> bool:
    return runtime.snapshot().database.connected and bool(runtime._jobs) and runtime.store.database.ready


async def propose_a_tool(store: Store) -> None:
    """Store a tool that waits for approval."""
    await eventually(lambda: _seeded(store))
    template = (await store.tools.catalogue()).tools[0]
    tool = replace(
        template, id="proposed-here", slug="proposed-here", name="Proposed Here", aliases=(), ambiguous=(),
        status="pending",
    )  # fmt: skip
    await store.database.collection("tools").insert_one(tool_document(tool))
    await store.tools.raise_number()


async def _seeded(store: Store) -> bool:
    return bool((await store.tools.catalogue()).tools)


@pytest.mark.timeout(280)
async def test_every_call_answers_as_the_contract_says(site: Site) -> None:
    failures: list[str] = []
    for call in CALLS:
        await site.until_free(call)
        failures += await site.failures(call)
    assert not failures, "\n".join(failures)


@pytest.mark.timeout(280)
async def test_events_tell_of_a_collection_and_each_has_an_id(site: Site) -> None:
    async with site.api.get("/api/v1/events") as stream:
        assert stream.content_type == "text/event-stream"
        async with site.api.post("/api/v1/admin/collect", headers={"X-Admin-Token": TOKEN}) as response:
            cycle = (await response.json())["cycle_id"]
        seen: dict[str, Any] = {}
        ids: list[int] = []
        async with asyncio.timeout(240):
            while not {"cycle.started", "cycle.finished", "data.updated"} <= seen.keys():
                frame = (await stream.content.readuntil(b"\n\n")).decode()
                fields = dict(line.split(": ", 1) for line in frame.splitlines() if ": " in line[1:])
                if "event" in fields:
                    seen[fields["event"]] = json.loads(fields["data"])
                    ids.append(int(fields["id"]))
    assert seen["cycle.finished"]["id"] == cycle
    assert ids == sorted(set(ids))
    async with site.api.get("/api/v1/events", headers={"Last-Event-ID": str(ids[0])}) as again:
        async with asyncio.timeout(60):
            first = b""
            while b"event: " not in first:
                first = await again.content.readuntil(b"\n\n")
    assert f"id: {ids[1]}\n".encode() in first
