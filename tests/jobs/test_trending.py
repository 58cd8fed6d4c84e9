"""Trending and retention as jobs, on a real database."""

from datetime import timedelta

import pytest

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.jobs.retention import Retention
from sentiment_service.jobs.trending import Trending
from sentiment_service.models import Tally
from sentiment_service.settings import StorageSettings, TrendingSettings
from sentiment_service.store.stores import Store
from tests.jobs.conftest import MakeBench, SteppedClock
from tests.plugins.lookalike import StartLookalike


async def rollup_total(store: Store, clock: SteppedClock) -> Tally:
    """All days of scope ``all``."""
    days = await store.rollups.read("all", clock() - timedelta(days=90), clock() + timedelta(days=1))
    return sum((day.whole for day in days), Tally())


async def test_topics_count_posts_and_their_comments_from_stored_scores(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock))
    for number in range(4):
        at = clock() - timedelta(hours=number + 1)
        post = reddit.world.add_post(
            "Cursor", f"The price is terrible, plan {number}", author=f"a{number}", created_at=at, score=50
        )
        reddit.world.add_comment(post, "I love it, it is great", created_at=at + timedelta(minutes=5))
    made = await bench(reddit, subreddits=("Cursor",))
    await made.cycle()
    before = await made.store.state.version()
    counts = await Trending(made.store, TrendingSettings(min_posts=2), now=clock).run()
    assert counts["posts"] == 4
    assert counts["hours"] == 168
    topics = await made.store.trending.top(10)
    pricing = next(topic for topic in topics if topic.theme == "pricing")
    assert pricing.mentions == 8
    assert (pricing.sentiment.negative, pricing.sentiment.positive) == (4, 4)
    assert len(pricing.posts) == 4
    assert (await made.store.state.version()).number > before.number


@pytest.mark.parametrize(("window_hours", "expected"), [(1, 4), (24, 24)])
async def test_a_window_with_few_posts_is_widened_until_there_are_enough(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock, window_hours: int, expected: int
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=0, comments=0, new_per_minute=0, clock=clock))
    for number in range(120):
        reddit.world.add_post(
            "Cursor", f"Post {number}", created_at=clock() - timedelta(hours=3, minutes=number / 10)
        )
    made = await bench(reddit, subreddits=("Cursor",))
    await made.cycle()
    counts = await Trending(made.store, TrendingSettings(window_hours=window_hours), now=clock).run()
    assert (counts["hours"], counts["posts"]) == (expected, 120)


async def test_retention_deletes_what_is_too_old_with_its_comments_and_rollups(
    lookalike: StartLookalike, bench: MakeBench, clock: SteppedClock
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=200, comments=200, new_per_minute=0, clock=clock))
    made = await bench(reddit, subreddits=("Cursor",), thread_requests_per_cycle=0)
    await made.cycle()
    whole = await rollup_total(made.store, clock)
    retention = Retention(made.store, StorageSettings(retention_days=10, retention_batch=50), now=clock)
    counts = await retention.run()
    assert 0 < counts["deleted"] < whole.posts + whole.comments
    cutoff = clock() - timedelta(days=10)
    posts = [doc async for doc in made.store.database.collection("posts").find({})]
    comments = [doc async for doc in made.store.database.collection("comments").find({})]
    assert posts
    assert min(doc["created_at"] for doc in [*posts, *comments]) >= cutoff
    kept = {doc["_id"] for doc in posts}
    assert all(doc["post_id"] in kept for doc in comments if doc["created_at"] - cutoff < timedelta(0))
    left = await rollup_total(made.store, clock)
    assert (left.posts, left.comments) == (len(posts), len(comments))
    assert whole.posts + whole.comments == left.posts + left.comments + counts["deleted"]
    assert (await retention.run()) == {"deleted": 0, "days": 0}
