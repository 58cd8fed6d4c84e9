"""Whole cycles over the wire: look-alike Reddit, asyncpraw, the worker process, the database."""

import asyncio
import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sentiment_service.demo.faults import parse_fault
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.things import Ending
from sentiment_service.errors import CycleLostError, CycleRunningError, DatabaseUnavailableError
from sentiment_service.jobs.collect import LEASE, Collector, CycleRun
from sentiment_service.jobs.courtesy import Courtesy
from sentiment_service.models import Cycle, Tally
from sentiment_service.store.stores import Store
from tests.jobs.conftest import Bench, MakeBench, SteppedClock
from tests.plugins.lookalike import StartLookalike
from tests.waiting import until

TWO = ("Cursor", "ClaudeAI")


async def documents(store: Store, *names: str) -> dict[str, list[dict[str, Any]]]:
    """Everything in these collections, by id."""
    return {
        name: [doc async for doc in store.database.collection(name).find({}).sort("_id", 1)]
        for name in names or ("posts", "comments", "rollups")
    }


def at(clock: SteppedClock, seconds_ago: float) -> datetime:
    """A moment before the present of the test."""
    return clock() - timedelta(seconds=seconds_ago)


async def total(store: Store, scope: str, clock: SteppedClock) -> Tally:
    """What the rollups of all days say."""
    days = await store.rollups.read(scope, clock() - timedelta(days=90), clock() + timedelta(days=1))
    return sum((day.whole for day in days), Tally())


