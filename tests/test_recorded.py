"""All recorded things come through look-alike, asyncpraw, parser, worker and database unharmed."""

from pydantic import SecretStr

from sentiment_service.deletion import reason_gone
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.jobs.collect import Collector, Tools
from sentiment_service.models import PLACEHOLDERS, SetAside, StoredComment, StoredPost
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.reddit import RedditSource
from sentiment_service.sources.things import ThingReader
from sentiment_service.store.stores import Store
from sentiment_service.tools import LabelOf
from tests.data import RECORDED, needs_data, rows
from tests.jobs.conftest import worker
from tests.plugins.lookalike import StartLookalike

__all__ = ["worker"]


def watching(names: tuple[str, ...], url: str) -> RedditSettings:
    """Settings without the check of names: the recordings hold some that were made unrecognisable."""
    secret = SecretStr("demo")
    return RedditSettings.model_construct(
        **RedditSettings().model_dump()
        | {
            "subreddits": names,
            "oauth_url": url,
            "reddit_url": url,
            "client_id": secret,
            "client_secret": secret,
            "first_run_items": 5000,
            "thread_requests_per_cycle": 0,
        }
    )


async def stored_items(store: Store) -> dict[str, StoredPost | StoredComment]:
    """Everything stored, by fullname."""
    found: dict[str, StoredPost | StoredComment] = {}
    ids = [doc["_id"] async for doc in store.database.collection("posts").find({}, {"_id": 1})]
    for fullname in ids:
        post = await store.items.post(fullname)
        assert post is not None
        found[fullname] = post
    threads = await store.database.collection("comments").distinct("post_id")
    for thread in threads:
        for comment in await store.items.comments_of(thread, limit=5000):
            found[comment.comment.fullname] = comment
    return found


@needs_data
async def test_every_recorded_thing_that_is_not_gone_is_stored_once_with_its_text_byte_for_byte(
    store: Store, lookalike: StartLookalike, worker: ScoringWorker
) -> None:
    raw = {f"{row['kind']}_{row['data']['id']}": row for row in rows(RECORDED)}
    recorded = {fullname: row["data"] for fullname, row in raw.items()}
    reddit = await lookalike(LookalikeOptions(corpus=(RECORDED,), depth=5000, new_per_minute=0))
    names = tuple(sorted({data["subreddit"] for data in recorded.values()}))
    settings = watching(names, reddit.url)
    source = RedditSource(settings)
    await source.open()
    try:
        collector = Collector(Tools(settings, source, worker, store, LabelOf(0.1, -0.1)), owner="test")
        cycle = await collector.run(await collector.begin("command"))
    finally:
        await source.close()
    assert cycle.items_set_aside == 0
    stored = await stored_items(store)
    assert len(recorded) == 2447
    read = {fullname: ThingReader().read(row) for fullname, row in raw.items()}
    gone = {name for name, item in read.items() if not isinstance(item, SetAside) and reason_gone(item)}
    assert 0 < len(gone) < 200
    assert set(stored) == set(recorded) - gone
    assert cycle.items_new == 2447 - len(gone)
    for fullname in stored:
        check(stored[fullname], recorded[fullname])


def check(held: StoredPost | StoredComment, data: dict[str, object]) -> None:
    """One stored thing against its recording."""
    thing = held.post if isinstance(held, StoredPost) else held.comment
    text = data["selftext"] if isinstance(held, StoredPost) else data["body"]
    assert thing.text == text
    assert thing.subreddit == data["subreddit"]
    assert thing.score == data["score"]
    gone = data.get("author") in (None, "[deleted]")
    assert thing.author == (None if gone else data["author"])
    if isinstance(held, StoredPost):
        assert held.post.title == data["title"]
        assert held.post.comment_count == data["num_comments"]
    elif text in PLACEHOLDERS:
        assert held.sentiment is None
