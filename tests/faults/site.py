"""A running service, the look-alike it reads and the database it writes, and what breaks them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from sentiment_service.models import Anchor, ListingMark, Span, Watermark, day_of, utc_now
from sentiment_service.settings import MongoSettings
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.positions import lower_bound
from sentiment_service.store.stores import Store, open_store
from tests.faults import accounts
from tests.faults.accounts import Account
from tests.faults.lists import Kind, Listed, listed
from tests.serving import Served, environment, serving
from tests.waiting import eventually

SUBREDDITS = ("Cursor", "ClaudeAI", "aws")
TOKEN = "a-token-of-sixteen-characters"
NEVER = "0 0 1 1 *"
REWOUND = timedelta(days=15)
"""How far back a rewound database stands: half of what there is, several pages of a joined listing."""
PATIENT = {"reddit__request_timeout_seconds": 15, "reddit__request_deadline_seconds": 60}
"""Settings where it is not Reddit that fails, however slow the look-alike is on a busy machine."""
WORLD = ("--posts", "150", "--comments", "150", "--new-per-minute", "0", "--latency-ms", "15")


class Point(StrEnum):
    """Where in a cycle something breaks."""

    BEFORE = "before the write"
    BETWEEN = "between write and watermark"
    AFTER = "after a whole cycle"


@asynccontextmanager
async def reddit_at(folder: Path) -> AsyncIterator[Served]:
    """A look-alike of three small subreddits, as a process."""
    async with serving("demo-reddit", "--port", "0", *WORLD, env=environment(), cwd=folder) as served:
        yield served


def settings(folder: Path, reddit: Served, **more: object) -> dict[str, str]:
    """The environment of a service that reads a look-alike and collects only when told to."""
    values: dict[str, object] = {
        "reddit__subreddits": ",".join(SUBREDDITS),
        "reddit__oauth_url": reddit.url,
        "reddit__reddit_url": reddit.url,
        "reddit__client_id": "id",
        "reddit__client_secret": "secret",
        "reddit__request_timeout_seconds": 1,
        "reddit__request_deadline_seconds": 2,
        "schedule__collect": NEVER,
        "schedule__refresh": NEVER,
        "schedule__trending": NEVER,
        "schedule__retention": NEVER,
        "schedule__collect_on_start_seconds": 3600,
        "storage__data_dir": folder / "data",
        "server__port": 0,
        "server__shutdown_seconds": 40,  # what a busy machine needs for what a quiet one does in eight
        "admin__token": TOKEN,
    }
    return environment(**(values | more))


@asynccontextmanager
async def store_at(uri: str, database: str) -> AsyncIterator[Store]:
    """The database as it lies on its server, opened beside the service."""
    given = MongoSettings.model_validate({"uri": SecretStr(uri), "database": database})
    store = open_store(given)
    await store.database.connect(uri)
    try:
        yield store
    finally:
        await store.database.close()


@dataclass
class Site:
    """A service, its look-alike, and its database opened a second time."""

    service: Served
    reddit: Served
    store: Store
    truth: Mapping[str, Listed]

    async def ready(self) -> None:
        """Wait until the service answers from its database."""
        await answering(self.service)

    async def begin(self) -> str:
        """Ask for a collection; returns the cycle's id."""
        begun: list[str] = []

        async def accepted() -> bool:
            status, body = await self.service.post("admin/collect", headers={"X-Admin-Token": TOKEN})
            assert status in (202, 409, 503), body
            if status == 202:
                begun.append(body["cycle_id"])
            return status == 202

        await eventually(accepted, limit_s=150)  # a lease that could not be given back has to expire
        return begun[0]

    async def ask(self) -> tuple[int, Any]:
        """Ask for a collection once, whatever the answer."""
        return await self.service.post("admin/collect", headers={"X-Admin-Token": TOKEN})

    async def cycles_failed(self) -> int:
        """Cycles that the service knows to have failed."""
        _, health = await self.service.get("health")
        return int(health["application"]["collections_failed"])

    async def failing_since(self, failed: int) -> None:
        """Wait until the service knows of one more failed cycle, whether it could be recorded or not."""

        async def more() -> bool:
            return await self.cycles_failed() > failed

        await eventually(more)

    async def idle(self) -> None:
        """Wait until nothing is being collected any more, however that ended."""

        async def over() -> bool:
            _, health = await self.service.get("health")
            return not health["application"]["collecting"]

        await eventually(over)

    async def ended(self, cycle_id: str) -> dict[str, Any]:
        """Wait for a cycle's end; returns its record."""
        return await ended(self.service, cycle_id)

    async def collect(self) -> dict[str, Any]:
        """Collect and return the cycle's record."""
        return await self.ended(await self.begin())

    async def count(self) -> Account:
        """Count every item."""
        return await accounts.take(self.store, self.truth)

    async def grown(self, than: Account) -> None:
        """Wait until a first page is stored, and nothing is being written any more."""
        database = self.store.database

        async def more() -> bool:
            stored = [await database.collection(kind).count_documents({}) for kind in accounts.KINDS]
            marks = await database.collection("dirty_days").find({}).to_list(None)
            return sum(stored) > than.stored and not any(mark["until"] for mark in marks)

        await eventually(more, limit_s=90, pause_s=0.01)

    async def assert_figures(self) -> None:
        """What the API tells is what is stored."""
        scored = 0
        for kind in accounts.KINDS:
            found = await self.store.database.collection(kind).find({}, {"sentiment": 1}).to_list(None)
            scored += sum(bool(document.get("sentiment")) for document in found)

        async def told() -> bool:
            status, body = await self.service.get("sentiment/stats?hours=2160")
            return status == 200 and bool(body["statistics"]["total"] == scored)

        await eventually(told, limit_s=60)

    async def whole(self) -> Account:
        """Everything is there, whatever the test before set aside; returns the count."""
        now = await self.count()
        if now.set_aside or now.missing:
            await self.rewind()
            await self.collect()
            now = await self.count()
        return now

    async def rewind(self, *, anchors_known: bool = True) -> Account:
        """Put the database back to where it was some days ago, so that the next collection has work to do.

        :param anchors_known: whether the watermarks' anchors are items that exist.
        """
        at = utc_now() - REWOUND
        database = self.store.database
        days = [at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(n) for n in range(17)]
        places = [SubredditDay(name.lower(), day) for name in SUBREDDITS for day in days]
        async with DirtyDays(database, utc_now).changing(places):
            for kind in accounts.KINDS:
                await database.collection(kind).delete_many({"position": {"$gte": lower_bound(at)}})
        await self.store.rollups.recompute_dirty()
        # Nothing is being written now, so what names a writer was left by one that died.
        for name in ("set_aside", "watermarks", "dirty_days"):
            await database.collection(name).delete_many({})
        for name in SUBREDDITS:
            await self.store.watermarks.save(self._mark(name, at, anchors_known=anchors_known), fence=0)
        now = await self.count()
        assert not now.wrong_hours
        assert not now.overclaimed
        assert len(now.missing) > 300
        return now

    async def forget(self, gone: frozenset[str]) -> None:
        """Strike items from the truth and from the database, as if they had never been."""
        places = {
            SubredditDay(each.subreddit, day_of(each.created_at))
            for name, each in self.truth.items()
            if name in gone
        }
        self.truth = {name: each for name, each in self.truth.items() if name not in gone}
        database = self.store.database
        async with DirtyDays(database, utc_now).changing(places):
            for kind in accounts.KINDS:
                await database.collection(kind).delete_many({"_id": {"$in": sorted(gone)}})
        await self.store.rollups.recompute_dirty()

    def _mark(self, name: str, at: datetime, *, anchors_known: bool) -> Watermark:
        def mark(kind: Kind) -> ListingMark:
            older = sorted(
                (
                    each
                    for each in self.truth.values()
                    if (each.subreddit, each.kind) == (name.lower(), kind) and each.created_at < at
                ),
                key=lambda each: each.created_at,
                reverse=True,
            )
            anchors = tuple(Anchor(each.fullname, each.created_at) for each in older[:10])
            if not anchors_known:
                later = at + timedelta(seconds=30)
                anchors = tuple(
                    Anchor(f"{each.fullname[:3]}gone{n}", later) for n, each in enumerate(anchors)
                )
            return ListingMark(anchors, (Span(at - timedelta(days=400), at),))

        return Watermark(name, mark("posts"), mark("comments"), last_collected_at=at)


