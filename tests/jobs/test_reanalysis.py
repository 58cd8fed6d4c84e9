"""Stored items are scored and searched again: in batches, resumably, one job at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from sentiment_service.errors import ReanalysisActiveError, ScoringError
from sentiment_service.jobs.reanalysis import Reanalyzer
from sentiment_service.models import Label, Sentiment, day_of, utc_now
from sentiment_service.reanalysis import ReanalysisJob, ReanalysisParameters
from sentiment_service.settings import ReanalysisSettings
from sentiment_service.store.dirty import DirtyDays, SubredditDay
from sentiment_service.store.stores import Store
from sentiment_service.store.tools import COLLECTION
from sentiment_service.tools import Analysis, Catalogue, LabelOf, MentionPart
from tests.store.content import DAY, NOON, comment, post, scored
from tests.store.test_tools import tool
from tests.waiting import eventually

LABEL_OF = LabelOf(0.1, -0.1)
ALL = ReanalysisParameters(batch_size=3)


@dataclass
class Words:
    """Scores by two words, and finds the tools whose names stand in a text."""

    scorer: str = "words@1"
    fails_on: str = "nothing does"
    failure: ScoringError | None = None
    batches: list[int] = field(default_factory=list)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(0, ()))

    def use(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    async def score(
        self, texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Analysis | ScoringError | None]:
        if self.failure is not None:
            raise self.failure
        assert subreddits is not None
        self.batches.append(len(texts))
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Analysis | ScoringError | None:
        if self.fails_on in text:
            return ScoringError("this one cannot be scored")
        polarity = 0.5 * ("good" in text) - 0.5 * ("bad" in text)
        label = LABEL_OF(polarity)
        names = [each.id for each in self.catalogue.found if each.name in text]
        parts = tuple(MentionPart(name, polarity, label, text) for name in names)
        return Analysis(Sentiment(Label(label), polarity, 0.5, 0.9, self.scorer, NOON), parts)


@pytest.fixture
def words() -> Words:
    """The scorer of a test."""
    return Words()


@pytest.fixture
def reanalyzer(store: Store, words: Words) -> Reanalyzer:
    """Works without rest."""
    return Reanalyzer(store, words, ReanalysisSettings(rest=0.0), LABEL_OF)


async def filled(store: Store) -> None:
    """Eight posts and four comments over three days, scored by another scorer; every third names Cursor."""
    posts = [
        post(n, at=NOON + n * DAY / 3, text=f"{'good' if n % 2 else 'bad'} {'Cursor' if n % 3 == 0 else ''}")
        for n in range(8)
    ]
    comments = [comment(n, at=NOON + n * DAY / 2, text="good Cursor, good Zed") for n in range(4)]
    old = [*(scored(one, 0.0) for one in posts), *(scored(one, 0.0) for one in comments)]
    await store.items.write(old, {}, seen_at=NOON)
    await store.rollups.recompute_dirty()
    await store.tools.seed([tool("Cursor"), tool("Zed")])


async def items(store: Store) -> dict[str, Any]:
    """Every stored item by its id."""
    found = [await store.database.collection(name).find({}).to_list(None) for name in ("posts", "comments")]
    return {document["_id"]: document for documents in found for document in documents}


async def rollups(store: Store) -> dict[str, Any]:
    """Every rollup by its id."""
    found = await store.database.collection("rollups").find({}).to_list(None)
    return {document["_id"]: document for document in found}


async def assert_rollups_equal_a_recount(store: Store) -> None:
    """Counting everything again changes nothing."""
    counted = await rollups(store)
    assert counted
    places = {
        SubredditDay(document["subreddit_key"], day_of(document["created_at"]))
        for document in (await items(store)).values()
    }
    async with DirtyDays(store.database, utc_now).changing(places):
        pass
    await store.rollups.recompute_dirty()
    assert await rollups(store) == counted


async def asked(store: Store, parameters: ReanalysisParameters = ALL) -> ReanalysisJob:
    """A job that waits."""
    return await store.reanalyses.ask(parameters, trigger="manual", by="a test")


async def test_every_item_gets_the_score_and_mentions_it_would_get_today(
    store: Store, reanalyzer: Reanalyzer
) -> None:
    await filled(store)
    version = await store.state.version()
    job = await asked(store)
    assert (job.status, job.total, job.percentage) == ("queued", 12, 0.0)
    seen: list[float] = []
    ended = await reanalyzer.work(lambda one: seen.append(one.percentage))
    assert ended is not None
    assert (ended.status, ended.percentage) == ("completed", 100.0)
    assert seen == sorted(seen)
    assert len(seen) >= 5
    done = ended.tallied
    assert (done.processed, done.changed, done.errors, done.skipped) == (12, 12, 0, 0)
    assert (done.categorized, done.uncategorized, done.tools_detected) == (7, 5, 11)
    held = await items(store)
    assert {document["sentiment"]["scorer"] for document in held.values()} == {"words@1"}
    assert held["t3_3"]["tools"] == ["cursor"]
    assert held["t3_3"]["mentions"][0]["label"] == "positive"
    assert held["t3_2"]["tools"] == []
    assert held["t1_1"]["tools"] == ["cursor", "zed"]
    assert (await store.state.version()).number > version.number
    await assert_rollups_equal_a_recount(store)
    kept = await store.reanalyses.get(job.id)
    assert kept is not None
    assert (kept.status, kept.tallied, kept.checkpoint) == ("completed", done, ended.checkpoint)


async def test_a_range_of_time_leaves_the_rest_alone(store: Store, reanalyzer: Reanalyzer) -> None:
    await filled(store)
    await asked(store, replace(ALL, start=NOON + DAY, end=NOON + 2 * DAY))
    ended = await reanalyzer.work()
    assert ended is not None
    inside = {"t3_3", "t3_4", "t3_5", "t1_2", "t1_3"}
    assert ended.tallied.processed == len(inside)
    held = await items(store)
    assert {key for key, one in held.items() if one["sentiment"]["scorer"] == "words@1"} == inside


async def test_with_tools_named_only_items_that_speak_of_them_are_changed(
    store: Store, reanalyzer: Reanalyzer
) -> None:
    await filled(store)
    await asked(store, replace(ALL, tool_ids=("zed",)))
    ended = await reanalyzer.work()
    assert ended is not None
    assert (ended.tallied.processed, ended.tallied.changed) == (12, 4)
    held = await items(store)
    changed = {key for key, one in held.items() if one["sentiment"]["scorer"] == "words@1"}
    assert changed == {"t1_0", "t1_1", "t1_2", "t1_3"}


async def test_rollups_equal_a_recount_at_every_checkpoint_and_a_killed_job_goes_on_after_it(
    store: Store, reanalyzer: Reanalyzer, words: Words
) -> None:
    await filled(store)
    await asked(store)

    class Killed(BaseException):
        """Nothing catches it."""

    def kill(job: ReanalysisJob) -> None:
        if job.tallied.processed == 6:
            raise Killed

    with pytest.raises(Killed):
        await reanalyzer.work(kill)
    await assert_rollups_equal_a_recount(store)
    active = await store.reanalyses.active()
    assert active is not None
    assert (active.status, active.tallied.processed) == ("running", 6)
    successor = Reanalyzer(store, words, ReanalysisSettings(rest=0.0), LABEL_OF)
    ended = await successor.work()
    assert ended is not None
    assert (ended.status, ended.tallied.processed) == ("completed", 12)
    assert sum(words.batches) == 12
    assert {one["sentiment"]["scorer"] for one in (await items(store)).values()} == {"words@1"}
    await assert_rollups_equal_a_recount(store)


async def test_one_job_at_a_time(store: Store, reanalyzer: Reanalyzer) -> None:
    await filled(store)
    outcomes = await asyncio.gather(*(asked(store) for _ in range(5)), return_exceptions=True)
    begun = [one for one in outcomes if isinstance(one, ReanalysisJob)]
    refused = [one for one in outcomes if isinstance(one, ReanalysisActiveError)]
    assert (len(begun), len(refused)) == (1, 4)
    assert {error.job_id for error in refused} == {begun[0].id}
    assert (await store.reanalyses.list(status=None, limit=10, offset=0))[1] == 1
    assert await reanalyzer.work() is not None
    assert (await asked(store)).status == "queued"


async def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_checkpoint(
    store: Store, reanalyzer: Reanalyzer
) -> None:
    await filled(store)
    waiting = await asked(store)
    cancelled = await store.reanalyses.cancel(waiting.id)
    assert cancelled is not None
    assert cancelled.status == "cancelled"
    assert await reanalyzer.work() is None
    running = await asked(store)
    cancelling: list[asyncio.Task[Any]] = []

    def cancel(job: ReanalysisJob) -> None:
        if job.status == "running" and not cancelling:
            cancelling.append(asyncio.create_task(store.reanalyses.cancel(running.id)))

    ended = await reanalyzer.work(cancel)
    await asyncio.gather(*cancelling)
    assert ended is not None
    assert ended.status == "cancelled"
    assert 0 < ended.tallied.processed < 12
    await assert_rollups_equal_a_recount(store)
    again = await store.reanalyses.cancel(running.id)
    assert again is not None
    assert again.status == "cancelled"
    assert (await asked(store)).status == "queued"


async def test_an_item_that_fails_keeps_what_it_had_and_is_told(
    store: Store, reanalyzer: Reanalyzer, words: Words
) -> None:
    await filled(store)
    words.fails_on = "Zed"
    await asked(store)
    ended = await reanalyzer.work()
    assert ended is not None
    assert (ended.status, ended.tallied.errors) == ("completed", 4)
    assert [mishap.fullname for mishap in ended.mishaps] == ["t1_0", "t1_1", "t1_2", "t1_3"]
    assert (await items(store))["t1_0"]["sentiment"]["scorer"] == "textblob@1"


async def test_without_a_scorer_the_job_fails_and_says_why(
    store: Store, reanalyzer: Reanalyzer, words: Words
) -> None:
    await filled(store)
    words.failure = ScoringError("the scoring process is broken")
    await asked(store)
    ended = await reanalyzer.work()
    assert ended is not None
    assert (ended.status, ended.failure) == ("failed", "the scoring process is broken")
    assert await store.reanalyses.active() is None


async def test_a_text_that_was_edited_meanwhile_keeps_the_score_of_its_new_words(
    store: Store, reanalyzer: Reanalyzer, words: Words
) -> None:
    await filled(store)
    await asked(store)
    edited = scored(post(1, at=NOON + DAY / 3, text="edited"), 0.9)
    real = words.score

    async def edit_first(
        texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Analysis | ScoringError | None]:
        if any("A title" in text and "good" in text for text in texts):
            known = await store.items.known(["t3_1"])
            await store.items.write([edited], known, seen_at=NOON + DAY)
        return await real(texts, subreddits)

    words.score = edit_first  # type: ignore[method-assign]
    ended = await reanalyzer.work()
    assert ended is not None
    held = (await items(store))["t3_1"]
    assert (held["text"], held["sentiment"]["scorer"]) == ("edited", "textblob@1")
    await store.rollups.recompute_dirty()
    await assert_rollups_equal_a_recount(store)


async def test_items_whose_text_is_not_kept_keep_their_score(store: Store, reanalyzer: Reanalyzer) -> None:
    await filled(store)
    dropped = [count async for count in store.items.drop_texts(NOON + DAY, batch=10)]
    assert sum(dropped) > 0
    await asked(store)
    ended = await reanalyzer.work()
    assert ended is not None
    assert ended.tallied.skipped == sum(dropped)
    assert ended.tallied.processed == 12
    assert (await items(store))["t3_0"]["sentiment"]["scorer"] == "textblob@1"


async def test_new_names_of_tools_are_searched_for_in_what_is_stored(
    store: Store, words: Words, reanalyzer: Reanalyzer
) -> None:
    await filled(store)
    running = asyncio.create_task(reanalyzer.run())

    async def noted() -> bool:
        return await store.reanalyses.searched() is not None

    async def found() -> bool:
        return bool((await items(store))["t1_0"]["tools"] == ["cursor", "zed"])

    try:
        await eventually(noted)
        jobs, _ = await store.reanalyses.list(status=None, limit=10, offset=0)
        assert jobs == []
        changed = {"aliases": ["Zed editor"]}
        await store.database.collection(COLLECTION).update_one({"_id": "zed"}, {"$set": changed})
        await store.tools.raise_number()
        await eventually(found)
    finally:
        running.cancel()
        await asyncio.wait({running})
    jobs, _ = await store.reanalyses.list(status=None, limit=10, offset=0)
    assert [(job.trigger_type, job.parameters.tool_ids) for job in jobs] == [("automatic", ("zed",))]


async def test_the_time_left_is_judged_by_the_time_it_took(store: Store) -> None:
    await filled(store)
    job = replace(await asked(store), status="running", work_seconds=6.0)
    assert job.seconds_left is None
    halfway = replace(job, tallied=replace(job.tallied, processed=6))
    assert halfway.seconds_left == pytest.approx(6.0)
    assert halfway.percentage == pytest.approx(50.0)
    assert timedelta(seconds=halfway.seconds_left or 0) == timedelta(seconds=6)


async def test_jobs_of_the_same_second_are_listed_newest_first(store: Store) -> None:
    asked = []
    for _ in range(4):
        job = await store.reanalyses.ask(ReanalysisParameters(), trigger="manual", by="a test")
        await store.reanalyses.cancel(job.id)
        asked.append(job.id)
    jobs, _ = await store.reanalyses.list(status=None, limit=10, offset=0)
    assert [job.id for job in jobs] == asked[::-1]
