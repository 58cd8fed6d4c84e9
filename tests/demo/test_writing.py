"""What the people of the generated world write, and whether it reads like people."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from statistics import fmean

import pytest
from textblob import TextBlob  # type: ignore[import-untyped]

from sentiment_service.demo.events import EVENTS, Event
from sentiment_service.demo.lookalike import LookalikeOptions, create_world
from sentiment_service.demo.phrases.slots import MISSPELLINGS, SLOTS
from sentiment_service.demo.things import Comment, Post, Words
from sentiment_service.demo.tools import TOOLS
from sentiment_service.demo.world import World
from sentiment_service.demo.writing import Novelist, Plan
from sentiment_service.models import Label

EPOCH = datetime(2026, 11, 20, 12, tzinfo=UTC)
Told = list[tuple[Post | Comment, Plan, Words]]
NOVELIST = Novelist(EPOCH.timestamp())


@pytest.fixture(scope="module")
def world() -> World:
    return create_world(
        LookalikeOptions(posts=500, comments=500, epoch=EPOCH, clock=lambda: EPOCH, new_per_minute=0)
    )


@pytest.fixture(scope="module")
def told(world: World) -> Told:
    return [(thing, NOVELIST.plan(thing), world.words(thing)) for thing in world.things()]


def polarity(words: Words) -> float:
    return float(TextBlob(f"{words.title} {words.text}").sentiment.polarity)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name.replace(" ", "_"))
def test_an_event_turns_the_mood_about_its_tool_as_scored_from_the_texts(told: Told, event: Event) -> None:
    during: list[float] = []
    otherwise: list[float] = []
    for thing, plan, words in told:
        if plan.tool == event.tool and thing.community.name == event.communities[0]:
            scores = during if event.holds(EPOCH.timestamp() - thing.created) else otherwise
            scores.append(polarity(words))
    assert min(len(during), len(otherwise)) > 50
    change = fmean(during) - fmean(otherwise)
    if event.label is Label.POSITIVE:
        assert change > 0.1
        assert fmean(during) > 0.1
    else:
        assert change < -0.1
        assert fmean(during) < -0.05


def test_every_tool_is_liked_and_disliked_by_some(told: Told) -> None:
    moods: dict[str | None, set[Label]] = defaultdict(set)
    for _, plan, _ in told:
        moods[plan.tool].add(plan.label)
    assert set(moods) == {*TOOLS, None}
    assert all(labels == set(Label) for labels in moods.values())


def test_texts_are_varied_and_hold_what_people_put_into_markdown(told: Told) -> None:
    posts = [words for thing, _, words in told if isinstance(thing, Post)]
    texts = [words.text for words in posts if words.text]
    replies = [words.text for thing, _, words in told if isinstance(thing, Comment)]
    assert all(words.title for words in posts)
    assert len(set(texts)) > 0.97 * len(texts)
    assert len({words.title for words in posts}) > 0.6 * len(posts)
    for mark in ("```", "](http", "**", "`", "🤔", "\n* ", "/s", "!! "):
        assert any(mark in text for text in texts), mark
    assert any(text.startswith("> ") for text in replies)
    assert any("😍" in text for text in replies)


def test_people_misspell_in_all_the_known_ways(told: Told) -> None:
    everything = "\n".join(words.text for _, _, words in told)
    assert [typed for _, typed in MISSPELLINGS if typed not in everything] == []


def test_no_slot_is_left_unfilled(told: Told) -> None:
    slots = [f"{{{slot}}}" for slot in ("tool", "other", "name", *SLOTS)]
    for _, _, words in told:
        assert not any(slot in words.title + words.text for slot in slots)


def test_some_posts_are_links_and_some_people_write_more_than_others(told: Told) -> None:
    posts = [words for thing, _, words in told if isinstance(thing, Post)]
    links = [words for words in posts if words.link is not None]
    assert 0.08 < len(links) / len(posts) < 0.16
    assert all(words.text == "" for words in links)
    authors = Counter(words.author for words in posts)
    assert len(authors) > 500
    assert max(authors.values()) > 5 * fmean(authors.values())


def test_an_edit_leaves_the_text_and_adds_an_afterthought(world: World, told: Told) -> None:
    now = world.now
    edited = [(thing, words) for thing, _, words in told if thing.edit is not None and thing.edit.at <= now]
    assert len(edited) > 100
    for thing, words in edited:
        text = world.text(thing, now)
        assert text.startswith(words.text)
        assert "edit" in text[len(words.text) :].lower()
