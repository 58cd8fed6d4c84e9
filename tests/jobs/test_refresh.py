"""Reading stored items again over the wire: look-alike, asyncpraw, the worker process, the database."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from sentiment_service.deletion import Receipt, RefreshPlan
from sentiment_service.demo.faults import parse_fault
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.things import Ending
from sentiment_service.errors import ScoringError, SourceError
from sentiment_service.jobs import refresh as refreshing
from sentiment_service.jobs.courtesy import Courtesy
from sentiment_service.jobs.ingest import Ingest
from sentiment_service.jobs.refresh import LEASE, Refresh
from sentiment_service.jobs.retention import Retention
from sentiment_service.models import Page, Post, day_of
from sentiment_service.settings import StorageSettings
from sentiment_service.store.connection import Database
from sentiment_service.store.stores import Store, store_on
from sentiment_service.tools import Analysis, Catalogue, LabelOf
from tests.jobs.conftest import Bench, MakeBench, SteppedClock
from tests.plugins.database import MakeSettings
from tests.plugins.lookalike import Lookalike, StartLookalike

EMPTY = {"purged": 0, "missing": 0, "kept_out": 0}


@pytest_asyncio.fixture
async def store(mongo_settings: MakeSettings, mongodb_uri: str, clock: SteppedClock) -> AsyncIterator[Store]:
    """A store on a fresh database that lives in the time of the test."""
    database = Database(mongo_settings())
    await database.connect(mongodb_uri)
    await database.prepare()
    yield store_on(database, now=clock)
    await database.drop()
    await database.close()


@dataclass
class Scene:
    """A subreddit that was collected, and what reads it again."""

    reddit: Lookalike
    made: Bench
    clock: SteppedClock

    async def refresh(self, **later: float) -> dict[str, int]:
        """Let time pass, then one run."""
        self.clock.forward(**later)
        return await self.refresher().run()

    def refresher(self, owner: str = "test") -> Refresh:
        return Refresh(self.made.tools, owner=owner, now=self.clock)

    async def post(self, fullname: str) -> Post:
        stored = await self.made.store.items.post(fullname)
        assert stored is not None
        return stored.post

    async def documents(self, name: str) -> list[dict[str, Any]]:
        return await self.made.store.database.collection(name).find({}).sort("_id", 1).to_list(None)

    async def receipts(self) -> dict[str, str]:
        return {each.fullname: each.reason for each in await self.made.store.purges.receipts(limit=100)}

    def add_posts(self, count: int) -> list[str]:
        add = self.reddit.world.add_post
        return [
            add("Cursor", f"Post {number}", f"I like it, number {number}", author=f"a{number}")
            for number in range(count)
        ]


MakeScene = Callable[..., Any]


@pytest.fixture
def scene(lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock) -> MakeScene:
    """Makes a scene with one empty subreddit; keywords go to the settings."""

    async def make(**changes: object) -> Scene:
        reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock))
        made = await bench(reddit, subreddits=("Cursor",), thread_requests_per_cycle=0, **changes)
        return Scene(reddit, made, clock)

    return make


async def test_scores_counts_and_edits_follow_and_an_edit_is_scored_again(scene: MakeScene) -> None:
    on = await scene()
    world, store = on.reddit.world, on.made.store
    name = world.add_post("Cursor", "About it", "I love it, it is great", score=100)
    await on.made.cycle()
    before = await on.post(name)
    held = await store.items.post(name)
    assert held is not None
    assert held.sentiment is not None
    assert held.sentiment.label == "positive"
    version = (await store.state.version()).number
    world.add_comment(name, "so do I")
    world.edit(name, "I hate it, it is terrible and awful")
    assert await on.refresh(hours=1) == EMPTY | {"asked": 1, "updated": 1}
    after = await store.items.post(name)
    assert after is not None
    assert after.post.score > before.score
    assert after.post.comment_count == 1
    assert after.post.text == "I hate it, it is terrible and awful"
    assert after.sentiment is not None
    assert after.sentiment.label == "negative"
    assert after.previous == held.seen, "two sightings tell how fast it grows"
    (rollup,) = await store.rollups.read("all", day_of(on.clock()), day_of(on.clock()))
    assert (rollup.whole.positive, rollup.whole.negative) == (0, 1)
    assert (await store.state.version()).number > version


async def test_an_item_is_asked_for_at_its_ages_only(scene: MakeScene) -> None:
    on = await scene()
    on.add_posts(3)
    await on.made.cycle()
    asked = []
    for _ in range(16):  # six days in steps of nine hours, and what is left of them
        asked.append((await on.refresh(hours=1))["asked"])
        asked.append((await on.refresh(hours=8))["asked"])
    assert [index for index, count in enumerate(asked) if count] == [0, 1, 5, 16, 27]
    assert {count for count in asked if count} == {3}


async def test_nothing_due_costs_no_request(scene: MakeScene) -> None:
    on = await scene()
    on.add_posts(3)
    await on.made.cycle()
    on.reddit.requests.clear()
    assert await on.refresh() == EMPTY | {"asked": 0, "updated": 0}
    assert on.reddit.requests.total == 0
    assert (await on.refresh(hours=1))["asked"] == 3
    assert on.reddit.requests.total == 1


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (Ending.DELETED, "deleted"),
        (Ending.REMOVED, "removed"),
        (Ending.REMOVED_BY_REDDIT, "removed_by_reddit"),
    ],
)
async def test_what_is_gone_is_purged_at_once_and_the_comments_of_others_stay(
    scene: MakeScene, ending: Ending, reason: str
) -> None:
    on = await scene()
    world, store = on.reddit.world, on.made.store
    name = world.add_post("Cursor", "A title", "I love it")
    stays, goes = world.add_comment(name, "I like it too"), world.add_comment(name, "I hate it")
    await on.made.cycle()
    world.end(name, ending)
    world.end(goes, ending)
    assert await on.refresh(hours=1) == EMPTY | {"asked": 3, "updated": 0, "purged": 2, "kept_out": 2}
    assert await on.receipts() == {name: reason, goes: reason}
    assert await on.documents("posts") == []
    assert [one["_id"] for one in await on.documents("comments")] == [stays]
    (rollup,) = await store.rollups.read("subreddit:cursor", day_of(on.clock()), day_of(on.clock()))
    assert (rollup.whole.posts, rollup.whole.comments, rollup.whole.total) == (0, 1, 1)
    assert (await on.made.cycle()).items_new == 0, "nothing brings it back"


async def test_of_a_deleted_account_the_name_goes_and_the_text_stays(scene: MakeScene) -> None:
    on = await scene()
    name = on.reddit.world.add_post("Cursor", "A title", "I love it", author="leaver")
    await on.made.cycle()
    on.reddit.world.end(name, Ending.ACCOUNT_GONE)
    assert (await on.refresh(hours=1))["purged"] == 0
    post = await on.post(name)
    assert (post.author, post.text) == (None, "I love it")
    (held,) = await on.documents("posts")
    assert held["author_key"] is None
    assert held["sentiment"] is not None


async def test_what_is_missing_is_asked_for_once_more_and_then_purged(scene: MakeScene) -> None:
    on = await scene()
    gone, back, here = on.add_posts(3)
    await on.made.cycle()
    on.reddit.world.end(gone, Ending.VANISHED)
    on.reddit.world.end(back, Ending.VANISHED)
    assert await on.refresh(hours=1) == EMPTY | {"asked": 3, "updated": 0, "missing": 2}
    assert len(await on.documents("posts")) == 3
    on.reddit.world.thing(back).fate = None
    assert await on.refresh(minutes=15) == EMPTY | {"asked": 2, "updated": 0, "purged": 1}
    assert await on.receipts() == {gone: "missing"}
    assert [one["_id"] for one in await on.documents("posts")] == sorted([back, here])
    on.reddit.world.end(back, Ending.VANISHED)
    assert (await on.refresh(hours=5))["missing"] == 2 - 1
    assert len(await on.documents("posts")) == 2, "having been back, it is asked for twice again"


async def test_a_source_that_shows_nothing_at_all_is_not_believed_for_a_day(scene: MakeScene) -> None:
    on = await scene()
    names = on.add_posts(12)
    await on.made.cycle()
    for name in names:
        on.reddit.world.end(name, Ending.VANISHED)
    assert (await on.refresh(hours=1))["missing"] == 12
    assert (await on.refresh(minutes=15))["missing"] == 12
    assert len(await on.documents("posts")) == 12
    assert (await on.refresh(hours=25))["purged"] == 12
    assert set((await on.receipts()).values()) == {"missing"}


async def test_a_budget_limits_a_run_and_the_most_overdue_come_first(scene: MakeScene) -> None:
    on = await scene(refresh_requests_per_run=1)
    early = on.add_posts(60)
    await on.made.cycle()
    on.clock.forward(minutes=10)
    on.add_posts(90)
    await on.made.cycle()
    on.reddit.requests.clear()
    assert (await on.refresh(hours=2))["asked"] == 100
    assert on.reddit.requests.total == 1
    left = {each.fullname for each in await on.made.store.refreshes.due(limit=1000)}
    assert len(left) == 50
    assert left.isdisjoint(early)
    assert (await on.refresh())["asked"] == 50


async def test_only_one_of_several_replicas_refreshes(scene: MakeScene) -> None:
    on = await scene()
    on.add_posts(2)
    await on.made.cycle()
    on.clock.forward(hours=1)
    lease = await on.made.store.state.acquire(LEASE, "another", 60)
    assert lease is not None
    assert await on.refresher().run() == {"skipped": 1}
    await on.made.store.state.release(lease)
    assert (await on.refresher().run())["asked"] == 2
    assert await on.made.store.state.holder(LEASE) is None


async def test_a_failing_source_ends_the_run_and_what_was_read_stays(
    scene: MakeScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "PAGE", 10)
    on = await scene(refresh_requests_per_run=5)
    names = on.add_posts(30)
    await on.made.cycle()
    for name in names:
        on.reddit.world.edit(name, "I changed my mind and hate it")
    version = (await on.made.store.state.version()).number
    on.clock.forward(hours=1)
    on.reddit.faults.add(parse_fault("403:every=3,path=/api/info"))
    with pytest.raises(SourceError):
        await on.refresher().run()
    changed = [one for one in await on.documents("posts") if "changed" in one["text"]]
    assert len(changed) == 20
    assert (await on.made.store.state.version()).number > version, "readers see it"
    assert await on.made.store.state.holder(LEASE) is None
    on.reddit.faults.clear()
    assert (await on.refresher().run())["asked"] == 10


async def test_what_was_removed_and_is_approved_later_comes_back_with_a_later_sighting(
    scene: MakeScene,
) -> None:
    on = await scene()
    removed, deleted, _ = on.add_posts(3)
    await on.made.cycle()
    on.reddit.world.end(removed, Ending.REMOVED)
    on.reddit.world.end(deleted, Ending.DELETED)
    assert (await on.refresh(hours=1))["purged"] == 2
    for name in (removed, deleted):
        on.reddit.world.thing(name).fate = None
    await forget_watermarks(on)
    await on.made.cycle()
    assert len(await on.documents("posts")) == 1, "a listing that lags behind brings nothing back"
    on.clock.forward(hours=2)
    await forget_watermarks(on)
    await on.made.cycle()
    assert {one["_id"] for one in await on.documents("posts")} >= {removed}
    assert deleted not in {one["_id"] for one in await on.documents("posts")}


async def forget_watermarks(on: Scene) -> None:
    """Make the next cycle read the whole listing again."""
    await on.made.store.database.collection("watermarks").delete_many({})


async def test_a_placeholder_in_a_listing_is_neither_stored_nor_scored_and_purges_what_was_stored(
    scene: MakeScene,
) -> None:
    on = await scene()
    world = on.reddit.world
    stored = world.add_post("Cursor", "A title", "I love it")
    await on.made.cycle()
    world.end(stored, Ending.REMOVED_BY_REDDIT)
    unknown = world.add_post("Cursor", "Another", "text")
    world.end(unknown, Ending.REMOVED_BY_REDDIT)
    on.clock.forward(minutes=1)
    cycle = await on.made.cycle()
    assert (cycle.items_new, cycle.posts_collected) == (0, 0)
    assert await on.documents("posts") == []
    assert await on.receipts() == {stored: "removed_by_reddit"}
    assert await on.documents("rollups") == []


@dataclass
class Interrupted:
    """A scorer during whose work something else happens."""

    happens: Callable[[], Any]

    def use(self, catalogue: Catalogue) -> None:
        assert catalogue.tools == ()

    async def score(
        self, texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Analysis | ScoringError | None]:
        await self.happens()
        return [None] * len(texts)


async def test_what_is_purged_while_a_page_is_on_its_way_into_the_store_stays_away(scene: MakeScene) -> None:
    on = await scene()
    store = on.made.store
    names = on.add_posts(3)
    await on.made.cycle()
    for name in names:
        on.reddit.world.edit(name, "edited")
    page: Page = await on.made.source.info(names)

    async def purge() -> None:
        assert len(await store.purges.purge({names[0]: "removed"})) == 1
        assert len(await store.erasures.erase("A1")) == 1

    ingest = Ingest(
        store,
        Interrupted(purge),
        cycle_id="c",
        plan=RefreshPlan(),
        label_of=LabelOf(0.1, -0.1),
        rests=Courtesy().begin(),
        now=on.clock,
    )
    await ingest.take(page)
    assert [one["_id"] for one in await on.documents("posts")] == [names[2]]
    assert await on.receipts() == {names[0]: "removed", names[1]: "erased"}
    assert ingest.counts.purged == 2


async def test_an_erased_author_is_kept_out_and_counted(scene: MakeScene) -> None:
    on = await scene()
    world, store = on.reddit.world, on.made.store
    old = world.add_post("Cursor", "A title", "I love it", author="Leaver")
    await on.made.cycle()
    assert [each.fullname for each in await store.erasures.erase("leaver")] == [old]
    world.add_comment(old, "me again", author="LEAVER")
    other = world.add_comment(old, "somebody else")
    on.clock.forward(minutes=5)
    cycle = await on.made.cycle()
    assert cycle.items_new == 1
    assert [one["_id"] for one in await on.documents("comments")] == [other]
    (kept,) = await on.documents("erased_authors")
    assert kept["kept_out"] >= 1
    await forget_watermarks(on)
    on.clock.forward(days=3)
    await on.made.cycle()
    assert await on.documents("posts") == [], "also long after"


async def test_an_item_without_its_text_is_still_refreshed(scene: MakeScene) -> None:
    on = await scene()
    name = on.reddit.world.add_post("Cursor", "A secret title", "I love the secret")
    await on.made.cycle()
    on.clock.forward(hours=30)
    retention = Retention(on.made.store, StorageSettings(raw_text_hours=24), now=on.clock)
    assert await retention.run() == {"deleted": 0, "days": 0, "texts_dropped": 1}
    on.reddit.world.add_comment(name, "so do I")
    assert (await on.refresh())["updated"] == 1
    post = await on.post(name)
    assert (post.title, post.text, post.comment_count) == ("", "", 1)
    on.reddit.world.edit(name, "I hate the secret, it is awful")
    assert (await on.refresh(hours=48))["updated"] == 1
    (held,) = await on.documents("posts")
    assert "secret" not in str(held).lower()
    assert held["sentiment"]["label"] == "negative"
    on.reddit.world.end(name, Ending.DELETED)
    assert (await on.refresh(hours=48))["purged"] == 1
    assert await on.receipts() == {name: "deleted"}


async def test_malformed_items_are_noted_and_not_taken_for_missing(scene: MakeScene) -> None:
    on = await scene()
    on.add_posts(3)
    await on.made.cycle()
    on.reddit.faults.add(parse_fault("bad_fields:path=/api/info"))
    assert (await on.refresh(hours=1))["missing"] == 0
    assert len(await on.documents("set_aside")) == 3
    assert isinstance((await on.made.store.purges.receipts(limit=5)), list)
    assert await on.receipts() == {}


def test_a_receipt_is_small() -> None:
    assert set(Receipt.__slots__) == {"fullname", "deleted_at", "reason"}
