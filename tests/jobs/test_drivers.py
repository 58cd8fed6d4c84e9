"""What moved a tool's mean, and by how much: on made-up mentions, and on the planted events of the demo."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.demo.events import DAY_S, EVENTS, Event
from sentiment_service.demo.lookalike import LookalikeOptions, create_world
from sentiment_service.demo.things import Post
from sentiment_service.demo.world import World
from sentiment_service.drivers import Driver, Drivers, Said
from sentiment_service.jobs.drivers import MOST, find_drivers
from sentiment_service.models import Label
from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.mention_sentiment import mention_parts
from sentiment_service.scoring.scorer import Thresholds, create_scorer
from tests.scoring.finders import TOOLS, default_finder

EPOCH = datetime(2026, 11, 20, 12, tzinfo=UTC)
WATCHED = tuple({name: None for event in EVENTS for name in event.communities})
NAMES = ("cursor ai", "cursor")


def said(number: int, excerpt: str, polarity: float, *, author: str | None = None) -> Said:
    label = Label.POSITIVE if polarity > 0.1 else Label.NEGATIVE if polarity < -0.1 else Label.NEUTRAL
    return Said(f"t3_{number}", f"https://r/{number}", author or f"a{number}", polarity, label, excerpt)


def chatter(count: int, *, first: int = 0) -> list[Said]:
    return [said(first + n, f"I use Cursor for task{n}", 0.2 if n % 2 else 0.0) for n in range(count)]


def phrases(drivers: Sequence[Driver]) -> list[str]:
    return [each.phrase for each in drivers]


def test_what_comes_up_and_is_bad_lowers_the_mean_by_its_part_of_it() -> None:
    before = chatter(40)
    after = [*chatter(30, first=100), *(said(200 + n, "Cursor's price rise hurts", -0.7) for n in range(10))]
    found = find_drivers(NAMES, before, after)
    assert phrases(found.lowered) == ["price rise hurts"]
    driver = found.lowered[0]
    assert (driver.before.total, driver.after.total) == (0, 10)
    assert driver.contribution == pytest.approx(10 * (-0.7 - 0.1) / 40)
    assert found.raised == ()
    assert len(driver.examples) == 1, "the same words are shown once"


def test_what_is_no_longer_said_moves_the_mean_too() -> None:
    outage = [said(200 + n, f"Cursor outage, day {n}", -0.8) for n in range(12)]
    found = find_drivers(NAMES, [*chatter(30), *outage], chatter(40, first=100))
    (driver,) = found.raised
    assert driver.phrase == "outage"
    assert driver.contribution > 0.1
    assert (driver.before.total, driver.after.total) == (12, 0)
    assert {each.polarity for each in driver.examples} == {-0.8}
    assert len(driver.examples) == 3


def test_a_phrase_that_is_said_as_before_moves_nothing() -> None:
    same = [said(200 + n, "the new editor in Cursor", -0.5) for n in range(10)]
    again = [said(300 + n, "the new editor in Cursor", -0.5) for n in range(10)]
    assert find_drivers(NAMES, [*chatter(30), *same], [*chatter(30, first=100), *again]) == Drivers((), ())


def test_one_person_is_no_theme_and_neither_is_a_judgement_or_the_name() -> None:
    loud = [said(200 + n, "the billing of Cursor AI", -0.8, author="loud") for n in range(12)]
    curses = [said(300 + n, "Cursor is terrible", -0.8) for n in range(12)]
    found = find_drivers(NAMES, chatter(40), [*chatter(30, first=100), *loud, *curses])
    assert found == Drivers((), ())


def test_an_empty_window_has_no_drivers() -> None:
    assert find_drivers(NAMES, [], chatter(40)) == find_drivers(NAMES, chatter(40), []) == Drivers((), ())


WORDS = st.sampled_from(["price", "rise", "outage", "diff", "view", "Cursor", "agents", "the", "."])


@given(
    st.lists(st.tuples(st.lists(WORDS, max_size=6), st.floats(-1, 1)), min_size=1, max_size=60),
    st.integers(1, 59),
)
def test_each_mention_counts_once_and_directions_are_those_of_the_contributions(
    rows: list[tuple[list[str], float]], split: int
) -> None:
    mentions = [said(n, " ".join(words), polarity) for n, (words, polarity) in enumerate(rows)]
    found = find_drivers(NAMES, mentions[:split], mentions[split:])
    chosen = [*found.raised, *found.lowered]
    assert sum(each.before.total + each.after.total for each in chosen) <= len(mentions)
    assert all(each.contribution > 0 for each in found.raised)
    assert all(each.contribution < 0 for each in found.lowered)
    assert len(found.raised) <= MOST
    assert len(found.lowered) <= MOST


@pytest.fixture(scope="module")
def mentions() -> dict[str, list[tuple[float, Said]]]:
    """By tool, what the demo says of it with its age in days."""
    options = LookalikeOptions(
        epoch=EPOCH, clock=lambda: EPOCH, subreddits=WATCHED, posts=500, comments=20, new_per_minute=0
    )
    world = create_world(options)
    finder, scorer = default_finder(), create_scorer("reddit", Thresholds(0.1, -0.1))
    found: dict[str, list[tuple[float, Said]]] = {}
    for thing in world.things():
        text = scorable_text(_text(world, thing))
        for part in mention_parts(text, finder.find(text, thing.community.name), scorer):
            one = Said(thing.fullname, "", thing.fullname, part.polarity, part.label, part.excerpt)
            found.setdefault(part.tool_id, []).append(((EPOCH.timestamp() - thing.created) / DAY_S, one))
    return found


def _text(world: World, thing: object) -> str:
    words = world.words(thing)  # type: ignore[arg-type]
    return f"{words.title}\n\n{words.text}" if isinstance(thing, Post) else words.text


ABOUT = {
    "price rise": ("pric", "cost", "bill", "quota"),
    "outage": ("outage", "down", "timeout", "status"),
    "release": ("release", "version", "update"),
    "free tier doubled": ("free", "limit", "tier"),
    "tighter limits": ("limit", "premium", "request", "timing", "quota"),
    "agent launch": ("agent", "launch"),
}
"""What a phrase about each event has in it."""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_planted_event_is_the_first_driver_of_its_window(
    mentions: dict[str, list[tuple[float, Said]]], event: Event
) -> None:
    tool = next(tool for tool in TOOLS if tool.name == event.tool)
    length = event.begins_days - event.ends_days
    spoken = mentions[tool.id]
    after = [one for age, one in spoken if event.ends_days <= age < event.begins_days]
    before = [one for age, one in spoken if event.begins_days <= age < event.begins_days + max(length, 5)]
    names = sorted((tool.name, *tool.aliases), key=len, reverse=True)
    found = find_drivers(names, before, after)
    themes = found.lowered if event.label is Label.NEGATIVE else found.raised
    assert any(word in themes[0].phrase for word in ABOUT[event.name]), phrases(themes)
