"""Searching posts over HTTP."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from yarl import URL

from sentiment_service.api.context import Context
from sentiment_service.api.search import MAX_UNDER_WAY
from sentiment_service.models import Label
from tests.api.conftest import Client
from tests.api.content import post, put

HOUR = timedelta(hours=1)
SEARCH = URL("/api/v1/posts/search")


async def search(client: Client, address: URL) -> tuple[list[dict[str, Any]], URL | None]:
    """One page, and the address of the next."""
    async with client.get(address) as response:
        answer: list[dict[str, Any]] = await response.json()
        assert response.status == 200, answer
        link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("Link", ""))
    return answer, URL(link[1], encoded=True) if link else None


async def ids(client: Client, **query: str) -> list[str]:
    found, following = await search(client, SEARCH.with_query(query))
    assert following is None
    return [each["id"] for each in found]


async def test_posts_with_all_words_come_as_recent_posts_do(
    api: Client, context: Context, now: datetime
) -> None:
    await put(
        context.store,
        [post("old", now - 80 * 24 * HOUR, text="Rate LIMITS, again"), post("new", now - HOUR)],
        at=now,
    )
    found, following = await search(api, SEARCH.with_query(q="limits rate"))
    assert following is None
    async with api.get("/api/v1/posts/recent?hours=2160") as response:
        recent = await response.json()
    assert found == [each for each in recent if each["id"] == "t3_old"]


async def test_words_of_the_title_count_and_order_and_case_do_not(
    api: Client, context: Context, now: datetime
) -> None:
    await put(context.store, [post("x1", now - HOUR, text="Straße"), post("x2", now - HOUR)], at=now)
    assert await ids(api, q="STRASSE, about!") == ["t3_x1"]
    assert await ids(api, q="about x2") == ["t3_x2"]
    assert await ids(api, q="abou") == []


async def test_filters_are_those_of_recent_posts(api: Client, context: Context, now: datetime) -> None:
    await put(
        context.store,
        [
            post("a", now - HOUR, label=Label.NEGATIVE),
            post("b", now - HOUR, subreddit="ClaudeAI"),
            post("c", now - 30 * HOUR),
        ],
        at=now,
    )
    assert await ids(api, q="like") == ["t3_b", "t3_a", "t3_c"]
    assert await ids(api, q="like", subreddit="claudeai") == ["t3_b"]
    assert await ids(api, q="like", sentiment="negative") == ["t3_a"]
    assert await ids(api, q="like", hours="2") == ["t3_b", "t3_a"]


async def test_pages_hold_each_post_once(api: Client, context: Context, now: datetime) -> None:
    await put(context.store, [post(f"p{n}", now - n * HOUR) for n in range(7)], at=now)
    address: URL | None = SEARCH.with_query(q="like", limit=3)
    seen: list[str] = []
    while address is not None:
        found, address = await search(api, address)
        seen += [each["id"] for each in found]
    assert seen == [f"t3_p{n}" for n in range(7)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=+++", "q"),
        ("q=%3F%21+%F0%9F%94%A5", "q"),
        (f"q={'x' * 201}", "q"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=501", "limit"),
        ("q=a&hours=0", "hours"),
        ("q=a&hours=2161", "hours"),
        ("q=a&subreddit=nowhere", "subreddit"),
        ("q=a&tool_id=nothing", "tool_id"),
        ("q=a&sentiment=angry", "sentiment"),
        ("q=a&cursor=abc", "cursor"),
        ("q=a&regex=.*", "regex"),
        ("q=a&q=b", "q"),
    ],
)
async def test_bad_input_is_named(api: Client, query: str, field: str) -> None:
    async with api.get(f"/api/v1/posts/search?{query}") as response:
        assert response.status == 422
        answer = await response.json()
    assert [error["field"] for error in answer["errors"]] == [field]
    assert field in answer["detail"]


@pytest.mark.parametrize("change", ["q=other", "hours=23", "sentiment=positive"])
async def test_a_cursor_of_another_search_is_refused(
    api: Client, context: Context, now: datetime, change: str
) -> None:
    await put(context.store, [post("a", now), post("b", now)], at=now)
    _, following = await search(api, SEARCH.with_query(q="like", limit=1))
    assert following is not None
    async with api.get(following.update_query(change)) as response:
        assert response.status == 422
        assert (await response.json())["errors"][0]["field"] == "cursor"


async def test_a_pattern_is_no_pattern(api: Client, context: Context, now: datetime) -> None:
    await put(context.store, [post("a", now - HOUR, text="qqqq")], at=now)
    assert await ids(api, q="(q+)+$ .*") == []
    assert await ids(api, q="[qqqq]") == ["t3_a"]


async def test_too_many_searches_at_once_are_turned_away(api: Client, context: Context) -> None:
    context.store.search.under_way = MAX_UNDER_WAY
    async with api.get("/api/v1/posts/search?q=a") as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0


async def test_without_a_database_a_search_says_so(offline: Client) -> None:
    async with offline.get("/api/v1/posts/search?q=a") as response:
        assert response.status == 503
        assert int(response.headers["Retry-After"]) > 0
