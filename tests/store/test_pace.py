"""How far reads of a list go into the past."""

from datetime import timedelta

import pytest

from sentiment_service.store import pace
from sentiment_service.store.pace import FIRST_REACH, LEAST_REACH, LONGEST_REACH, Pace, next_reach
from sentiment_service.store.stores import Store
from tests.store.content import HOUR, NOON, post, scored
from tests.store.test_items import write


def test_a_list_that_was_read_is_read_about_as_far_as_it_fills_the_limit() -> None:
    guess = Pace()
    assert (guess.reach("a", 100), guess.expected("a", HOUR)) == (FIRST_REACH, None)
    guess.note("a", 200, 100 * HOUR)
    assert 50 * HOUR < guess.reach("a", 100) < 60 * HOUR
    assert guess.expected("a", 10 * HOUR) == pytest.approx(20)
    assert guess.reach("b", 100) == FIRST_REACH


@pytest.mark.parametrize(("found", "span"), [(9, HOUR), (100, timedelta()), (100, -HOUR)])
def test_what_says_nothing_is_not_remembered(found: int, span: timedelta) -> None:
    guess = Pace()
    guess.note("a", found, span)
    assert guess.expected("a", HOUR) is None


def test_the_lists_used_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "KEPT", 2)
    guess = Pace()
    for name in ("a", "b", "a", "c"):
        guess.note(name, 10, HOUR)
    assert [guess.expected(name, HOUR) is not None for name in ("a", "b", "c")] == [True, False, True]


@pytest.mark.parametrize(
    ("found", "wanted", "least", "most"),
    [
        (0, 100, 8 * HOUR, 8 * HOUR),
        (2, 100, 8 * HOUR, 8 * HOUR),
        (9, 3, HOUR, 2 * HOUR),
        (50, 50, 3 * HOUR, 4 * HOUR),
        (10**6, 1, LEAST_REACH, LEAST_REACH),
        (10, 10**9, LONGEST_REACH, LONGEST_REACH),
    ],
)
def test_what_was_found_tells_how_far_to_go_on(
    found: int, wanted: int, least: timedelta, most: timedelta
) -> None:
    assert least <= next_reach(2 * HOUR, 3 * HOUR, found, wanted) <= most


async def test_a_wrong_guess_finds_the_same(store: Store) -> None:
    times = [NOON - n * n * HOUR / 10 for n in range(40)]
    await write(store, *(scored(post(n, at=at.replace(microsecond=0))) for n, at in enumerate(times)))

    async def found(limit: int) -> list[str]:
        posts = await store.items.recent_posts(since=NOON - 200 * HOUR, limit=limit)
        return [each.post.fullname for each in posts]

    expected = [f"t3_{n}" for n in range(40)]
    name = ("posts",)
    for seconds in (1, 60, 3600, 10**9):
        store.items._pace.note(name, 10, timedelta(seconds=10 * seconds))
        assert await found(50) == expected
        store.items._pace.note(name, 10, timedelta(seconds=10 * seconds))
        assert await found(7) == expected[:7]
