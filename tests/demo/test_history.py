"""When and where things are said in the generated world."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from sentiment_service.demo.dice import Dice
from sentiment_service.demo.events import DAY_S, EVENTS
from sentiment_service.demo.history import new_comment
from sentiment_service.demo.lookalike import LookalikeOptions, create_world
from sentiment_service.demo.render import comment_data, post_data, score_at
from sentiment_service.demo.things import Comment, Community, Post
from sentiment_service.demo.world import World

EPOCH = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = EPOCH

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(scope="module")
def world() -> World:
    return create_world(LookalikeOptions(epoch=EPOCH, clock=lambda: EPOCH, new_per_minute=6.0))


def test_thirty_days_hold_28_000_things_of_14_subreddits(world: World) -> None:
    things = world.things()
    assert len(world.communities) == 14
    assert len(things) == 28_000
    assert len({thing.fullname for thing in things}) == 28_000
    ages = [EPOCH.timestamp() - thing.created for thing in things]
    assert min(ages) >= 0
    assert 29 * DAY_S < max(ages) <= 30 * DAY_S


def test_a_comment_comes_after_what_it_answers(world: World) -> None:
    for community in world.communities.values():
        for comment in community.comments:
            assert comment.post is not None
            assert comment.created > comment.post.created
            assert comment in comment.post.comments
            if comment.parent is not None:
                assert comment.parent.post is comment.post
                assert comment.parent.created <= comment.created
                assert comment.depth == comment.parent.depth + 1


def test_ids_grow_with_time(world: World) -> None:
    for community in world.communities.values():
        numbers = [int(post.id, 36) for post in community.posts]
        assert numbers == sorted(numbers)


def test_more_is_written_by_day_than_by_night_and_around_events(world: World) -> None:
    hours = Counter(datetime.fromtimestamp(thing.created, UTC).hour for thing in world.things())
    assert hours[15] > 1.7 * hours[3]
    days = Counter(
        int((EPOCH.timestamp() - post.created) // DAY_S) for post in world.communities["cursor"].posts
    )
    assert days[8] > 1.5 * days[15]


def test_everybody_meets_in_one_post_over_an_event(world: World) -> None:
    for event in EVENTS:
        community = world.communities[event.communities[0].lower()]
        meeting = next(post for post in community.posts if world.words(post).title == event.headline)
        assert len(meeting.comments) > 120
        assert len(meeting.comments) == max(len(post.comments) for post in community.posts)
        assert event.holds(EPOCH.timestamp() - meeting.created)


def test_things_keep_arriving_at_the_pace_that_was_set(clock: Hands) -> None:
    world = create_world(
        LookalikeOptions(posts=20, comments=20, epoch=EPOCH, clock=clock, new_per_minute=6.0)
    )
    before = set(world.things())
    clock.now += timedelta(hours=10)
    at = world.now
    arrived = [thing for thing in world.things() if thing not in before]
    assert len(arrived) == pytest.approx(3600, rel=0.1)
    assert all(EPOCH.timestamp() < thing.created <= at for thing in arrived)
    assert sum(isinstance(thing, Post) for thing in arrived) == pytest.approx(0.35 * len(arrived), rel=0.1)
    assert all(world.words(thing).author for thing in arrived)
    assert max(thing.depth for thing in arrived if isinstance(thing, Comment)) <= 8


def test_the_pace_does_not_depend_on_how_often_one_looks(clock: Hands) -> None:
    options = LookalikeOptions(
        subreddits=("Cursor",), posts=5, comments=5, epoch=EPOCH, clock=clock, new_per_minute=6.0
    )
    often, once = create_world(options), create_world(options)
    for _ in range(30):
        clock.now += timedelta(minutes=1)
        assert often.now == clock.now.timestamp()
    assert once.now == often.now
    assert {thing.fullname for thing in often.things()} == {thing.fullname for thing in once.things()}


def test_nothing_arrives_when_told_so(clock: Hands) -> None:
    quiet = create_world(LookalikeOptions(posts=2, comments=2, epoch=EPOCH, clock=clock, new_per_minute=0))
    clock.now += timedelta(days=1)
    assert quiet.now > EPOCH.timestamp()
    assert len(quiet.things()) == 14 * 4


def test_some_things_are_edited_and_some_go_as_time_passes(clock: Hands) -> None:
    still = create_world(LookalikeOptions(epoch=EPOCH, clock=clock, new_per_minute=0))

    def state() -> tuple[int, int]:
        at = still.now
        things = still.things()
        edited = sum(thing.edit is not None and thing.edit.at <= at for thing in things)
        return edited, sum(not thing.listed(at) for thing in things)

    before = state()
    clock.now += timedelta(days=2)
    after = state()
    assert after[0] > before[0] > 0.03 * 28_000
    assert after[1] > before[1] > 0.02 * 28_000


def test_scores_grow_with_age_and_settle() -> None:
    grown = [score_at(101, hours * 3600) for hours in (0, 1, 6, 24, 240)]
    assert grown == sorted(grown)
    assert (grown[0], grown[2], grown[-1]) == (1, 64, 101)
    assert score_at(-10, 240 * 3600) == -10
    assert score_at(50, -5) == 1


def test_counts_of_a_post_agree_with_its_comments(world: World) -> None:
    at = world.now
    for community in world.communities.values():
        for post in community.posts[:200]:
            alive = [comment for comment in post.comments if comment.listed(at)]
            assert post_data(world, post, at)["num_comments"] == len(alive)
            for comment in alive[:2]:
                data = comment_data(world, comment, at)
                assert data["link_id"] == post.fullname
                assert data["permalink"].startswith(f"/r/{community.name}/comments/{post.id}/")


def test_a_subreddit_without_posts_has_no_comments(clock: Hands) -> None:
    empty = create_world(
        LookalikeOptions(subreddits=("Cursor",), posts=0, comments=50, epoch=EPOCH, clock=clock)
    )
    assert empty.things() == []
    clock.now += timedelta(hours=1)
    assert empty.now > 0
    assert any(isinstance(thing, Post) for thing in empty.things())


def test_a_conversation_starts_anew_when_it_gets_too_deep() -> None:
    community = Community("Test")
    post = Post("a", 0.0, community, key=1)
    deep = Comment("b", 1.0, community, key=2, post=post, depth=8)
    shallow = Comment("c", 1.0, community, key=3, post=post, depth=7)
    dice = Dice(1)
    assert {new_comment(post, dice, 2.0, [deep]).depth for _ in range(50)} == {0}
    assert {new_comment(post, dice, 2.0, [shallow]).depth for _ in range(50)} == {0, 8}
