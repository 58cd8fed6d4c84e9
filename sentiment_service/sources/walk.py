"""Walking a listing from its newest page towards older ones, and saying honestly how far that got.

A walk follows ``after`` only. ``before`` starts at an item, and an item that was deleted blinds it.

How far a walk has read is judged by time. Items may stand out of order (an old post that was approved
late, a page that repeats part of the one before), so one old item must not end a walk: the *position*
after a page is the newest creation time among its last five items. A single stray item can only make
the walk read a page too many, never a page too few.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sentiment_service.models import Anchor, Item, Page

Fetch = Callable[[str | None], Awaitable[Page]]
"""Asks for the page behind a cursor; ``None`` asks for the newest page."""

Ending = Literal["watermark", "exhausted", "depth"]
"""``watermark``: every goal was reached; ``exhausted``: there is nothing older; ``depth``: there may be older
items, but the walk could not or was not to go further."""

BEGINNING = datetime(2005, 6, 1, tzinfo=UTC)
"""Before Reddit's first post."""

TAIL = 5
"""Last items of a page whose newest creation time is the walk's position."""

LISTING_DEPTH = 900
"""A listing that ends after this many things ended at Reddit's limit of 1,000, of which it sends fewer when
some were removed, rather than at its oldest item."""

LISTING_PAGES = 10
"""Pages that Reddit's limit of 1,000 makes at most."""

FULL_PAGE = 100
"""Things on a full page."""

ANCHORS_NEEDED = 3
"""Passing this many known items without meeting one is a gap; fewer may have been deleted."""

MAX_ANCHORS = 10
"""Newest items handed on to be the next walk's anchors."""

STALE_PAGES = 3
"""Pages in a row without anything new after which a walk gives up."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What one subreddit needs from a walk.

    :param until: read back to this time: where it is known to be complete, minus an overlap. ``None`` reads
        as deep as the listing goes, and so does the walk of a group with such a member.
    :param anchors: items known from before; those the walk passes should be met again.
    """

    until: datetime | None = None
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a walk got for one subreddit.

    ``items`` counts usable items, each once; ``oldest`` and ``newest`` are ``None`` when there was none.
    ``recent`` are its newest items, newest first, to be the next walk's anchors.
    """

    items: int
    newest: Anchor | None
    oldest: Anchor | None
    recent: tuple[Anchor, ...]
    covered_from: datetime | None
    """The listing is complete from here to the start of the walk; ``None`` when nothing is known."""
    reached: bool
    """Whether it was read back to its goal, or to the listing's very end."""
    gap: bool
    """Whether items between the goal and ``covered_from`` may have been missed: the walk did not reach the
    goal, or met none of the known items that it passed."""


class Walk:
    """One walk over a listing; iterate over it once, then ask how it ended.

    :param fetch: asks for the page behind a cursor.
    :param goals: by subreddit, spelled as in the settings; several for a group listing.
    :param max_items: things after which the walk stops at the end of a page.
    """

    def __init__(self, fetch: Fetch, goals: Mapping[str, Goal], *, max_items: int) -> None:
        self.ended: Ending | None = None
        """``None`` until the walk is over, and for good when a fetch failed."""
        self.pages = 0
        self.raw_count = 0
        self.position: datetime | None = None
        """The listing was read down to this time; ``None`` before the first usable item."""
        self._fetch = fetch
        self._goals = dict(goals)
        self._max_items = max_items
        self._seen: set[str] = set()
        self._found: dict[str, list[Anchor]] = {name: [] for name in goals}
        self._full_page = False
        self._ended_empty = False

    async def __aiter__(self) -> AsyncIterator[Page]:
        """Pages from newest to oldest, each item once.

        :raises SourceError: as the fetch does; what was yielded before stays valid.
        """
        after: str | None = None
        cursors: set[str] = set()
        stale = 0
        while self.ended is None:
            page = await self._fetch(after)
            fresh = self._note(page)
            stale = 0 if fresh else stale + 1
            after = page.after
            looping = after in cursors or stale >= STALE_PAGES
            self.ended = self._ending(after, looping=looping)
            if after is not None:
                cursors.add(after)
            yield replace(page, items=fresh)

    def reach(self, subreddit: str) -> Reach:
        """How far the walk got for one of its goals; also after a fetch failed.

        :raises KeyError: when the subreddit is not one of the goals.
        """
        goal = self._goals[subreddit]
        found = sorted(self._found[subreddit], key=lambda anchor: anchor.created_at, reverse=True)
        newest, oldest = (found[0], found[-1]) if found else (None, None)
        whole = self.ended == "exhausted"
        reached = whole or self._is_past(goal)
        covered_from = BEGINNING if whole else self.position
        lost = self._lost_anchors(goal)
        if lost:
            covered_from = oldest.created_at if oldest else None
        return Reach(
            items=len(found),
            newest=newest,
            oldest=oldest,
            recent=tuple(found[:MAX_ANCHORS]),
            covered_from=covered_from,
            reached=reached,
            gap=lost or (not reached and goal.until is not None),
        )

    def _note(self, page: Page) -> tuple[Item, ...]:
        """Count a page and move the position; returns its items that were not seen before."""
        self.pages += 1
        self.raw_count += page.raw_count
        self._ended_empty = self.pages > 1 and page.raw_count == 0
        self._full_page = self._full_page or page.raw_count >= FULL_PAGE
        if page.items:
            position = max(item.created_at for item in page.items[-TAIL:])
            self.position = position if self.position is None else min(self.position, position)
        fresh = []
        for item in page.items:
            if item.fullname not in self._seen:
                self._seen.add(item.fullname)
                fresh.append(item)
                if item.subreddit in self._found:
                    self._found[item.subreddit].append(Anchor(item.fullname, item.created_at))
        return tuple(fresh)

    def _ending(self, after: str | None, *, looping: bool) -> Ending | None:
        if self._goals and all(self._is_past(goal) for goal in self._goals.values()):
            return "watermark"
        if after is None:
            return "exhausted" if self._is_whole() else "depth"
        return "depth" if looping or self.raw_count >= self._max_items else None

    def _is_whole(self) -> bool:
        """Whether a listing that ends here shows all there is: it did not end at Reddit's limit, which counts
        things that were removed as well; nor with an empty page, as behind a cursor that was deleted; nor was
        nothing on it usable.
        """
        limited = self.raw_count >= LISTING_DEPTH or self.pages >= LISTING_PAGES
        return not limited and not self._ended_empty and (self.raw_count == 0 or self.position is not None)

    def _is_past(self, goal: Goal) -> bool:
        return goal.until is not None and self.position is not None and self.position <= goal.until

    def _lost_anchors(self, goal: Goal) -> bool:
        """Whether the walk passed enough known items and met none of them."""
        if self.ended == "exhausted":
            passed = goal.anchors
        elif self._full_page and (position := self.position) is not None:
            passed = tuple(anchor for anchor in goal.anchors if anchor.created_at > position)
        else:
            return False
        return len(passed) >= ANCHORS_NEEDED and not any(anchor.fullname in self._seen for anchor in passed)


def walk(fetch: Fetch, goals: Mapping[str, Goal], *, max_items: int) -> Walk:
    """A walk over a listing: iterate over its pages, then ask ``ended``, ``position`` and ``reach()``."""
    return Walk(fetch, goals, max_items=max_items)
