"""Searching posts by their words, on a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentiment_service.models import Label, Post, StoredPost, position_of
from sentiment_service.store.scanning import PAGE, next_step
from sentiment_service.store.search import Found, Search
from sentiment_service.store.stores import Store
from sentiment_service.store.words import SoughtWords
from tests.store.commands import SeenCommands
from tests.store.content import DAY, HOUR, NOON, post, scored
from tests.store.test_items import write

LONG_AGO = NOON - 90 * DAY


def names(found: Found) -> list[str]:
    return [stored.post.fullname for stored in found.posts]


async def look(store: Store, words: str, **changes: object) -> Found:
    values: dict[str, object] = {"since": LONG_AGO, "limit": 100} | changes
    return await store.search.posts(SoughtWords(words), **values)  # type: ignore[arg-type]


async def test_words_are_found_in_title_and_text_together(store: Store) -> None:
    one = post(1, title="Cursor is fast", text="I like Tabs.")
    await write(store, *map(scored, (one, post(2, title="Cursor is slow"), post(3, title="Tabs"))))
    assert names(await look(store, "TABS cursor")) == ["t3_1"]
    assert names(await look(store, "cursor")) == ["t3_2", "t3_1"]
    assert names(await look(store, "tab")) == []


async def test_what_is_found_comes_newest_first_and_from_the_window_only(store: Store) -> None:
    await write(store, *(scored(post(n, at=NOON - n * DAY, title="same")) for n in range(5)))
    found = await look(store, "same", since=NOON - 2 * DAY)
    assert names(found) == ["t3_0", "t3_1", "t3_2"]
    assert found.goes_on_after is None


async def test_filters_narrow_a_search(store: Store) -> None:
    await write(
        store,
        scored(post(1, subreddit="Cursor"), 0.5),
        scored(post(2, subreddit="ClaudeAI"), 0.5),
        scored(post(3, subreddit="Cursor"), -0.5),
    )
    assert names(await look(store, "title", subreddit="cursor")) == ["t3_3", "t3_1"]
    assert names(await look(store, "title", label=Label.POSITIVE)) == ["t3_2", "t3_1"]
    assert names(await look(store, "title", subreddit="Cursor", label=Label.NEGATIVE)) == ["t3_3"]
    assert names(await look(store, "title", tool="cursor")) == []


async def test_pages_join_without_gap_or_repetition(store: Store) -> None:
    items = [post(n, at=NOON - n * HOUR, title="even" if n % 2 == 0 else "odd") for n in range(30)]
    await write(store, *map(scored, items))
    seen: list[str] = []
    before = None
    while True:
        found = await look(store, "even", limit=4, before=before)
        seen += names(found)
        before = found.goes_on_after
        if before is None:
            break
        assert len(found.posts) == 4
    assert seen == [f"t3_{n}" for n in range(0, 30, 2)]


async def test_a_search_that_looked_at_enough_goes_on_with_the_next_page(store: Store) -> None:
    items = [post(n, at=NOON - n * timedelta(minutes=1)) for n in range(2 * PAGE + 10)]
    items[-1] = replace(items[-1], title="needle")
    await write(store, *map(scored, items))
    search = Search(store.database, lambda: NOON, max_scanned=PAGE)
    found = Found((), None)
    calls = 0
    seen: list[StoredPost] = []
    while calls == 0 or found.goes_on_after is not None:
        found = await search.posts(SoughtWords("needle"), since=LONG_AGO, limit=5, before=found.goes_on_after)
        seen += found.posts
        calls += 1
    assert [stored.post.fullname for stored in seen] == [f"t3_{2 * PAGE + 9}"]
    assert calls > 1


async def test_every_read_of_a_search_is_limited_and_within_a_range(store: Store, seen: SeenCommands) -> None:
    await write(store, *(scored(post(n, at=NOON - n * DAY)) for n in range(5)))
    seen.commands.clear()
    await look(store, "absent")
    finds = seen.named("find")
    assert finds
    for command in finds:
        assert set(command["filter"]) == {"position"}
        assert "$gte" in command["filter"]["position"]
        assert command["limit"] == PAGE
    assert len(finds) < 12, "steps widen quickly where little is found"


async def test_a_text_that_is_no_unicode_is_searched_too(store: Store) -> None:
    await write(store, scored(post(1, title="half \ud83d pair")))
    assert names(await look(store, "pair half")) == ["t3_1"]


async def test_a_search_is_not_under_way_when_it_is_done(store: Store) -> None:
    await look(store, "anything")
    assert store.search.under_way == 0


async def test_a_page_starts_after_the_position_given(store: Store) -> None:
    items: list[Post] = [post(n, at=NOON) for n in range(3)]
    await write(store, *map(scored, items))
    found = await look(store, "title", before=position_of(NOON, "t3_1"))
    assert names(found) == ["t3_0"]


@pytest.mark.parametrize(
    ("span", "found", "step"),
    [
        (HOUR, 0, 4 * HOUR),
        (HOUR, 1, 4 * HOUR),
        (HOUR, PAGE, 0.8 * HOUR),
        (4 * HOUR, PAGE // 2, 6.4 * HOUR),
        (timedelta(0), PAGE, timedelta(minutes=1)),
    ],
)
def test_steps_aim_at_pages_that_are_nearly_full(span: timedelta, found: int, step: timedelta) -> None:
    assert next_step(span, found) == step
