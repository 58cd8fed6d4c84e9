"""What a collection reads, and what it may claim afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.jobs.plan import (
    ANCHORS_KEPT,
    advance,
    choose_probes,
    goal_of,
    group_goals,
    make_plan,
    reaches,
    threads_to_open,
)
from sentiment_service.models import (
    Anchor,
    Listing,
    ListingMark,
    Outage,
    Post,
    Sighting,
    Span,
    StoredPost,
    SubredditStatus,
    Watermark,
    merge_spans,
)
from sentiment_service.sources.walk import BEGINNING, Reach

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
READ = ListingMark(covered=(Span(NOW - timedelta(days=30), NOW - timedelta(hours=1)),))


def at(hour: float) -> datetime:
    """A moment of the day before NOW's noon."""
    return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=hour)


def known(name: str, *, status: SubredditStatus = "ok") -> Watermark:
    """A subreddit that was read before."""
    return Watermark(name, posts=READ, comments=READ, status=status)


def reach(covered_from: datetime | None, *, recent: tuple[Anchor, ...] = (), gap: bool = False) -> Reach:
    """How a walk ended."""
    return Reach(
        items=len(recent),
        newest=recent[0] if recent else None,
        oldest=recent[-1] if recent else None,
        recent=recent,
        covered_from=covered_from,
        reached=not gap,
        gap=gap,
    )


def test_new_and_blocked_subreddits_are_read_alone_and_the_others_together() -> None:
    marks = {
        "cursor": known("Cursor"),
        "claudeai": known("ClaudeAI"),
        "aws": known("aws", status="private"),
        "openai": Watermark("OpenAI", posts=READ),
    }
    plan = make_plan(["Cursor", "ClaudeAI", "aws", "OpenAI", "newcomer"], marks, group_size=25, now=NOW)
    assert plan.groups == (("Cursor", "ClaudeAI"),)
    assert plan.alone == ("aws", "OpenAI", "newcomer")


@pytest.mark.parametrize(("size", "groups"), [(1, []), (2, [2, 2, 1]), (5, [5]), (50, [5])])
def test_groups_have_at_most_the_set_size(size: int, groups: list[int]) -> None:
    names = [f"sub{index}" for index in range(5)]
    plan = make_plan(names, {name: known(name) for name in names}, group_size=size, now=NOW)
    assert [len(group) for group in plan.groups] == groups
    assert len(plan.alone) + sum(groups) == 5


def test_a_single_member_is_no_group() -> None:
    assert make_plan(["Cursor"], {"cursor": known("Cursor")}, group_size=25, now=NOW).alone == ("Cursor",)


def test_a_walk_goes_back_to_the_end_of_coverage_minus_the_overlap() -> None:
    assert goal_of(READ, overlap_s=600).until == NOW - timedelta(hours=1, minutes=10)
    assert goal_of(ListingMark(), overlap_s=600).until is None


def test_a_walk_that_meets_the_coverage_extends_it() -> None:
    mark = Watermark("aws", posts=ListingMark(covered=(Span(at(0), at(10)),)))
    after = advance(mark, Listing.POSTS, reach(at(9.8)), started_at=at(11))
    assert after.posts.covered == (Span(at(0), at(11)),)
    assert after.comments == mark.comments


def test_a_walk_that_does_not_reach_the_coverage_leaves_a_gap() -> None:
    mark = Watermark("aws", comments=ListingMark(covered=(Span(at(0), at(3)),)))
    after = advance(mark, Listing.COMMENTS, reach(at(9), gap=True), started_at=at(11))
    assert after.comments.covered == (Span(at(0), at(3)), Span(at(9), at(11)))


def test_an_exhausted_first_walk_covers_everything_before_it() -> None:
    after = advance(Watermark("aws"), Listing.POSTS, reach(BEGINNING), started_at=at(11))
    assert after.posts.covered == (Span(BEGINNING, at(11)),)


def test_a_walk_that_knows_nothing_claims_nothing() -> None:
    after = advance(Watermark("aws"), Listing.POSTS, reach(None), started_at=at(11))
    assert after.posts.covered == ()


def test_the_newest_items_become_the_anchors() -> None:
    old = tuple(Anchor(f"t3_old{n}", at(n / 10)) for n in range(ANCHORS_KEPT, 0, -1))
    fresh = (Anchor("t3_b", at(11)), Anchor("t3_a", at(10)), old[0])
    mark = Watermark("aws", posts=ListingMark(anchors=old, covered=(Span(at(0), at(2)),)))
    after = advance(mark, Listing.POSTS, reach(at(1), recent=fresh), started_at=at(12))
    assert [anchor.fullname for anchor in after.posts.anchors[:3]] == ["t3_b", "t3_a", "t3_old10"]
    assert len(after.posts.anchors) == ANCHORS_KEPT
    assert after.last_item_at == at(11)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=20))
def test_merged_spans_cover_the_same_moments_and_never_touch(raw: list[tuple[int, int]]) -> None:
    spans = [Span(at(start), at(start + length)) for start, length in raw]
    merged = merge_spans(spans)
    for moment in range(125):
        inside = any(span.start <= at(moment) < span.end for span in spans)
        assert inside == any(span.start <= at(moment) < span.end for span in merged)
    assert all(a.end < b.start for a, b in pairwise(merged))


def read_to(name: str, hour: float, *, newest: float | None = None) -> Watermark:
    """A subreddit whose listings are complete up to an hour."""
    anchors = () if newest is None else (Anchor(f"t3_{name}", at(newest)),)
    mark = ListingMark(anchors, (Span(at(0), at(hour)),))
    return Watermark(name, posts=mark, comments=mark)


