"""Reading everything of a window, page by page."""

from datetime import timedelta

from sentiment_service.models import Label
from sentiment_service.store.scanning import PAGE
from sentiment_service.store.stores import Store
from tests.store.commands import SeenCommands
from tests.store.content import DAY, HOUR, NOON, comment, post, scored
from tests.store.test_items import write

LONG_AGO = NOON - 90 * DAY


async def exported_posts(store: Store, **filters: object) -> list[str]:
    pages = store.exports.posts(**({"since": LONG_AGO} | filters))  # type: ignore[arg-type]
    return [stored.post.fullname async for page in pages for stored in page]


async def exported_comments(store: Store, **filters: object) -> list[str]:
    pages = store.exports.comments(**({"since": LONG_AGO} | filters))  # type: ignore[arg-type]
    return [stored.comment.fullname async for page in pages for stored in page]


async def test_everything_comes_once_newest_first_over_many_pages(store: Store) -> None:
    total = 2 * PAGE + 70
    # Crowded at first, then sparse: pages have to become narrower and wider.
    times = [NOON - n * timedelta(seconds=1) for n in range(PAGE + 50)]
    times += [NOON - DAY - n * HOUR for n in range(total - len(times))]
    await write(store, *(scored(post(n, at=at)) for n, at in enumerate(times)))
    expected = [f"t3_{n}" for _, n in sorted(((at, f"t3_{n}"), n) for n, at in enumerate(times))][::-1]
    assert await exported_posts(store) == expected


async def test_many_items_of_one_second_all_come(store: Store) -> None:
    await write(store, *(scored(comment(n, at=NOON)) for n in range(PAGE + 5)))
    assert len(set(await exported_comments(store))) == PAGE + 5


async def test_filters_choose_what_comes(store: Store) -> None:
    await write(
        store,
        scored(post(1, subreddit="Cursor"), 0.5),
        scored(post(2, subreddit="ClaudeAI", at=NOON - 2 * DAY), -0.5),
        scored(comment(3, subreddit="Cursor"), 0.5),
        scored(comment(4, subreddit="ClaudeAI"), -0.5),
    )
    assert await exported_posts(store, subreddit="CURSOR") == ["t3_1"]
    assert await exported_posts(store, label=Label.NEGATIVE) == ["t3_2"]
    assert await exported_posts(store, since=NOON - DAY) == ["t3_1"]
    assert await exported_posts(store, tool="cursor") == []
    assert await exported_comments(store, subreddit="claudeai") == ["t1_4"]
    assert await exported_comments(store, label=Label.POSITIVE) == ["t1_3"]


async def test_nothing_is_read_before_it_is_asked_for(store: Store, seen: SeenCommands) -> None:
    await write(store, *(scored(post(n, at=NOON - n * timedelta(minutes=1))) for n in range(3 * PAGE)))
    seen.commands.clear()
    pages = store.exports.posts(since=LONG_AGO)
    first = await anext(pages)
    reads = len(seen.named("find"))
    await pages.aclose()
    assert first
    assert len(seen.named("find")) == reads == 1


async def test_what_is_purged_meanwhile_does_not_come_out(store: Store) -> None:
    times = [NOON - n * timedelta(minutes=1) for n in range(2 * PAGE)]
    await write(store, *(scored(post(n, at=at)) for n, at in enumerate(times)))
    pages = store.exports.posts(since=LONG_AGO)
    seen = [stored.post.fullname for stored in await anext(pages)]
    last = f"t3_{2 * PAGE - 1}"
    await store.purges.purge({last: "deleted"})
    seen += [stored.post.fullname async for page in pages for stored in page]
    assert last not in seen
    assert len(seen) == 2 * PAGE - 1
