"""Tools and what is said of them over twelve days, for tests of the reads, and a recount of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sentiment_service.models import Comment, Label, Post, ScoredItem
from sentiment_service.store.stores import Store
from tests.api.conftest import Client
from tests.api.content import comment, post, put
from tests.jobs.spoken import saying
from tests.store.test_tools import tool

NOW = datetime(2026, 11, 18, 15, 40, tzinfo=UTC)
"""A Wednesday."""
POSITIVE, NEGATIVE, NEUTRAL = Label.POSITIVE, Label.NEGATIVE, Label.NEUTRAL


async def fill(store: Store) -> None:
    """Three active tools (nobody speaks of Aider), one archived, one that waits, and one linked to Cursor."""
    await store.tools.seed(
        [
            tool("Cursor", slug="cursor-editor"),
            tool("Zed"),
            tool("Aider"),
            tool("Twin", alias_of="cursor"),
            tool("Old", status="archived"),
            tool("Fresh", status="pending"),
        ]
    )
    await put(store, await _items(store), at=NOW)


async def _items(store: Store) -> list[ScoredItem]:
    catalogue = await store.tools.catalogue()
    items: list[ScoredItem] = []
    for number in range(12):
        at = NOW - timedelta(hours=26 * number)
        loved = _with(
            post(f"a{number}", at, text="It is great. " * 40), upvotes=100 + number, comment_count=3
        )
        both = _with(post(f"b{number}", at, subreddit="OpenAI", text=""), upvotes=5, comment_count=number)
        items += [
            saying(loved, catalogue, cursor=POSITIVE),
            saying(both, catalogue, cursor=NEUTRAL if number % 3 else POSITIVE, zed=NEGATIVE),
            saying(comment(f"c{number}", f"a{number}", at - timedelta(minutes=50)), catalogue, zed=NEGATIVE),
            comment(f"d{number}", f"a{number}", at),
        ]
    items.append(saying(comment("e", "a0", NOW), catalogue, old=POSITIVE))
    items.append(saying(comment("f", "a0", NOW), catalogue, twin=NEGATIVE))
    return items


def _with(one: ScoredItem, **changes: int) -> ScoredItem:
    item: Post | Comment = replace(one.item, **changes)  # type: ignore[arg-type]
    return replace(one, item=item)


async def recount(store: Store, tool_id: str, start: datetime, end: datetime) -> dict[str, Any]:
    """What the items of a stretch of time say of a tool, without any rollup."""
    labels: Counter[str] = Counter()
    polarities: list[float] = []
    for name in ("posts", "comments"):
        for document in await store.database.collection(name).find({}).to_list(None):
            for mention in document["mentions"] if start <= document["created_at"] < end else ():
                if mention["tool_id"] == tool_id:
                    labels[mention["label"]] += 1
                    polarities.append(mention["polarity"])
    return {
        "total_mentions": len(polarities),
        "positive_count": labels["positive"],
        "negative_count": labels["negative"],
        "neutral_count": labels["neutral"],
        "avg_sentiment": round(sum(polarities) / len(polarities), 6) if polarities else 0.0,
    }


def figures(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Those fields of an answer that :func:`recount` counts."""
    return {
        name: answer[name]
        for name in ("total_mentions", "positive_count", "negative_count", "neutral_count", "avg_sentiment")
    }


async def get(api: Client, path: str, *, status: int = 200, prefix: str = "/api/v1") -> Any:
    """The body of an answer."""
    async with api.get(prefix + path) as answer:
        body = await answer.json(content_type=None)
        assert answer.status == status, body
    return body


async def everything(store: Store) -> list[Any]:
    """All that is stored, which no read changes."""
    names = ("posts", "comments", "rollups", "tools", "audit", "state", "tool_changes")
    return [await store.database.collection(name).find({}).to_list(None) for name in names]
