"""Posts and comments, from a real database."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from yarl import URL

from sentiment_service.api.context import Context
from sentiment_service.api.cursors import encode_cursor
from sentiment_service.models import Label
from tests.api.conftest import Client
from tests.api.content import comment, post, put

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def page(client: Client, address: str | URL) -> tuple[list[dict[str, Any]], str | None]:
    """One page of recent posts, and the address of the next."""
    async with client.get(address) as response:
        answer: list[dict[str, Any]] = await response.json()
        assert response.status == 200, answer
        link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("Link", ""))
    return answer, URL(link[1], encoded=True) if link else None  # type: ignore[return-value]


async def test_a_post_has_every_field(api: Client, context: Context, now: datetime) -> None:
    await put(context.store, [post("abc", now - HOUR, text='*very* <b>good</b> & "so"\n')], at=now)
    ((only,), following) = await page(api, "/api/v1/posts/recent")
    assert following is None
    sentiment = only.pop("sentiment")
    assert datetime.fromisoformat(only.pop("created_utc")) == now - HOUR
    assert datetime.fromisoformat(only.pop("collected_at")) == now
    assert only == {
        "language": None,
        "mentions": [],
        "id": "t3_abc",
        "subreddit": "Cursor",
        "author": "somebody",
        "title": "About abc",
        "content": '*very* <b>good</b> & "so"\n',
        "url": "https://example.org/abc",
        "permalink": "https://www.reddit.com/r/Cursor/comments/abc/",
        "upvotes": 7,
        "score": 5,
        "comment_count": 3,
        "tools": [],
    }
    assert datetime.fromisoformat(sentiment.pop("analyzed_at")) == now - HOUR
    assert sentiment == {
        "label": "positive",
        "polarity": 0.5,
        "subjectivity": 0.6,
        "confidence": 0.7,
        "scorer": "textblob@0",
    }


async def test_deleted_authors_and_texts_without_a_score_are_null(
    api: Client, context: Context, now: datetime
) -> None:
    await put(context.store, [post("abc", now, label=None, author=None, text="[removed]")], at=now)
    async with api.get("/api/v1/posts/abc") as response:
        answer = await response.json()
    assert (answer["author"], answer["sentiment"], answer["content"]) == (None, None, "[removed]")


async def test_half_a_character_does_not_break_an_answer(
    api: Client, context: Context, now: datetime
) -> None:
    await put(context.store, [post("abc", now, text="half \ud83d!")], at=now)
    async with api.get("/api/v1/posts/t3_abc") as response:
        assert (await response.json())["content"] == "half \ufffd!"


@pytest.mark.parametrize("name", ["t3_abc", "abc"])
@pytest.mark.parametrize("query", ["", "?subreddit=Cursor", "?subreddit=whatever"])
async def test_a_post_is_found_with_or_without_its_kind(
    api: Client, context: Context, now: datetime, name: str, query: str
) -> None:
    await put(context.store, [post("abc", now)], at=now)
    async with api.get(f"/api/v1/posts/{name}{query}") as response:
        assert (await response.json())["id"] == "t3_abc"


@pytest.mark.parametrize("path", ["/posts/t3_zzz", "/posts/zzz", "/posts/zzz/comments", "/posts/t3_t3_abc"])
async def test_an_unknown_post_is_404(api: Client, context: Context, now: datetime, path: str) -> None:
    await put(context.store, [post("abc", now)], at=now)
    async with api.get(f"/api/v1{path}") as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"


async def test_recent_posts_are_filtered_and_newest_first(
    api: Client, context: Context, now: datetime
) -> None:
    await put(
        context.store,
        [
            post("a", now - HOUR),
            post("b", now - 2 * HOUR, label=Label.NEGATIVE),
            post("c", now - 3 * HOUR, subreddit="ClaudeAI"),
            post("d", now - 30 * HOUR),
        ],
        at=now,
    )
    expected = {
        "": ["t3_a", "t3_b", "t3_c"],
        "?hours=48": ["t3_a", "t3_b", "t3_c", "t3_d"],
        "?subreddit=cursor&hours=48": ["t3_a", "t3_b", "t3_d"],
        "?sentiment=negative": ["t3_b"],
        "?sentiment=neutral": [],
        "?hours=1&subreddit=claudeai": [],
    }
    for query, names in expected.items():
        found, _ = await page(api, f"/api/v1/posts/recent{query}")
        assert [each["id"] for each in found] == names, query


async def test_pages_hold_each_post_once_while_posts_arrive(
    api: Client, context: Context, now: datetime
) -> None:
    # Several posts share a second, and the last ones are at the edge of the window.
    old = [post(f"p{n:02}", now - (n // 3) * MINUTE) for n in range(20)] + [post("edge", now - 24 * HOUR)]
    await put(context.store, old, at=now)
    address: str | URL | None = "/api/v1/posts/recent?limit=4&subreddit=CURSOR"
    seen: list[str] = []
    while address is not None:
        found, address = await page(api, address)
        assert len(found) <= 4
        seen += [each["id"] for each in found]
        await put(context.store, [post(f"new{len(seen)}", now)], at=now)
    assert len(seen) == len(set(seen)) == 21
    assert set(seen) == {one.item.fullname for one in old}


async def test_a_later_page_keeps_the_window_of_the_first(
    api: Client, context: Context, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(context.store, [post("a", now), post("b", now - 23 * HOUR)], at=now)
    _, following = await page(api, "/api/v1/posts/recent?limit=1")
    object.__setattr__(context, "now", lambda: now + 5 * HOUR)
    assert following is not None
    found, _ = await page(api, following)
    assert [each["id"] for each in found] == ["t3_b"]


@pytest.mark.parametrize("change", ["hours=23", "subreddit=ClaudeAI", "sentiment=positive"])
async def test_a_cursor_of_other_filters_is_refused(
    api: Client, context: Context, now: datetime, change: str
) -> None:
    await put(context.store, [post("a", now), post("b", now)], at=now)
    _, following = await page(api, "/api/v1/posts/recent?limit=1")
    assert isinstance(following, URL)
    async with api.get(following.extend_query(change)) as response:
        assert response.status == 422
        assert (await response.json())["errors"][0]["field"] == "cursor"


async def test_the_limit_may_change_from_page_to_page(api: Client, context: Context, now: datetime) -> None:
    await put(context.store, [post(f"p{n}", now - n * MINUTE) for n in range(6)], at=now)
    _, following = await page(api, "/api/v1/posts/recent?limit=1")
    assert isinstance(following, URL)
    found, _ = await page(api, following.update_query(limit=3))
    assert [each["id"] for each in found] == ["t3_p1", "t3_p2", "t3_p3"]


@pytest.mark.parametrize(
    "position",
    ["x", "99999999999999 2026-11-23T16:00:00Z|t3_a", "0 0001-01-01T00:00:00Z|t3_a", "1700000000 x", "-5 y"],
)
async def test_a_made_up_cursor_is_refused(api: Client, position: str) -> None:
    filters = {"subreddit": None, "sentiment": None, "hours": 24}
    cursor = encode_cursor("recent_posts", filters, position)
    async with api.get("/api/v1/posts/recent", params={"cursor": cursor}) as response:
        assert response.status == 422


async def test_five_hundred_long_posts_come_in_one_answer(
    api: Client, context: Context, now: datetime
) -> None:
    posts = [post(f"p{n}", now - n * MINUTE, text="word " * 600) for n in range(501)]
    await put(context.store, posts, at=now)
    found, following = await page(api, "/api/v1/posts/recent?limit=500")
    assert len(found) == 500
    assert following is not None


async def test_comments_come_oldest_first_in_pages(api: Client, context: Context, now: datetime) -> None:
    begin = now - HOUR
    comments = [comment(f"c{n}", "abc", begin + (n // 2) * MINUTE) for n in range(5)]
    await put(context.store, [post("abc", begin), *comments, comment("x", "other", begin)], at=now)
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        address = URL("/api/v1/posts/abc/comments").with_query(limit=2, cursor=cursor)
        async with api.get(address) as response:
            answer = await response.json()
        assert set(answer) == {"comments", "next_cursor"}
        seen += answer["comments"]
        cursor = answer["next_cursor"]
        await put(context.store, [comment(f"n{len(seen)}", "abc", begin - len(seen) * MINUTE)], at=now)
    assert [each["id"] for each in seen] == [f"t1_c{n}" for n in range(5)]
    first = seen[0]
    assert datetime.fromisoformat(first.pop("created_utc")) == begin
    assert first.pop("sentiment")["label"] == "negative"
    assert first == {
        "language": None,
        "mentions": [],
        "id": "t1_c0",
        "post_id": "t3_abc",
        "parent_id": "t3_abc",
        "subreddit": "Cursor",
        "permalink": "https://www.reddit.com/r/Cursor/comments/abc/_/c0/",
        "author": "somebody",
        "content": "comment c0",
        "upvotes": 2,
        "tools": [],
    }


async def test_a_cursor_of_another_post_or_call_is_refused(
    api: Client, context: Context, now: datetime
) -> None:
    items = [post("a", now), post("b", now), comment("c", "a", now), comment("d", "a", now)]
    await put(context.store, items, at=now)
    async with api.get("/api/v1/posts/a/comments?limit=1") as response:
        cursor = (await response.json())["next_cursor"]
    for path in ("/api/v1/posts/b/comments", "/api/v1/posts/recent", "/api/v1/cycles"):
        async with api.get(path, params={"cursor": cursor}) as response:
            assert response.status == 422, path


async def test_a_post_without_comments_has_none(api: Client, context: Context, now: datetime) -> None:
    await put(context.store, [post("abc", now)], at=now)
    async with api.get("/api/v1/posts/abc/comments") as response:
        assert await response.json() == {"comments": [], "next_cursor": None}
