"""What was deleted on Reddit is nowhere any more: no call, collection, cache, log or file holds its text."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from sentiment_service.app import RUNTIME, create_app
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.things import Ending
from sentiment_service.models import utc_now
from sentiment_service.runtime import Runtime
from sentiment_service.settings import Settings
from sentiment_service.store.tables import COLLECTIONS
from tests import everywhere
from tests.plugins.lookalike import Lookalike, StartLookalike
from tests.waiting import eventually

TOKEN = "a-token-of-sixteen-characters"
ADMIN = {"X-Admin-Token": TOKEN}
SECRET = "zwirbelfink"
"""In everything that is deleted, and in nothing else."""
AUTHOR = "Zwirbelfink_77"
PROPOSED = "zwirbelfink-turbo"
"""The tool that it is proposed as."""
TITLES = (
    "Why is Zwirbelfink Turbo so slow",
    "I gave up on Zwirbelfink Turbo today",
    "Did anybody get Zwirbelfink Turbo to work?",
    "Zwirbelfink Turbo broke my whole project",
    "A week with Zwirbelfink Turbo, not again",
)
SHOWING = (
    "/posts/recent",
    "/posts/t3_",
    "/comments",
    "/posts/search",
    "/items",
    "kind=posts&format=csv",
    "kind=comments&format=ndjson",
    "/trending",
    "/api/v1/hot-topics/cursor/posts",
    "/api/hot-topics/cursor/posts",
    "/tools/cursor/drivers",
    "/admin/tools?",
    "/admin/tools/pending",
    f"/admin/tools/{PROPOSED}",
    f"/admin/tools/{PROPOSED}/audit-log",
)
"""What shows the text before it is deleted, among everything that is asked."""
ROUNDS = 8
"""Refreshes, new sets of topics and checkpoints after which deleted text must be gone from the files."""


@dataclass
class Place:
    """A running service with what it reads and where it keeps it."""

    reddit: Lookalike
    runtime: Runtime
    api: everywhere.Api
    folder: Path
    jobs: list[str] = field(default_factory=list)
    """Ids of reanalyses."""

    async def run(self, job: str) -> None:
        """One run of a job, and of those it starts."""
        jobs = self.runtime._jobs
        await jobs[job].wait()
        assert jobs[job].fire()
        await jobs[job].wait()
        await jobs["trending"].wait()

    async def reanalyse(self) -> None:
        """Analyse again what was written since yesterday."""
        since = {"date_range": {"start": f"{utc_now() - timedelta(days=1):%Y-%m-%d}"}}
        answer = await self.api.post("/api/v1/admin/reanalysis/jobs", json=since, headers=ADMIN)
        self.jobs.append((await answer.json())["job_id"])

        async def done() -> bool:
            job = await self.runtime.store.reanalyses.get(self.jobs[-1])
            return job is not None and job.status == "completed"

        await eventually(done)

    async def answers(self, names: list[str], *, proposed: bool = True) -> dict[str, str]:
        """What every reading call of the API says, by address.

        :param proposed: whether to ask by the id of the tool that was proposed, which holds the text.
        """
        tools = ["cursor", *([PROPOSED] if proposed else [])]
        ids = {"/posts/": names, "/tools/": tools, "/hot-topics/": tools, "/reanalysis/jobs/": self.jobs}
        return await everywhere.answers(self.api, ADMIN, ids)

    async def collections(self) -> dict[str, str]:
        """Every collection as one text."""
        store = self.runtime.store
        database = store.database.collection("posts").database
        return {
            name: str(await store.database.collection(name).find({}).to_list(None))
            for name in await database.list_collection_names()
        }

    async def files(self) -> dict[str, int]:
        """How often the text is in each file of the data folder."""
        return await asyncio.to_thread(_occurrences, self.folder)

    async def checkpoint(self) -> None:
        """What the database does by itself every minute."""
        await self.runtime.store.database.collection("posts").database.client.admin.command("fsync")


def _occurrences(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for file in folder.rglob("*"):
        if file.is_file():
            counts[file.name] = file.read_bytes().lower().count(SECRET.encode())
    return {name: count for name, count in counts.items() if count}


def holding(found: dict[str, str]) -> list[str]:
    """Where the text is."""
    return sorted(place for place, text in found.items() if SECRET in text.lower())


@pytest_asyncio.fixture
async def place(tmp_path: Path, lookalike: StartLookalike) -> AsyncIterator[Place]:
    """A service that reads everything again whenever it is told to."""
    reddit = await lookalike(LookalikeOptions(posts=120, comments=250, new_per_minute=0))
    settings = Settings.model_validate(
        {
            "reddit": {
                "subreddits": ("Cursor", "ClaudeAI"),
                "oauth_url": reddit.url,
                "reddit_url": reddit.url,
                "client_id": "id",
                "client_secret": "secret",
                "refresh_ages_hours": (),
                "refresh_every_hours": 0.00001,
            },
            "storage": {"data_dir": tmp_path / "data", "embedded_niceness": 0},
            "schedule": {
                "collect_on_start_seconds": 86400.0,
                "collect": "0 0 29 2 *",
                "refresh": "0 0 29 2 *",
                "trending": "0 0 29 2 *",
                "proposals": "0 0 29 2 *",
            },
            "scoring": {"niceness": 0},
            "tools": {"pending_min_mentions": 5},
            "server": {"exports_per_minute": 0},
            "admin": {"token": TOKEN},
        },
        strict=False,
    )
    app = create_app(settings)
    async with TestClient(TestServer(app)) as api:
        runtime = app[RUNTIME]
        await eventually(lambda: _ready(runtime))
        yield Place(reddit, runtime, api, tmp_path / "data")


async def _ready(runtime: Runtime) -> bool:
    return runtime.snapshot().database.connected and bool(runtime._jobs) and runtime.store.database.ready


def write_secrets(reddit: Lookalike) -> list[str]:
    """A theme several people talk about, and what one person wrote elsewhere."""
    world = reddit.world
    posts = [
        world.add_post(
            "Cursor",
            title,
            f"I tried Zwirbelfink Turbo with Cursor. Cursor with Zwirbelfink Turbo is terrible, {number}.",
            author=f"{AUTHOR}{number}",
            flair="Zwirbelfink",
            link="https://example.org/zwirbelfink" if number == 4 else None,
            score=500,
            created_at=utc_now() - timedelta(hours=2),
        )
        for number, title in enumerate(3 * TITLES)
    ]
    answered = next(thing for thing in world.communities["claudeai"].posts if thing.listed(world.now))
    comments = [world.add_comment(posts[0], "Zwirbelfink Turbo is awful", author=AUTHOR)]
    comments.append(world.add_comment(answered.fullname, "try Zwirbelfink Turbo", author=AUTHOR))
    return [*posts, *comments]


def logged(log: pytest.LogCaptureFixture) -> dict[str, str]:
    """Everything that was logged, but for the addresses that this test asked for itself."""
    ours = [record for record in log.records if record.name != "aiohttp.access"]
    return {record.getMessage(): record.getMessage() + str(record.exc_text) for record in ours}


async def assert_forgotten(place: Place, names: list[str], log: pytest.LogCaptureFixture) -> None:
    """Nothing but the files holds the text; the receipts name what is gone."""
    assert holding(await place.collections()) == []
    assert holding(await place.answers(names, proposed=False)) == []
    assert holding(logged(log)) == []
    receipts = await place.runtime.store.purges.receipts(limit=500)
    assert set(names) <= {each.fullname for each in receipts}


async def rounds_until_gone_from_files(place: Place) -> int:
    """Go on as usual until no file holds the text; how many rounds it took.

    The database frees a page when what is on it is deleted, and writes over it when it needs a page: that
    takes writes, of which a running service has plenty, and checkpoints, which it makes every minute.
    """
    for done in range(ROUNDS):
        if not await place.files():
            return done
        await place.run("refresh")
        await place.run("trending")
        await place.checkpoint()
    assert await place.files() == {}
    return ROUNDS


@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", ["deleted on Reddit", "erased here"])
async def test_after_a_purge_nothing_holds_the_text(
    place: Place, how: str, caplog: pytest.LogCaptureFixture, record_property: Any
) -> None:
    caplog.set_level(logging.INFO)
    names = write_secrets(place.reddit)
    await place.run("collect")
    await place.run("names")
    await place.reanalyse()
    await place.checkpoint()
    assert {"posts", "comments", "trending", "tools", "audit"} <= set(holding(await place.collections()))
    assert set(await place.collections()) == COLLECTIONS, (
        "all are made at the first start, and no others later"
    )
    told = await place.answers(names)
    assert [call for call in SHOWING if not any(call in place for place in holding(told))] == []
    assert await place.files()
    assert holding(logged(caplog)) == []

    if how == "deleted on Reddit":
        for name in names:
            place.reddit.world.end(name, Ending.DELETED)
        await place.run("refresh")
    else:
        for author in (AUTHOR, *(f"{AUTHOR}{number}" for number in range(15))):
            answer = await place.api.post(
                "/api/v1/admin/erase", json={"author": author.lower()}, headers=ADMIN
            )
            assert answer.status == 200
        told = await place.answers(names, proposed=False)
        assert holding(told) == [], "gone from every answer as soon as the call returns"
        await place.run("refresh")
    await assert_forgotten(place, names, caplog)
    await place.run("collect")
    await assert_forgotten(place, names, caplog)
    assert [name for name in await place.files() if "Log" in name] == [], "a refresh clears the log"
    record_property("rounds", await rounds_until_gone_from_files(place))
    await place.run("trending")
    assert (await place.files(), holding(await place.collections())) == ({}, [])
