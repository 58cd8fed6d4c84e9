"""Readers see one whole set of trending topics."""

import asyncio

from sentiment_service.models import Tally, TrendingPost, TrendingTopic
from sentiment_service.store.stores import Store
from tests.store.content import NOON


def topic(name: str, velocity: float) -> TrendingTopic:
    return TrendingTopic(
        id=f"pricing-{name}",
        theme="pricing",
        topic=name,
        keywords=("price", name),
        posts=(TrendingPost("t3_1", "A \ud800 title", "https://www.reddit.com/r/x", 2.5),),
        engagement_velocity=velocity,
        mentions=4,
        sentiment=Tally(posts=2, positive=1, negative=1, polarity_sum=0.5, scorers=frozenset({"textblob@1"})),
        subreddits=("Cursor", "aws"),
        peak_time=NOON,
        created_at=NOON,
    )


async def test_topics_are_read_back_highest_velocity_first(store: Store) -> None:
    assert await store.trending.top(5) == []
    slow, fast, middle = topic("slow", 1), topic("fast \udc00", 9), topic("middle", 5)
    await store.trending.replace([slow, fast, middle])
    assert await store.trending.top(5) == [fast, middle, slow]
    assert await store.trending.top(1) == [fast]


async def test_a_new_set_replaces_the_old_one(store: Store) -> None:
    await store.trending.replace([topic(str(n), n) for n in range(9)])
    await store.trending.replace([topic("only", 1)])
    assert await store.trending.top(50) == [topic("only", 1)]
    await store.trending.replace([])
    assert await store.trending.top(50) == []
    assert await store.database.collection("trending").count_documents({}) <= 1


async def test_readers_never_see_a_mixture(store: Store) -> None:
    sets = [[topic(f"{turn}-{n}", n) for n in range(30)] for turn in range(6)]
    await store.trending.replace(sets[0])
    done = asyncio.Event()

    async def read() -> list[tuple[str, int]]:
        seen = []
        while not done.is_set():
            found = await store.trending.top(100)
            seen.append((found[0].topic.partition("-")[0], len(found)))
            assert {one.topic.partition("-")[0] for one in found} == {seen[-1][0]}
        return seen

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(read())
        for one in sets[1:]:
            await store.trending.replace(one)
        done.set()
    assert {count for _, count in reader.result()} == {30}