async def answering(service: Served) -> None:
    """Wait until a service answers from its database."""

    async def connected() -> bool:
        status, _ = await service.get("cycles?limit=1")
        return status == 200

    await eventually(connected)


async def ended(service: Served, cycle_id: str, *, limit_s: float = 90.0) -> dict[str, Any]:
    """Wait for a cycle's end; returns its record."""
    found: list[dict[str, Any]] = []

    async def over() -> bool:
        try:
            status, body = await service.get("cycles?limit=20")
        except (aiohttp.ClientError, TimeoutError):
            return False
        cycles = body["cycles"] if status == 200 else []
        found[:] = [each for each in cycles if each["id"] == cycle_id and each["end_time"]]
        return bool(found)

    await eventually(over, limit_s=limit_s)
    return found[0]


@asynccontextmanager
async def site_at(
    folder: Path, reddit: Served, uri: str, database: str, **more: object
) -> AsyncIterator[Site]:
    """A service on a database server of its own choice, with everything collected once.

    :param more: further settings.
    """
    truth = await listed(reddit, SUBREDDITS)
    where: dict[str, object] = {"mongodb__uri": f"{uri}&appName=victim", "mongodb__database": database}
    quick: dict[str, object] = {"mongodb__retry_deadline_seconds": 3, "schedule__lease_seconds": 12}
    env = settings(folder, reddit, **(quick | where | more))
    async with serving("serve", env=env, cwd=folder) as service, store_at(uri, database) as store:
        site = Site(service, reddit, store, truth)
        await site.ready()
        first = await site.collect()
        assert first["status"] == "completed", first
        (await site.count()).assert_whole()
        yield site
