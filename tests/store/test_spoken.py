"""What was said of a tool is read from all over a window, and never more than is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sentiment_service.models import Label, Span
from sentiment_service.store.spoken import SLICES
from sentiment_service.store.stores import Store
from sentiment_service.tools import Mention, MentionPart
from tests.store.commands import SeenCommands
from tests.store.content import DAY, HOUR, NOON, comment, post, scored
from tests.store.test_items import write

WEEK = Span(NOON - 7 * DAY, NOON)


def of(tool_id: str, polarity: float, excerpt: str = "some words") -> Mention:
    label = Label.POSITIVE if polarity > 0 else Label.NEGATIVE
    return Mention(tool_id, polarity, label, excerpt, (MentionPart(tool_id, polarity, label, excerpt),))


async def put(store: Store, mentions: Sequence[Mention], *, number: int, ago: timedelta) -> None:
    item = post(number, at=NOON - ago) if number % 2 else comment(number, at=NOON - ago)
    await write(store, replace(scored(item), mentions=tuple(mentions)))


async def test_mentions_of_the_tool_in_the_window_are_read_with_what_they_say(store: Store) -> None:
    await put(store, [of("cursor", 0.4), of("zed", -0.4)], number=1, ago=HOUR)
    await put(store, [of("cursor", -0.6, "half a \ud800 pair")], number=2, ago=6 * DAY)
    await put(store, [of("zed", 0.4)], number=3, ago=HOUR)
    await put(store, [of("cursor", 0.4)], number=5, ago=8 * DAY)
    await put(store, [of("cursor", 0.4, "")], number=7, ago=HOUR)
    found = await store.spoken.said("cursor", WEEK, limit=160)
    assert [(each.fullname, each.polarity, each.excerpt) for each in found] == [
        ("t1_2", -0.6, "half a \ud800 pair"),
        ("t3_1", 0.4, "some words"),
    ]
    assert found[0].author == found[1].author, "both are by someone"
    assert found[1].permalink.endswith("/comments/1/")


async def test_a_limit_leaves_some_of_every_part_of_the_window(store: Store, seen: SeenCommands) -> None:
    for number in range(80):
        await put(store, [of("cursor", 0.4)], number=number, ago=timedelta(hours=2 * number + 1))
    seen.commands.clear()
    found = await store.spoken.said("cursor", WEEK, limit=4 * SLICES)
    assert len(found) == 4 * 7 + 4, "four of each eighth, and all of those that have fewer"
    finds = seen.named("find")
    assert len(finds) == 2 * SLICES
    assert all(command["limit"] == 2 for command in finds)
