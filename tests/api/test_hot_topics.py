"""Hot topics and their posts: scores by the formula, in order, the same under both addresses."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from sentiment_service.api.context import Context
from sentiment_service.api.hot_topics import excerpt_of
from sentiment_service.api.windows import window_of
from sentiment_service.models import StoredPost
from sentiment_service.store.stores import Store
from tests.api.conftest import Client, MakeClient
from tests.api.tooled import NOW, fill, get

BOTH = ["/api/v1", "/api"]
HOURS = {"24h": 24, "7d": 168, "30d": 720}


@pytest.fixture
def now() -> datetime:
    """The moment a test takes place."""
    return NOW


@pytest_asyncio.fixture
async def api(context: Context, make_client: MakeClient) -> Client:
    """An API over what is said of some tools."""
    await fill(context.store)
    return await make_client(context)


async def engagement(store: Store, since: datetime) -> dict[str, Counter[str]]:
    """What hot topics are made of, by tool, counted from the items."""
    tools: dict[str, Counter[str]] = {}
    for name in ("posts", "comments"):
        for document in await store.database.collection(name).find({}).to_list(None):
            for mention in document["mentions"] if document["created_at"] >= since else ():
                counts = tools.setdefault(mention["tool_id"], Counter())
                counts["mentions"] += 1
                counts[mention["label"]] += 1
                counts["comments"] += document.get("comment_count", 0)
                counts["upvotes"] += document["upvotes"]
    return tools


@pytest.mark.parametrize("prefix", BOTH)
@pytest.mark.parametrize("time_range", HOURS)
async def test_tools_are_ranked_by_what_is_stored_of_them(
    api: Client, context: Context, time_range: str, prefix: str
) -> None:
    answer = await get(api, f"/hot-topics?time_range={time_range}", prefix=prefix)
    assert answer["time_range"] == time_range
    counted = await engagement(context.store, window_of(NOW, HOURS[time_range]).start)
    assert [topic["tool_id"] for topic in answer["hot_topics"]] == ["cursor", "zed"]
    for topic in answer["hot_topics"]:
        counts = counted[topic["tool_id"]]
        assert topic["total_mentions"] == counts["mentions"]
        assert topic["total_comments"] == counts["comments"]
        assert topic["total_upvotes"] == counts["upvotes"]
        score = counts["mentions"] * 10 + counts["comments"] * 2 + counts["upvotes"]
        assert topic["engagement_score"] == score
        spread = topic["sentiment_distribution"]
        assert [spread[f"{label}_count"] for label in ("positive", "negative", "neutral")] == [
            counts["positive"],
            counts["negative"],
            counts["neutral"],
        ]
        assert sum(
            spread[f"{label}_percent"] for label in ("positive", "negative", "neutral")
        ) == pytest.approx(100, abs=0.02)


async def test_the_first_so_many_are_given(api: Client) -> None:
    assert [topic["tool_slug"] for topic in (await get(api, "/hot-topics?limit=1"))["hot_topics"]] == [
        "cursor-editor"
    ]


async def pages(api: Client, path: str, limit: int, prefix: str) -> list[dict[str, Any]]:
    """All posts of a tool, page by page."""
    posts: list[dict[str, Any]] = []
    while True:
        page = await get(api, f"{path}&limit={limit}&offset={len(posts)}", prefix=prefix)
        assert (page["offset"], page["limit"]) == (len(posts), limit)
        posts += page["posts"]
        assert page["has_more"] is (len(posts) < page["total"])
        if not page["has_more"]:
            assert page["total"] == len(posts)
            return posts


@pytest.mark.parametrize("prefix", BOTH)
async def test_posts_come_by_engagement_page_by_page(api: Client, prefix: str) -> None:
    posts = await pages(api, "/hot-topics/cursor/posts?time_range=30d", 5, prefix)
    assert len({post["post_id"] for post in posts}) == len(posts) == 24
    scores = [post["engagement_score"] for post in posts]
    assert scores == sorted(scores, reverse=True)
    first = posts[0]
    assert (first["post_id"], first["upvotes"], first["comment_count"]) == ("t3_a11", 111, 3)
    assert first["engagement_score"] == 114
    assert first["sentiment"] == "positive"
    assert first["reddit_url"].startswith("https://www.reddit.com/r/Cursor/")
    assert len(first["excerpt"]) <= 200
    assert first["excerpt"].startswith("It is great. It is")
    without_text = posts[-1]
    assert without_text["excerpt"] == "of cursor"


async def test_a_post_is_shown_by_what_it_says_of_the_tool_asked_for(api: Client) -> None:
    of_zed = (await get(api, "/hot-topics/zed/posts?time_range=24h"))["posts"]
    assert [(post["post_id"], post["sentiment"]) for post in of_zed] == [("t3_b0", "negative")]
    of_cursor = (await get(api, "/hot-topics/cursor-editor/posts?time_range=24h"))["posts"]
    assert [(post["post_id"], post["sentiment"]) for post in of_cursor] == [
        ("t3_a0", "positive"),
        ("t3_b0", "positive"),
    ]


async def test_a_post_whose_mention_moves_meanwhile_is_left_out(
    api: Client, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = await context.store.items.posts(["t3_a0", "t3_b0"])

    async def as_it_was(*_: object, **__: object) -> tuple[int, list[StoredPost]]:
        return 2, posts

    monkeypatch.setattr(type(context.store.items), "engaging_posts", as_it_was)
    page = await get(api, "/hot-topics/zed/posts")
    assert [post["post_id"] for post in page["posts"]] == ["t3_b0"]


async def test_many_posts_are_put_in_the_same_order_as_few(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [f"/hot-topics/cursor/posts?time_range=7d&offset={start}&limit=5" for start in (0, 5, 12)]
    few = [await get(api, path) for path in paths]
    monkeypatch.setattr("sentiment_service.store.item_queries.PAGE", 3)
    # Asked with other words, so that the answers are not those from memory.
    assert [await get(api, f"/hot-topics/cursor-editor{path[18:]}") for path in paths] == few


async def test_beyond_the_last_post_there_are_none(api: Client) -> None:
    page = await get(api, "/hot-topics/cursor/posts?time_range=7d&offset=1000")
    assert (page["posts"], page["has_more"], page["total"]) == ([], False, 14)
    nothing = await get(api, "/hot-topics/aider/posts")
    assert (nothing["posts"], nothing["total"]) == ([], 0)


async def test_only_posts_of_the_time_asked_for_are_given(api: Client) -> None:
    since = window_of(NOW, 168).start
    for post in (await get(api, "/hot-topics/zed/posts?time_range=7d&limit=100"))["posts"]:
        assert datetime.fromisoformat(post["created_utc"]) >= since
    assert NOW - since < timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("", ""),
        ("  one\n\ntwo  ", "one two"),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 199 + "…"),
        ("word " * 60, ("word " * 39).strip() + "…"),
    ],
)
def test_an_excerpt_is_one_line_cut_between_words(text: str, excerpt: str) -> None:
    assert excerpt_of(text) == excerpt
    assert len(excerpt) <= 200
