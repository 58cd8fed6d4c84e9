from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from sentiment_service.errors import SourceError
from sentiment_service.models import Anchor, Page, Post
from sentiment_service.sources.walk import BEGINNING, Goal, Walk, walk

NOW = datetime(2026, 11, 23, 16, 0, 0, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def post(minutes: float, *, subreddit: str = "a", name: str | None = None) -> Post:
    """A post that is so many minutes old, named after its age."""
    fullname = name or f"t3_{subreddit}{minutes:g}".replace(".", "x")
    return Post(fullname, subreddit, None, "", "", "", "", None, ago(minutes), None, 1, 1, 0)


def anchors(*ages: float, subreddit: str = "a") -> tuple[Anchor, ...]:
    return tuple(Anchor(post(age, subreddit=subreddit).fullname, ago(age)) for age in ages)


class Pages:
    """A listing cut into pages, which remembers the cursors it was asked for."""

    def __init__(self, *pages: Sequence[Post], raw_count: int | None = None, ends: bool = True) -> None:
        self.asked: list[str | None] = []
        self._pages = pages
        self._raw_count = raw_count
        self._ends = ends

    async def fetch(self, after: str | None) -> Page:
        self.asked.append(after)
        number = 0 if after is None else int(after)
        if number >= len(self._pages):
            raise SourceError("unavailable", "gone")
        items = tuple(self._pages[number])
        last = self._ends and number == len(self._pages) - 1
        count = len(items) if self._raw_count is None else self._raw_count
        return Page(items, (), None if last else str(number + 1), count)


def pages_of(ages: Sequence[float], size: int = 10) -> list[list[Post]]:
    return [[post(age) for age in ages[start : start + size]] for start in range(0, len(ages), size)]


async def walked(pages: Pages, max_items: int = 1000, **goals: Goal) -> tuple[Walk, list[str]]:
    whole = walk(pages.fetch, goals, max_items=max_items)
    return whole, [item.fullname async for page in whole for item in page.items]


async def test_a_walk_ends_at_the_page_that_reaches_its_goal() -> None:
    pages = Pages(*pages_of(range(100)))
    whole, names = await walked(pages, a=Goal(until=ago(26)))
    assert (whole.ended, whole.pages, len(names)) == ("watermark", 4, 40)
    reach = whole.reach("a")
    assert (reach.items, reach.reached, reach.gap) == (40, True, False)
    assert (reach.newest, reach.oldest) == (Anchor("t3_a0", ago(0)), Anchor("t3_a39", ago(39)))
    assert reach.covered_from == ago(35)
    assert [anchor.created_at for anchor in reach.recent] == [ago(age) for age in range(10)]


async def test_an_item_exactly_at_the_goal_reaches_it() -> None:
    whole, _ = await walked(Pages([post(5)], [post(99)]), a=Goal(until=ago(5)))
    assert (whole.ended, whole.pages) == ("watermark", 1)


async def test_a_walk_without_a_goal_reads_everything() -> None:
    whole, names = await walked(Pages(*pages_of(range(30))), a=Goal())
    assert (whole.ended, len(names)) == ("exhausted", 30)
    reach = whole.reach("a")
    assert (reach.reached, reach.gap, reach.covered_from) == (True, False, BEGINNING)


async def test_a_walk_stops_at_its_depth_which_is_a_gap_when_there_was_a_goal() -> None:
    whole, names = await walked(Pages(*pages_of(range(100))), max_items=30, a=Goal(until=ago(90)), b=Goal())
    assert (whole.ended, len(names)) == ("depth", 30)
    assert (whole.reach("a").gap, whole.reach("a").reached, whole.reach("a").covered_from) == (
        True,
        False,
        ago(25),
    )
    assert (whole.reach("b").gap, whole.reach("b").reached, whole.reach("b").items) == (False, False, 0)


async def test_a_listing_that_ends_near_reddits_limit_is_not_taken_for_all_there_is() -> None:
    pages = Pages(*pages_of(range(950), size=100))
    whole, _ = await walked(pages, max_items=1000, a=Goal(until=ago(5000)))
    assert whole.ended == "depth"
    assert whole.reach("a").gap


async def test_an_empty_listing_is_all_there_is() -> None:
    whole, names = await walked(Pages([]), a=Goal(until=ago(5)))
    assert (whole.ended, names, whole.position) == ("exhausted", [], None)
    assert (whole.reach("a").newest, whole.reach("a").recent, whole.reach("a").gap) == (None, (), False)


@pytest.mark.parametrize("place", [0, 5, 9])
async def test_one_old_item_out_of_order_does_not_end_a_walk(place: int) -> None:
    first = [post(age) for age in range(9)]
    first.insert(place, post(5000))
    whole, names = await walked(Pages(first, *pages_of(range(9, 49))), a=Goal(until=ago(30)))
    assert (whole.ended, "t3_a30" in names, whole.pages) == ("watermark", True, 4)


async def test_one_young_item_out_of_order_only_costs_a_page() -> None:
    late = [post(age) for age in range(20, 29)] + [post(1.5)]
    whole, _ = await walked(
        Pages(*pages_of(range(20)), late, *pages_of(range(29, 49))), a=Goal(until=ago(22))
    )
    assert (whole.ended, whole.pages) == ("watermark", 4)


async def test_repeated_and_reordered_items_come_once() -> None:
    first = [post(age) for age in (3, 1, 2, 3, 1)]
    whole, names = await walked(Pages(first, [*first, post(4)]), a=Goal())
    assert names == ["t3_a3", "t3_a1", "t3_a2", "t3_a4"]
    reach = whole.reach("a")
    assert (reach.items, reach.newest, reach.oldest) == (4, *anchors(1, 4))


async def test_a_cursor_that_goes_in_circles_ends_the_walk() -> None:
    async def fetch(after: str | None) -> Page:
        asked.append(after)
        return Page((post(len(asked)),), (), "again", 1)

    asked: list[str | None] = []
    whole = walk(fetch, {"a": Goal(until=ago(99))}, max_items=1000)
    assert len([page async for page in whole]) == 2
    assert (whole.ended, whole.reach("a").gap) == ("depth", True)


async def test_pages_without_anything_new_end_the_walk() -> None:
    whole, names = await walked(Pages([post(1)], [post(1)], [], [post(1)], [post(2)]), a=Goal(until=ago(99)))
    assert (whole.ended, whole.pages, names) == ("depth", 4, ["t3_a1"])


async def test_a_group_is_read_back_to_its_furthest_goal_and_told_apart() -> None:
    both = [post(age, subreddit="ab"[age % 2]) for age in range(60)]
    pages = Pages(*[both[start : start + 10] for start in range(0, 60, 10)])
    whole, _ = await walked(
        pages, max_items=30, a=Goal(until=ago(10)), b=Goal(until=ago(45)), dead=Goal(until=ago(10))
    )
    assert whole.ended == "depth"
    near, far, dead = whole.reach("a"), whole.reach("b"), whole.reach("dead")
    assert (near.items, near.reached, near.gap) == (15, True, False)
    assert (far.items, far.reached, far.gap) == (15, False, True)
    assert (dead.items, dead.reached, dead.newest) == (0, True, None)
    with pytest.raises(KeyError):
        whole.reach("never asked for")


async def test_a_deleted_anchor_does_not_matter() -> None:
    known = anchors(20, 21, 22, 23)
    left = [post(age) for age in range(100) if age not in (20, 21, 22)]
    whole, _ = await walked(Pages(left, raw_count=100, ends=False), a=Goal(until=ago(30), anchors=known))
    assert (whole.ended, whole.reach("a").gap) == ("watermark", False)


async def test_passing_many_known_items_without_meeting_one_is_a_gap() -> None:
    known = anchors(20, 21, 22)
    left = [post(age) for age in range(100) if age not in (20, 21, 22)]
    whole, _ = await walked(Pages(left, raw_count=100, ends=False), a=Goal(until=ago(30), anchors=known))
    reach = whole.reach("a")
    assert (whole.ended, reach.reached, reach.gap, reach.covered_from) == ("watermark", True, True, ago(99))


@pytest.mark.parametrize(
    ("known", "raw_count"),
    [(anchors(20, 21), 100), (anchors(20, 21, 22), 99), (anchors(500, 501, 502), 100)],
    ids=["too few", "page not full", "not passed"],
)
async def test_missing_known_items_need_not_be_a_gap(known: tuple[Anchor, ...], raw_count: int) -> None:
    left = [post(age) for age in range(100) if age not in (20, 21, 22)]
    whole, _ = await walked(
        Pages(left, raw_count=raw_count, ends=False), a=Goal(until=ago(30), anchors=known)
    )
    assert not whole.reach("a").gap


async def test_a_listing_that_suddenly_is_empty_is_no_quiet_day() -> None:
    whole, _ = await walked(Pages([]), a=Goal(until=ago(30), anchors=anchors(40, 41, 42)))
    reach = whole.reach("a")
    assert (whole.ended, reach.gap, reach.covered_from) == ("exhausted", True, None)


async def test_what_was_read_before_a_failure_stays_known() -> None:
    pages = Pages(*pages_of(range(20)), ends=False)
    whole = walk(pages.fetch, {"a": Goal(until=ago(90))}, max_items=1000)
    got: list[Page] = []
    with pytest.raises(SourceError):
        await _read_into(got, whole)
    assert (whole.ended, len(got), pages.asked) == (None, 2, [None, "1", "2"])
    reach = whole.reach("a")
    assert (reach.items, reach.reached, reach.gap, reach.covered_from) == (20, False, True, ago(15))


async def _read_into(got: list[Page], whole: Walk) -> None:
    async for page in whole:
        got.append(page)  # noqa: PERF401 - what came before the failure must stay