def test_silent_members_that_were_not_read_for_longest_are_read_alone_first() -> None:
    marks = {name: read_to(name, hour) for name, hour in (("a", 9), ("b", 3), ("c", 12))}
    assert choose_probes(["a", "b", "c"], marks, budget=9) == ("b", "a", "c")
    assert choose_probes(["a", "b", "c"], marks, budget=1) == ("b",)
    assert choose_probes(["a"], marks, budget=0) == ()


def test_a_walk_alone_goes_back_to_the_newest_item_when_our_clock_is_ahead() -> None:
    mark = read_to("aws", 12, newest=11.8).posts
    assert goal_of(mark, overlap_s=60).until == at(11.8) - timedelta(minutes=1)
    assert goal_of(read_to("aws", 12, newest=12.5).posts, overlap_s=60).until == at(12) - timedelta(minutes=1)


def test_a_group_goes_back_to_where_its_latest_member_is_complete() -> None:
    marks = {"busy": read_to("busy", 12, newest=11.9), "slow": read_to("slow", 12, newest=2)}
    goals = group_goals(marks, Listing.POSTS, overlap_s=60)
    assert {goal.until for goal in goals.values()} == {at(11.9) - timedelta(minutes=1)}
    assert goals["slow"].anchors[0].fullname == "t3_slow"


@pytest.mark.parametrize(
    ("own_hour", "reached", "gap", "expected"),
    [(12, True, False, True), (9, True, False, False), (12, False, True, False), (12, True, True, False)],
)
def test_a_member_is_reached_when_its_coverage_meets_the_groups_goal(
    own_hour: float, reached: bool, gap: bool, expected: bool
) -> None:
    walked = replace(reach(at(11.8), gap=gap), reached=reached)
    together = group_goals({"a": read_to("a", 12, newest=11.9)}, Listing.POSTS, overlap_s=60)["a"]
    assert reaches(walked, read_to("b", own_hour).posts, together) is expected


def test_a_group_that_failed_as_a_whole_stays_a_group() -> None:
    failed = replace(known("Cursor"), status="error", failures=0)
    alone = replace(known("aws"), status="error", failures=1)
    marks = {"cursor": failed, "claudeai": known("ClaudeAI"), "aws": alone}
    plan = make_plan(["Cursor", "ClaudeAI", "aws"], marks, group_size=25, now=NOW)
    assert (plan.groups, plan.alone) == ((("Cursor", "ClaudeAI"),), ("aws",))


def test_an_open_breaker_rests_unless_a_person_asks() -> None:
    resting = replace(known("aws", status="private"), retry_at=NOW + timedelta(minutes=1))
    marks = {"aws": resting, "cursor": known("Cursor"), "claudeai": known("ClaudeAI")}
    names = ["aws", "Cursor", "ClaudeAI"]
    plan = make_plan(names, marks, group_size=25, now=NOW)
    assert (plan.resting, plan.alone, plan.groups) == (("aws",), (), (("Cursor", "ClaudeAI"),))
    assert make_plan(names, marks, group_size=25, now=NOW, patient=False).alone == ("aws",)
    assert make_plan(names, marks, group_size=25, now=NOW + timedelta(minutes=1)).alone == ("aws",)


def test_a_gap_is_remembered_with_its_reason() -> None:
    mark = Watermark("aws", posts=ListingMark(covered=(Span(at(0), at(3)),)))
    after = advance(mark, Listing.POSTS, reach(at(9), gap=True), started_at=at(11))
    assert after.outages == (Outage(at(3), at(9), "gap"),)


def stored(name: str, *, comments: int, upvotes: int = 0, thread: int | None = None) -> StoredPost:
    """A stored post with the counts that matter here."""
    post = Post(name, "aws", "a", "t", "", "", "", None, NOW, None, upvotes, upvotes, comments)
    return StoredPost(post, None, NOW, Sighting(NOW, upvotes, comments), None, thread_count=thread)


def test_threads_with_missing_comments_are_opened_most_engaged_first() -> None:
    posts = [
        stored("t3_complete", comments=5),
        stored("t3_small", comments=3),
        stored("t3_big", comments=50, upvotes=100),
        stored("t3_opened", comments=9, thread=9),
        stored("t3_grown", comments=9, thread=4),
    ]
    found = threads_to_open(posts, {"t3_complete": 5, "t3_big": 20, "t3_opened": 7}, {})
    assert [each.post.fullname for each in found] == ["t3_big", "t3_grown", "t3_small"]
    blocked = {"aws": Watermark("aws", status="private")}
    assert threads_to_open(posts, {}, blocked) == []


@pytest.mark.parametrize(
    ("covered", "opened"),
    [
        ((), True),
        ((Span(NOW - timedelta(hours=2), NOW),), False),
        ((Span(NOW + timedelta(hours=1), NOW + timedelta(hours=2)),), True),
        ((Span(at(0), at(1)), Span(NOW + timedelta(minutes=1), NOW + timedelta(hours=2))), True),
    ],
)
def test_a_thread_is_not_opened_when_the_comment_listing_covers_the_posts_life(
    covered: tuple[Span, ...], opened: bool
) -> None:
    marks = {"aws": Watermark("aws", comments=ListingMark(covered=covered))}
    assert bool(threads_to_open([stored("t3_a", comments=5)], {}, marks)) is opened