async def test_the_first_cycle_stores_and_scores_everything(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=120, comments=150, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    cycle = await made.cycle()
    assert (cycle.status, cycle.errors) == ("completed", ())
    stored = await documents(made.store)
    assert cycle.posts_collected == len(stored["posts"])
    assert cycle.comments_collected == len(stored["comments"])
    assert cycle.items_new == len(stored["posts"]) + len(stored["comments"]) > 500
    assert cycle.subreddits_processed == TWO
    whole = await total(made.store, "all", clock)
    assert whole.total + whole.unscored == cycle.items_new
    assert whole.positive
    assert whole.negative
    assert whole.neutral
    parts = [await total(made.store, f"subreddit:{name}", clock) for name in ("cursor", "claudeai")]
    both = parts[0] + parts[1]
    assert whole.polarity_sum == pytest.approx(both.polarity_sum, abs=1e-6)
    assert (whole.positive, whole.negative, whole.posts) == (both.positive, both.negative, both.posts)
    assert (await made.store.cycles.latest(limit=1))[0].status == "completed"
    assert (await made.store.state.version()).number > 0
    assert await made.store.state.holder(LEASE) is None


async def test_a_cycle_rests_while_requests_come_in_and_brings_the_same(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=120, comments=150, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    requests = itertools.count(step=10)
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    courtesy = Courtesy(lambda: next(requests), limit_s=3600.0, sleep=rest)
    made.collector = Collector(replace(made.tools, courtesy=courtesy), owner="test", now=clock)
    cycle = await made.cycle()
    stored = await documents(made.store)
    assert (cycle.status, cycle.items_new) == ("completed", len(stored["posts"]) + len(stored["comments"]))
    whole = await total(made.store, "all", clock)
    assert whole.total + whole.unscored == cycle.items_new
    # Six pages, and what publishing takes for each of two subreddits and for all of them together.
    assert len(rested) >= 6 + 2
    assert all(seconds > 0 for seconds in rested)


async def test_a_cycle_twice_gives_the_same_documents(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=60, comments=80, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    await made.cycle()
    before = await documents(made.store)
    again = await made.cycle()
    assert (again.status, again.items_new, again.items_updated) == ("completed", 0, 0)
    assert await documents(made.store) == before
    await made.store.database.collection("watermarks").delete_many({})
    from_the_start = await made.cycle()
    assert (from_the_start.items_new, from_the_start.items_updated) == (0, 0)
    assert await documents(made.store) == before


async def test_later_cycles_fetch_only_what_is_new_with_few_requests(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=30, comments=30, new_per_minute=35, clock=clock))
    made = await bench(reddit)
    await made.cycle()
    clock.forward(minutes=30)
    reddit.requests.clear()
    cycle = await made.cycle()
    assert cycle.status == "completed"
    assert cycle.items_new > 900
    assert cycle.api_requests == reddit.requests.total
    assert cycle.api_requests * 1000 <= 15 * cycle.items_new
    assert await made.store.items.known(
        [f"t3_{post.id}" for post in reddit.world.communities["aws"].posts[-1:]]
    )


async def test_one_failing_subreddit_does_not_stop_the_others_and_is_seen_again_when_it_opens(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(
        LookalikeOptions(
            posts=20, comments=20, new_per_minute=0, clock=clock, private=("aws",), banned=("OpenAI",)
        )
    )
    made = await bench(reddit, subreddits=("Cursor", "aws", "OpenAI", "NoSuchPlace"))
    cycle = await made.cycle()
    assert cycle.status == "partial"
    assert cycle.subreddits_processed == ("Cursor",)
    assert {(each.subreddit, each.kind) for each in cycle.errors} == {
        ("aws", "private"),
        ("OpenAI", "banned"),
        ("NoSuchPlace", "not_found"),
    }
    marks = await made.store.watermarks.all()
    assert {name: mark.status for name, mark in marks.items()} == {
        "cursor": "ok",
        "aws": "private",
        "openai": "banned",
        "nosuchplace": "not_found",
    }
    reddit.world.set_access("aws", "open")
    await made.cycle()
    opened = (await made.store.watermarks.all())["aws"]
    assert (opened.status, opened.last_error) == ("ok", None)
    assert (await total(made.store, "subreddit:aws", clock)).total > 0


async def test_a_blocked_subreddit_rests_between_scheduled_cycles_and_never_looks_quiet(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(
        LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock, private=("aws",))
    )
    made = await bench(reddit, subreddits=("Cursor", "aws"))

    async def scheduled() -> Cycle:
        return await made.collector.run(await made.collector.begin("schedule"))

    assert [each.kind for each in (await scheduled()).errors] == ["private"]
    clock.forward(minutes=30)
    reddit.requests.clear()
    resting = await scheduled()
    assert (resting.status, [each.kind for each in resting.errors]) == ("partial", ["resting"])
    assert not [path for path in reddit.requests.recent if "/r/aws" in path]
    clock.forward(minutes=30)
    assert [each.kind for each in (await scheduled()).errors] == ["private"]
    mark = (await made.store.watermarks.all())["aws"]
    assert (mark.status, mark.failures) == ("private", 2)
    assert [outage.reason for outage in mark.outages] == ["private"]


async def test_a_member_dropped_silently_from_a_group_is_found_out_and_its_time_not_claimed(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock))
    names = ("Cursor", "ClaudeAI", "aws")
    for name in names:
        reddit.world.add_comment(reddit.world.add_post(name, "Hello"), "First")
    made = await bench(reddit, subreddits=names)
    await made.cycle()
    before = (await made.store.watermarks.all())["aws"]
    reddit.world.set_access("aws", "private")
    clock.forward(minutes=30)
    for name in names:
        reddit.world.add_post(name, "News")
    clock.forward(minutes=1)
    cycle = await made.cycle()
    assert [(each.subreddit, each.kind) for each in cycle.errors] == [("aws", "private")]
    assert cycle.subreddits_processed == ("Cursor", "ClaudeAI")
    after = (await made.store.watermarks.all())["aws"]
    assert (after.status, after.posts.covered) == ("private", before.posts.covered)
    reddit.world.set_access("aws", "open")
    clock.forward(minutes=30)
    opened = await made.cycle()
    assert (opened.status, opened.items_new) == ("completed", 1)


async def test_a_silent_member_beyond_the_budget_is_not_claimed(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO, probes_per_cycle=1)
    await made.cycle()
    first = await made.store.watermarks.all()
    clock.forward(minutes=30)
    await made.cycle()
    second = await made.store.watermarks.all()
    moved = [name for name in second if second[name].posts.covered != first[name].posts.covered]
    assert len(moved) == 1


async def test_nothing_is_lost_when_our_clock_is_ahead(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=20, comments=20, new_per_minute=20, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    ahead = Collector(made.tools, owner="ahead", now=lambda: clock() + timedelta(minutes=25))
    for _ in range(3):
        await ahead.run(await ahead.begin("command"))
        clock.forward(minutes=30)
    await ahead.run(await ahead.begin("command"))
    things = [
        thing.fullname
        for name in ("cursor", "claudeai")
        for listing in ("new", "comments")
        for thing in reddit.world.newest([reddit.world.communities[name]], listing, 1000)
    ]
    assert set(await made.store.items.known(things)) == set(things)


async def test_only_one_of_many_calls_at_once_begins_a_cycle(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    begun = await asyncio.gather(*(made.collector.begin("admin") for _ in range(12)), return_exceptions=True)
    runs = [each for each in begun if isinstance(each, CycleRun)]
    refused = [each for each in begun if isinstance(each, CycleRunningError)]
    assert (len(runs), len(refused)) == (1, 11)
    assert {each.cycle_id for each in refused} == {runs[0].cycle.id}
    await made.collector.run(runs[0])


async def test_a_name_spelled_anew_in_the_settings_is_the_same_subreddit(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    await (await bench(reddit, subreddits=TWO)).cycle()
    respelled = await bench(reddit, subreddits=("CURSOR", "claudeai"))
    clock.forward(minutes=30)
    cycle = await respelled.cycle()
    assert (cycle.status, cycle.items_new) == ("completed", 0)
    assert {mark.subreddit for mark in (await respelled.store.watermarks.all()).values()} == {
        "CURSOR",
        "claudeai",
    }


async def test_a_refusal_without_a_reason_stops_only_its_subreddit(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    reddit.faults.add("403:path=/r/aws/")
    cycle = await (await bench(reddit, subreddits=("aws", *TWO))).cycle()
    assert [(each.subreddit, each.kind) for each in cycle.errors] == [("aws", "forbidden")]
    assert cycle.subreddits_processed == TWO


async def test_a_thread_that_fails_does_not_keep_the_others_from_being_opened(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock, depth=950))
    posts = []
    for size in (800, 600):
        post = reddit.world.add_post("Cursor", f"Of {size}", created_at=at(clock, 5000))
        posts.append(post)
        for number in range(size):
            reddit.world.add_comment(post, f"I hate it {number}", created_at=at(clock, 3000 - number))
    reddit.faults.add(f"404:path=/comments/{posts[0][3:]}")
    made = await bench(reddit, subreddits=("Cursor",))
    cycle = await made.cycle()
    assert [(each.subreddit, each.kind) for each in cycle.errors] == [("Cursor", "not_found")]
    assert (await made.store.items.comment_counts(posts))[posts[1]] == 600


async def test_more_new_items_than_a_listing_shows_are_recorded_as_a_gap(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(
        LookalikeOptions(
            posts=20, comments=20, new_per_minute=20, clock=clock, subreddits=("Cursor",), depth=200
        )
    )
    made = await bench(reddit, subreddits=("Cursor",), thread_requests_per_cycle=0)
    await made.cycle()
    clock.forward(hours=6)
    cycle = await made.cycle()
    assert cycle.status == "partial"
    assert cycle.gaps == 2
    assert {each.kind for each in cycle.errors} == {"gap"}
    posts = (await made.store.watermarks.all())["cursor"].posts
    assert len(posts.covered) == 2
    assert posts.covered[1].end == clock()


async def test_missing_comments_are_fetched_by_opening_threads_within_the_budget(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock, depth=950))
    sizes = (300, 600, 400)
    posts = [reddit.world.add_post("Cursor", f"Of {size}", created_at=at(clock, 5000)) for size in sizes]
    for index, post in enumerate(posts):
        for number in range(sizes[index]):
            seconds_ago = 4000 - 1300 * index - number
            reddit.world.add_comment(post, f"I love it {number}", created_at=at(clock, seconds_ago))
    made = await bench(reddit, subreddits=("Cursor",), thread_requests_per_cycle=10)
    first = await made.cycle()
    assert first.comments_collected == 300 + 600 + 400, "the listing held the newest 950"
    opened = [path for path in reddit.requests.recent if path.startswith("GET /comments/")]
    assert [path.partition("?")[0] for path in opened] == [f"GET /comments/{posts[i][3:]}" for i in (1, 0)]
    reddit.requests.clear()
    await made.cycle()
    assert not [path for path in reddit.requests.recent if "morechildren" in path or "GET /comments/" in path]


async def test_a_thread_cut_short_by_the_budget_is_opened_again(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock, depth=950))
    for size in (1500, 1400):
        post = reddit.world.add_post("Cursor", f"Of {size}", created_at=at(clock, 5000))
        for number in range(size):
            reddit.world.add_comment(post, f"I hate it {number}", created_at=at(clock, 3000 - number))
    made = await bench(reddit, subreddits=("Cursor",), thread_requests_per_cycle=16)
    await made.cycle()
    held = len((await documents(made.store, "comments"))["comments"])
    assert 950 < held < 2900
    await made.cycle()
    assert len((await documents(made.store, "comments"))["comments"]) == 2900


async def test_malformed_items_are_set_aside_and_the_rest_goes_on(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=50, comments=50, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=("Cursor",), thread_requests_per_cycle=0)
    reddit.faults.add(parse_fault("bad_fields:path=/new"))
    cycle = await made.cycle()
    assert cycle.status == "completed"
    assert cycle.items_set_aside == 3
    things = reddit.world.newest([reddit.world.communities["cursor"]], "new", 1000)
    listed = sum(thing.ending(reddit.world.now) is not Ending.REMOVED_BY_REDDIT for thing in things)
    aside = (await documents(made.store, "set_aside"))["set_aside"]
    assert len(aside) == 3
    assert {doc["stage"] for doc in aside} == {"parse"}
    assert len((await documents(made.store, "posts"))["posts"]) == listed - 3


async def test_wrong_credentials_fail_the_cycle_at_once_with_the_reason(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(client_id="right", client_secret="right", clock=clock))
    made = await bench(reddit)
    cycle = await made.cycle()
    assert cycle.status == "failed"
    assert {each.kind for each in cycle.errors} == {"unauthorized"}
    assert cycle.api_requests <= 8
    assert "secret" not in str([each.message for each in cycle.errors]).replace("client_secret", "")
    assert (made.collector.succeeded, made.collector.failed) == (0, 1)


async def test_a_reddit_that_is_down_fails_the_cycle_without_asking_for_every_subreddit(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    made = await bench(reddit, request_deadline_seconds=2.0, request_timeout_seconds=1.0)
    await made.cycle()
    before = await documents(made.store, "watermarks")
    reddit.faults.add(parse_fault("503"))
    cycle = await made.cycle()
    assert cycle.status == "failed"
    assert "unavailable" in {each.kind for each in cycle.errors}
    after = await documents(made.store, "watermarks")
    covered = [(doc["_id"], doc["posts"], doc["comments"]) for doc in after["watermarks"]]
    assert covered == [(doc["_id"], doc["posts"], doc["comments"]) for doc in before["watermarks"]]
    reddit.faults.clear()
    assert (await made.cycle()).status == "completed"


async def test_a_cycle_cannot_begin_while_one_runs_here_or_elsewhere(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    here = await bench(reddit, subreddits=TWO)
    elsewhere = await bench(reddit, subreddits=TWO)
    run = await here.collector.begin("admin")
    for other in (here, elsewhere):
        with pytest.raises(CycleRunningError) as caught:
            await other.collector.begin("admin")
        assert caught.value.cycle_id == run.cycle.id
    assert (await here.collector.run(run)).status == "completed"
    assert (await elsewhere.cycle()).status == "completed"


async def test_a_cycle_left_running_by_a_dead_process_is_recorded_as_abandoned(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    dead = await bench(reddit, subreddits=TWO)
    run = await dead.collector.begin("schedule")
    await drop_lease(dead)
    alive = await bench(reddit, subreddits=TWO)
    await alive.cycle()
    left = await alive.store.cycles.get(run.cycle.id)
    assert left is not None
    assert left.status == "abandoned"


async def start_hanging(made: Bench) -> "asyncio.Task[Cycle]":
    """A cycle that is under way and waits for Reddit."""
    run = await made.collector.begin("schedule")
    task = asyncio.create_task(made.collector.run(run))
    await until(lambda: run.cycle.api_requests > 0 or made.source.usage.requests > 1)
    return task


async def test_a_cancelled_cycle_is_recorded_and_gives_its_lease_back(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    reddit.faults.add(parse_fault("hang:path=/comments"))
    task = await start_hanging(made)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (recorded,) = await made.store.cycles.latest(limit=1)
    assert recorded.status in ("partial", "abandoned")
    assert "cancelled" in {each.kind for each in recorded.errors}
    assert await made.store.state.holder(LEASE) is None
    assert made.collector.current is None


async def test_a_cycle_whose_lease_went_to_another_process_stops_writing(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    made.collector = Collector(made.tools, owner="test", lease_s=0.3, now=clock)
    reddit.faults.add(parse_fault("hang:path=/comments"))
    task = await start_hanging(made)
    await drop_lease(made)
    assert await made.store.state.acquire(LEASE, "another", 60) is not None
    with pytest.raises(CycleLostError):
        await task
    other = await made.store.state.holder(LEASE)
    assert other is not None
    assert other.owner == "another"


async def cut_off(made: Bench) -> CycleRun:
    """A cycle whose database goes away and stays away."""
    run = await made.collector.begin("schedule")
    await made.store.database.close()
    with pytest.raises(DatabaseUnavailableError):
        await made.collector.run(run)
    return run


async def test_a_database_that_goes_away_fails_the_cycle(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock, mongodb_uri: str
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    run = await cut_off(made)
    assert run.cycle.status == "failed"
    assert {each.kind for each in run.cycle.errors} == {"database"}
    assert made.collector.current is None
    await made.store.database.connect(mongodb_uri)
    left = await made.store.cycles.get(run.cycle.id)
    assert (left.status if left else None) == "running"
    await made.collector.record_late()
    assert await made.store.cycles.get(run.cycle.id) == run.cycle


async def test_a_cycle_whose_end_was_not_recorded_is_recorded_before_the_next_one_begins(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock, mongodb_uri: str
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=5, comments=5, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=TWO)
    run = await cut_off(made)
    with pytest.raises(DatabaseUnavailableError):
        await made.collector.record_late()
    await made.store.database.connect(mongodb_uri)
    await drop_lease(made)
    assert (await made.cycle()).status == "completed"
    assert await made.store.cycles.get(run.cycle.id) == run.cycle


async def drop_lease(made: Bench) -> None:
    """What its expiry does to a lease that could not be given back."""
    lease = await made.store.state.holder(LEASE)
    assert lease is not None
    await made.store.state.release(lease)
