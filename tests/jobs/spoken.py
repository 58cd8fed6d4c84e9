"""Posts and comments that speak of tools, and counts of what is stored of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sentiment_service.models import Label, ScoredItem, Span
from sentiment_service.store.stores import Store
from sentiment_service.tools import Catalogue, LabelOf, MentionPart, mentions_of
from tests.api.content import POLARITY, comment, post

LABEL_OF = LabelOf(0.1, -0.1)


def saying(item: ScoredItem, catalogue: Catalogue, **tools: Label) -> ScoredItem:
    """An item that says something of tools under their own names."""
    parts = [MentionPart(id_, POLARITY[label], label, f"of {id_}") for id_, label in tools.items()]
    return replace(item, mentions=mentions_of(parts, catalogue.targets(), LABEL_OF))


def spoken(catalogue: Catalogue, now: datetime, *, prefix: str = "") -> list[ScoredItem]:
    """Twelve items of two subreddits and several days: of Cursor, Zed, both, or none."""
    items: list[ScoredItem] = []
    for number in range(3):
        at, name = now - timedelta(hours=20 * number), f"{prefix}{number}"
        where = "Cursor" if number % 2 else "OpenAI"
        items += [
            saying(post(f"a{name}", at, subreddit=where), catalogue, cursor=Label.POSITIVE),
            saying(
                post(f"b{name}", at, subreddit=where), catalogue, cursor=Label.POSITIVE, zed=Label.NEGATIVE
            ),
            saying(comment(f"c{name}", f"a{name}", at, subreddit=where), catalogue, zed=Label.NEGATIVE),
            comment(f"d{name}", f"a{name}", at, subreddit=where),
        ]
    return items


async def stored(store: Store) -> Counter[tuple[str, str]]:
    """Mentions by tool and label, counted from the items."""
    counts: Counter[tuple[str, str]] = Counter()
    for name in ("posts", "comments"):
        for document in await store.database.collection(name).find({}).to_list(None):
            mentions = document["mentions"]
            assert document["tools"] == [mention["tool_id"] for mention in mentions]
            counts.update((mention["tool_id"], mention["label"]) for mention in mentions)
    return counts


async def rolled_up(store: Store, now: datetime) -> Counter[tuple[str, str]]:
    """The same from the rollups."""
    tallies = await store.rollups.tools(Span(now - timedelta(days=30), now + timedelta(days=1)))
    counts: Counter[tuple[str, str]] = Counter()
    for tool_id, tally in tallies.items():
        labels = {"positive": tally.positive, "negative": tally.negative, "neutral": tally.neutral}
        counts.update({(tool_id, label): count for label, count in labels.items() if count})
    return counts


def by_tool(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    """Mentions by tool."""
    tools: Counter[str] = Counter()
    for (tool_id, _), count in counts.items():
        tools[tool_id] += count
    return dict(tools)


def fullnames(items: Sequence[ScoredItem]) -> list[str]:
    """Their ids."""
    return [one.item.fullname for one in items]
