from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.jobs.groups import GENERAL
from sentiment_service.jobs.topics import find_topics
from sentiment_service.jobs.velocity import engagement_velocity
from sentiment_service.models import StoredPost, Tally, TrendingTopic
from sentiment_service.settings import TrendingSettings
from tests.jobs.posts import NOW, stored_post

CHATTER = (
    "How do you organise prompts",
    "My weekend project with Copilot",
    "Which model for refactoring",
    "Keyboard shortcuts for Cursor",
    "Showing off a small game",
    "Claude and long files",
)
PRICE_TITLES = (
    "Cursor price increase announced",
    "The Cursor price increase is absurd",
    "Cursor price increase: what now?",
    "Leaving after the price increase of Cursor",
    "Price increase at Cursor, again",
)


def chatter(count: int, *, hours_ago: float, first: int = 1000) -> list[StoredPost]:
    return [
        stored_post(first + number, CHATTER[number % len(CHATTER)], hours_ago=hours_ago, upvotes=1)
        for number in range(count)
    ]


def find(
    posts: list[StoredPost],
    baseline: list[StoredPost] | None = None,
    *,
    tallies: dict[str, Tally] | None = None,
    **changes: object,
) -> list[TrendingTopic]:
    earlier = chatter(300, hours_ago=72, first=5000) if baseline is None else baseline
    settings = TrendingSettings.model_validate(changes)
    return find_topics(posts, earlier, settings=settings, now=NOW, comment_tallies=tallies or {})


@pytest.fixture
def price_posts() -> list[StoredPost]:
    return [
        stored_post(
            number,
            title,
            hours_ago=1 + number,
            upvotes=100 - 10 * number,
            comments=5,
            subreddit="vibecoding" if number == 0 else "Cursor",
            polarity=(-0.5, -0.2, 0.0, 0.4, None)[number],
        )
        for number, title in enumerate(PRICE_TITLES)
    ]


def test_what_stands_out_becomes_a_topic_with_a_readable_name(price_posts: list[StoredPost]) -> None:
    topic = find(price_posts + chatter(60, hours_ago=5))[0]
    assert topic.topic == "Cursor price increase"
    assert topic.theme == "pricing"
    assert "price increase" in " | ".join(topic.keywords)
    assert topic.subreddits == ("Cursor", "vibecoding")
    assert topic.created_at == NOW


def test_a_topic_counts_its_posts_and_their_stored_scores(price_posts: list[StoredPost]) -> None:
    tallies = {
        "t3_1": Tally(comments=7, positive=1, negative=5, unscored=1, polarity_sum=-2.0),
        "t3_9": Tally(posts=9),
    }
    topic = find(price_posts + chatter(60, hours_ago=5), tallies=tallies)[0]
    assert topic.mentions == 5 + 7
    sentiment = topic.sentiment
    assert (sentiment.positive, sentiment.negative, sentiment.neutral, sentiment.unscored) == (2, 7, 1, 2)
    assert sentiment.polarity_sum == pytest.approx(-0.5 - 0.2 + 0.4 - 2.0)
    assert sentiment.polarity_square_sum == pytest.approx(0.25 + 0.04 + 0.16)
    assert sentiment.scorers == {"textblob@1"}


def test_posts_come_fastest_first_and_their_velocities_add_up(price_posts: list[StoredPost]) -> None:
    topic = find(price_posts + chatter(60, hours_ago=5))[0]
    velocities = {
        each.post.fullname: engagement_velocity(each, NOW, half_life_hours=6.0) for each in price_posts
    }
    assert [post.id for post in topic.posts] == sorted(velocities, key=lambda name: -velocities[name])
    assert topic.engagement_velocity == pytest.approx(sum(velocities.values()))
    assert topic.posts[0].title == PRICE_TITLES[0]
    assert topic.posts[0].permalink == "https://x/t3_0"


def test_at_most_ten_posts_are_named() -> None:
    posts = [stored_post(number, f"Windsurf outage number{number}") for number in range(14)]
    topic = find(posts + chatter(60, hours_ago=5))[0]
    assert (topic.mentions, len(topic.posts)) == (14, 10)


def test_the_peak_is_the_hour_with_most_posts_the_latest_of_several() -> None:
    hours = (1, 1, 5, 5, 9)
    posts = [stored_post(number, "Windsurf outage", hours_ago=ago) for number, ago in enumerate(hours)]
    topic = find(posts + chatter(60, hours_ago=5))[0]
    assert topic.peak_time == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_the_id_stays_while_the_topic_does(price_posts: list[StoredPost]) -> None:
    first = find(price_posts + chatter(60, hours_ago=5))[0]
    later = find(price_posts[1:] + chatter(80, hours_ago=4))[0]
    assert first.id == later.id
    assert first.topic == later.topic


def test_what_was_said_as_often_before_is_no_news(price_posts: list[StoredPost]) -> None:
    earlier = [stored_post(2000 + number, PRICE_TITLES[number % 5]) for number in range(35)]
    topics = find(price_posts + chatter(60, hours_ago=5), earlier + chatter(420, hours_ago=72, first=5000))
    assert [topic.theme for topic in topics] == ["pricing"]
    assert topics[0].mentions == 5


def test_without_earlier_posts_only_themes_are_found(price_posts: list[StoredPost]) -> None:
    news = [stored_post(50 + number, "Zebra dancing") for number in range(5)]
    topics = find([*price_posts, *news, *chatter(60, hours_ago=5)], [])
    assert {topic.theme for topic in topics} == {"pricing"}


