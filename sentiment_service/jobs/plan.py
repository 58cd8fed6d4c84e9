"""Deciding what a collection reads, and what it may claim afterwards. Pure functions.

A subreddit seen for the first time, and one that is blocked, is read alone. All others are read
together in group listings, which cost a request for every hundred new items however many
subreddits share it. Reddit silently drops private, banned and unknown members from a group, so
members that brought nothing are read alone as well before anything is claimed of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sentiment_service.jobs.breaker import OUTAGES_KEPT, is_open
from sentiment_service.models import (
    Anchor,
    Listing,
    ListingMark,
    Outage,
    Post,
    Span,
    StoredPost,
    Watermark,
    merge_spans,
)
from sentiment_service.sources.walk import Goal, Reach

ANCHORS_KEPT = 10
SPANS_KEPT = 50
"""Gaps remembered for each listing; older ones are forgotten as if nothing before them had been read."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one collection reads."""

    alone: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    resting: tuple[str, ...] = ()
    """Left alone this time: their breakers are open."""


def make_plan(
    subreddits: Sequence[str],
    marks: Mapping[str, Watermark],
    *,
    group_size: int,
    now: datetime,
    patient: bool = True,
) -> Plan:
    """Split the watched subreddits into those read alone, the groups read together, and those that rest.

    :param marks: watermarks by subreddit name in lower case.
    :param group_size: members of a group at most; 1 reads every subreddit alone.
    :param patient: whether open breakers are respected; a person who asks is not kept waiting.
    """
    resting = tuple(name for name in subreddits if patient and is_open(marks.get(name.lower()), now))
    awake = [name for name in subreddits if name not in resting]
    together = [name for name in awake if group_size > 1 and _fit_for_group(marks.get(name.lower()))]
    if len(together) == 1:
        together = []
    alone = tuple(name for name in awake if name not in together)
    starts = range(0, len(together), group_size)
    return Plan(alone, tuple(tuple(together[start : start + group_size]) for start in starts), resting)


def _fit_for_group(mark: Watermark | None) -> bool:
    if mark is None or not mark.posts.covered or not mark.comments.covered:
        return False
    # A group that failed as a whole says nothing against its members.
    return mark.status == "ok" or (mark.status == "error" and not mark.failures)


def goal_of(mark: ListingMark, *, overlap_s: float) -> Goal:
    """How far back a walk has to go: to where the listing is complete, minus an overlap for late arrivals.

    Coverage ends at a time of our clock, items carry times of Reddit's. Where our clock is ahead, the
    newest item tells: going back to the earlier of the two loses nothing.
    """
    if not mark.covered:
        return Goal()
    end = mark.covered[-1].end
    known = end if mark.newest_at is None else min(end, mark.newest_at)
    return Goal(until=known - timedelta(seconds=overlap_s), anchors=mark.anchors)


def group_goals(marks: Mapping[str, Watermark], listing: Listing, *, overlap_s: float) -> dict[str, Goal]:
    """One goal for all members of a group: where the one that was read last is complete.

    Members whose coverage ends earlier are not reached by that and are read alone when they speak
    (:func:`reaches`). The newest item of the whole group stands for Reddit's clock.

    :param marks: watermarks of the members, by name; all have coverage.
    """
    listings = [listing_mark(mark, listing) for mark in marks.values()]
    newest = max((each.newest_at for each in listings if each.newest_at is not None), default=None)
    end = max(each.covered[-1].end for each in listings)
    until = (end if newest is None else min(end, newest)) - timedelta(seconds=overlap_s)
    return {name: Goal(until, listing_mark(mark, listing).anchors) for name, mark in marks.items()}


def reaches(reach: Reach, own: ListingMark, together: Goal) -> bool:
    """Whether a group's walk closes up to where one of its members is complete, and missed nothing there.

    :param own: the member's mark before the walk.
    :param together: the goal of the group, which the walk went back to.
    """
    if reach.gap or not reach.reached or not own.covered:
        return False
    return together.until is None or own.covered[-1].end >= together.until


def listing_mark(watermark: Watermark, listing: Listing) -> ListingMark:
    """The mark of one of a subreddit's two listings."""
    return watermark.posts if listing is Listing.POSTS else watermark.comments


def advance(watermark: Watermark, listing: Listing, reach: Reach, *, started_at: datetime) -> Watermark:
    """The watermark after a walk that ended: its coverage grown by what the walk read.

    Time between the old coverage and what the walk reached stays uncovered: that is a gap.
    """
    old = listing_mark(watermark, listing)
    covered = old.covered
    if reach.covered_from is not None and reach.covered_from < started_at:
        covered = tuple(merge_spans([*covered, Span(reach.covered_from, started_at)])[-SPANS_KEPT:])
    new = ListingMark(_newest([*reach.recent, *old.anchors]), covered)
    newest = max((at for at in (watermark.last_item_at, new.newest_at) if at is not None), default=None)
    outages = watermark.outages
    if reach.gap and old.covered and reach.covered_from is not None:
        outages = (*outages, Outage(old.covered[-1].end, reach.covered_from, "gap"))[-OUTAGES_KEPT:]
    field = "posts" if listing is Listing.POSTS else "comments"
    return replace(watermark, **{field: new}, last_item_at=newest, outages=outages)  # type: ignore[arg-type]


def _newest(anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
    unique = {anchor.fullname: anchor for anchor in anchors}
    return tuple(sorted(unique.values(), key=lambda each: each.created_at, reverse=True)[:ANCHORS_KEPT])


def choose_probes(silent: Sequence[str], marks: Mapping[str, Watermark], *, budget: int) -> tuple[str, ...]:
    """Which of a group's silent members to read alone: those first that were not read for longest.

    :param budget: how many at most.
    """

    def read_until(name: str) -> datetime:
        mark = marks[name.lower()]
        return min(each.covered[-1].end if each.covered else NEVER for each in (mark.posts, mark.comments))

    return tuple(sorted(silent, key=read_until)[:budget])


def threads_to_open(
    posts: Sequence[StoredPost], stored: Mapping[str, int], marks: Mapping[str, Watermark]
) -> list[StoredPost]:
    """Posts whose comments are known to be missing, most engaged first.

    A post whose whole life the comment listing covers has all its comments: what Reddit counts
    beyond them was deleted, or is too new to be stored and comes with the next cycle. A thread that was
    opened at its present comment count is left alone for the same reason.

    :param stored: comments stored, by the post's fullname.
    :param marks: watermarks by subreddit name in lower case.
    """
    missing = [
        each
        for each in posts
        if each.post.comment_count > stored.get(each.post.fullname, 0)
        and each.thread_count != each.post.comment_count
        and _worth_opening(each.post, marks.get(each.post.subreddit.lower()))
    ]
    return sorted(missing, key=lambda each: each.post.comment_count + each.post.upvotes, reverse=True)


def _worth_opening(post: Post, mark: Watermark | None) -> bool:
    """Whether its subreddit can be read, and the comment listing has a gap in the post's life.

    The newest stretch without a gap must have begun before the post for all its comments to be there.
    """
    if mark is None:
        return True
    whole = bool(mark.comments.covered) and mark.comments.covered[-1].start < post.created_at
    return mark.status == "ok" and not whole
