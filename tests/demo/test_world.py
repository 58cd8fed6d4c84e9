"""The world as tests and tools change it by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from sentiment_service.demo.render import thing_data
from sentiment_service.demo.things import Comment, Community
from sentiment_service.demo.world import World

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_thing_takes_its_place_in_time() -> None:
    world = World(lambda: NOW)
    new = world.add_post("Test", "new")
    old = world.add_post("test", "old", created_at=NOW - timedelta(days=1))
    future = world.add_post("Test", "future", created_at=NOW + timedelta(days=1))
    community = world.community("TEST")
    assert community is not None
    assert community.name == "Test"
    assert [post.fullname for post in community.posts] == [old, new, future]
    assert [thing.fullname for thing in world.newest([community], "new", 10)] == [new, old]


def test_words_that_nobody_wrote_are_an_error() -> None:
    world = World(lambda: NOW)
    silent = Comment("abc", NOW.timestamp(), Community("Test"), key=1)
    with pytest.raises(LookupError, match="t1_abc has no words"):
        world.words(silent)
    assert silent.parent_id == ""


def test_posts_and_comments_are_looked_up_by_kind() -> None:
    world = World(lambda: NOW)
    post = world.add_post("Test", "title")
    comment = world.add_comment(post, "text")
    assert world.post(post[3:]) is world.thing(post)
    assert world.post(comment[3:]) is None
    assert world.thing("t3_unknown") is None


def test_recorded_data_is_served_however_odd() -> None:
    world = World(lambda: NOW)
    post = world.add_recorded({"name": "t3_odd", "subreddit": "Test", "score": "many", "selftext": 42})
    comment = world.add_recorded({"name": "t1_odd", "subreddit": "Test", "link_id": post, "parent_id": post})
    answer = world.add_recorded(
        {"name": "t1_too", "subreddit": "Test", "link_id": post, "parent_id": comment}
    )
    found = world.post("odd")
    assert found is not None
    assert [each.fullname for each in found.comments] == [comment, answer]
    assert [each.depth for each in found.comments] == [0, 1]
    assert thing_data(world, found, world.now)["data"]["score"] == "many"
    assert (world.words(found).score, world.words(found).author) == (0, None)