def test_a_theme_is_split_by_the_names_that_stand_out_in_it() -> None:
    about = [("Kiro", 6), ("Windsurf", 5), ("", 4)]
    titles = [f"I want a {tool} refund" for tool, count in about for _ in range(count)]
    posts = [stored_post(number, title) for number, title in enumerate(titles)]
    earlier = [stored_post(2000 + number, title) for number, title in enumerate(titles * 5)]
    topics = find(posts + chatter(90, hours_ago=5), earlier + chatter(450, hours_ago=72, first=5000))
    assert {(topic.topic, topic.mentions) for topic in topics} == {
        ("Kiro pricing", 6),
        ("Windsurf pricing", 5),
        ("Pricing", 4),
    }
    assert next(topic for topic in topics if topic.topic == "Pricing").keywords == ("refund",)
    assert next(topic for topic in topics if topic.mentions == 6).keywords == ("kiro", "refund")


def test_a_theme_is_not_split_by_ways_of_talking_about_it() -> None:
    posts = [stored_post(number, "i want a refund immediately") for number in range(9)]
    earlier = [stored_post(2000 + number, "i want a refund immediately") for number in range(45)]
    (topic,) = find(posts + chatter(90, hours_ago=5), earlier + chatter(450, hours_ago=72, first=5000))
    assert (topic.topic, topic.mentions) == ("Pricing", 9)


def test_a_theme_with_too_few_posts_is_no_topic() -> None:
    posts = [stored_post(number, "a refund") for number in range(2)]
    assert find(posts + chatter(60, hours_ago=5)) == []
    assert len(find(posts + chatter(60, hours_ago=5), min_posts=2)) == 1


def test_news_outside_every_theme_is_general() -> None:
    posts = [stored_post(number, "Zebra dancing contest", text="so much fun") for number in range(5)]
    (topic,) = find(posts + chatter(60, hours_ago=5))
    assert (topic.theme, topic.topic) == (GENERAL, "Zebra dancing contest")
    assert topic.keywords[0] == "zebra dancing contest"


def test_a_name_is_spelled_as_most_titles_spell_it() -> None:
    titles = ["GPT-5.1 benchmark", "the GPT-5.1 benchmark", "GPT-5.1 Benchmark leaked", "gpt-5.1 benchmark"]
    posts = [stored_post(number, title) for number, title in enumerate(titles)]
    assert find(posts + chatter(60, hours_ago=5))[0].topic == "GPT-5.1 benchmark"


def test_a_phrase_that_only_bodies_say_still_names_a_topic() -> None:
    posts = [stored_post(number, "hm", text="they call it **zebra mode** here") for number in range(5)]
    assert find(posts + chatter(60, hours_ago=5))[0].topic.startswith("Zebra mode")


def test_code_quotations_and_placeholders_say_nothing() -> None:
    bodies = ["`zebra mode`", "> zebra mode", "[removed]", "    zebra mode"]
    posts = [stored_post(number, "[deleted]", text=bodies[number % 4]) for number in range(12)]
    assert find(posts + chatter(60, hours_ago=5)) == []


def test_one_author_makes_no_news() -> None:
    posts = [stored_post(number, "Zebra giveaway", author="bot") for number in range(9)]
    assert find(posts + chatter(60, hours_ago=5)) == []
    gone = [stored_post(number, "Zebra giveaway", author=None) for number in range(9)]
    assert len(find(gone + chatter(60, hours_ago=5))) == 1


def test_only_so_many_topics_are_kept_the_fastest() -> None:
    animals = ("zebra dancing", "walrus singing", "ocelot yoga", "badger chess", "heron opera")
    posts = [
        stored_post(10 * index + number, animal, upvotes=10 * (index + 1))
        for index, animal in enumerate(animals)
        for number in range(5)
    ]
    topics = find(posts + chatter(60, hours_ago=5), max_topics=2)
    assert len(topics) == 2
    assert [topic.engagement_velocity for topic in topics] == sorted(
        (topic.engagement_velocity for topic in topics), reverse=True
    )
    assert [topic.topic for topic in topics] == ["Heron opera", "Badger chess"]


def test_nothing_gives_nothing() -> None:
    assert find([]) == []
    assert find([], []) == []


WORDS = "Cursor price refund down rise of the Zebra 5 is 😀"
TITLES = st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join)


@given(
    st.lists(st.tuples(TITLES, st.integers(0, 30), st.none() | st.floats(-1, 1)), max_size=25),
    st.lists(TITLES, max_size=25),
    st.integers(1, 4),
)
def test_topics_are_consistent_whatever_people_write(
    written: list[tuple[str, int, float | None]], earlier: list[str], min_posts: int
) -> None:
    posts = [
        stored_post(number, title, hours_ago=hours, polarity=polarity)
        for number, (title, hours, polarity) in enumerate(written)
    ]
    topics = find(
        posts, [stored_post(900 + number, title) for number, title in enumerate(earlier)], min_posts=min_posts
    )
    assert len({topic.id for topic in topics}) == len(topics)
    for topic in topics:
        assert topic.mentions >= min_posts
        assert topic.sentiment.total + topic.sentiment.unscored == topic.mentions
        assert topic.topic
        assert len(topic.keywords) <= 8
        assert topic.engagement_velocity >= topic.posts[0].engagement_velocity >= 0
        assert NOW - timedelta(hours=31) <= topic.peak_time <= NOW
