"""Exports: whole or visibly not, bounded, and safe to open."""

import asyncio
import csv
import gzip
import io
import json
import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientError, web
from yarl import URL

from sentiment_service.api import downloads
from sentiment_service.api.context import Context
from sentiment_service.api.downloads import DESK, download
from sentiment_service.errors import DatabaseUnavailableError
from sentiment_service.models import Label, StoredPost
from sentiment_service.settings import Settings
from sentiment_service.store.scanning import PAGE
from sentiment_service.store.stores import Store
from tests.api.conftest import Client, MakeClient
from tests.api.content import comment, covering, post, put
from tests.waiting import until

HOUR = timedelta(hours=1)
EXPORT = URL("/api/v1/export")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Without a limit on exports a minute."""
    return settings.model_copy(
        update={"server": settings.server.model_copy(update={"exports_per_minute": 0})}
    )


async def exported(client: Client, **query: str) -> list[dict[str, Any]]:
    """The rows of an export."""
    async with client.get(EXPORT.with_query(query)) as response:
        text = await response.text()
        assert response.status == 200, text
    if query.get("format") == "ndjson":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def desk(client: Client) -> downloads.Desk:
    assert isinstance(client.app, web.Application)
    return client.app[DESK]


@pytest_asyncio.fixture
async def filled(api: Client, context: Context, now: datetime) -> Client:
    """An API with posts and comments of two subreddits, moods and ages."""
    items = [
        post("a", now - HOUR, text="=1+1"),
        post("b", now - 2 * HOUR, subreddit="ClaudeAI", label=Label.NEGATIVE),
        post("c", now - 30 * HOUR, label=None, author=None),
        comment("x", "a", now - HOUR),
        comment("y", "b", now - 2 * HOUR, subreddit="ClaudeAI", label=Label.POSITIVE),
    ]
    await put(context.store, items, at=now)
    await context.store.watermarks.save(covering("Cursor", now - 200 * HOUR, now), fence=1)
    return api


async def test_lines_of_json_are_what_the_reads_answer(filled: Client) -> None:
    async with filled.get("/api/v1/posts/recent?hours=48") as response:
        recent = await response.json()
    assert await exported(filled, kind="posts", format="ndjson", hours="48") == recent
    async with filled.get("/api/v1/posts/a/comments") as response:
        comments = (await response.json())["comments"]
    assert await exported(filled, kind="comments", format="ndjson", subreddit="cursor") == comments
    async with filled.get("/api/v1/sentiment/trends?subreddit=Cursor&hours=48") as response:
        trend = (await response.json())["trend_data"]
    query = {"kind": "trends", "format": "ndjson", "subreddit": "Cursor", "hours": "48"}
    assert await exported(filled, **query) == trend


async def test_csv_has_a_column_for_each_field(filled: Client) -> None:
    first, *_ = await exported(filled, kind="posts")
    assert first["id"] == "t3_a"
    assert first["content"] == "'=1+1"
    assert (first["upvotes"], first["sentiment_label"], first["sentiment_polarity"]) == (
        "7",
        "positive",
        "0.5",
    )
    last = (await exported(filled, kind="posts", hours="48"))[-1]
    assert (last["id"], last["author"], last["sentiment_label"]) == ("t3_c", "", "")
    trend = await exported(filled, kind="trends", granularity="daily", hours="48")
    assert {"bucket_start", "total", "avg_sentiment", "covered"} <= set(trend[0])
    assert {bucket["covered"] for bucket in trend} <= {"true", "false"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"kind": "posts"}, ["t3_a", "t3_b"]),
        ({"kind": "posts", "hours": "48"}, ["t3_a", "t3_b", "t3_c"]),
        ({"kind": "posts", "subreddit": "claudeai"}, ["t3_b"]),
        ({"kind": "posts", "sentiment": "positive"}, ["t3_a"]),
        ({"kind": "comments"}, ["t1_x", "t1_y"]),
        ({"kind": "comments", "sentiment": "positive"}, ["t1_y"]),
        ({"kind": "comments", "subreddit": "Cursor", "hours": "1"}, ["t1_x"]),
    ],
)
@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_filters_are_those_of_the_reads(
    filled: Client, query: dict[str, str], ids: list[str], form: str
) -> None:
    assert [row["id"] for row in await exported(filled, format=form, **query)] == ids


async def test_an_export_of_nothing_is_a_line_of_names(api: Client) -> None:
    async with api.get("/api/v1/export?kind=comments") as response:
        assert (await response.text()).startswith("id,post_id,")
    async with api.get("/api/v1/export?kind=comments&format=ndjson") as response:
        assert await response.text() == ""


async def test_the_head_says_what_it_is_and_that_it_is_not_to_be_kept(filled: Client) -> None:
    async with filled.get("/api/v1/export?kind=posts&subreddit=CURSOR") as response:
        await response.read()
        headers = response.headers
    assert headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="posts-Cursor-\d{8}T\d{6}Z\.csv"', headers["Content-Disposition"]
    )
    assert headers["Content-Security-Policy"]
    async with filled.head("/api/v1/export?kind=posts&format=ndjson") as response:
        assert response.status == 200
        assert response.content_type == "application/x-ndjson"
        assert await response.read() == b""


async def test_an_export_is_compressed_for_those_who_want_it(filled: Client) -> None:
    address = "/api/v1/export?kind=posts&format=ndjson"
    async with filled.get(address, headers={"Accept-Encoding": "identity"}) as response:
        plain = await response.read()
        assert "Content-Encoding" not in response.headers
    async with filled.get(address, headers={"Accept-Encoding": "gzip"}, auto_decompress=False) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await response.read()) == plain


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "kind"),
        ("kind=users", "kind"),
        ("kind=posts&format=xlsx", "format"),
        ("kind=posts&hours=0", "hours"),
        ("kind=posts&hours=2161", "hours"),
        ("kind=posts&hours=abc", "hours"),
        ("kind=posts&granularity=daily", "granularity"),
        ("kind=trends&sentiment=positive", "sentiment"),
        ("kind=trends&granularity=monthly", "granularity"),
        ("kind=posts&subreddit=nowhere", "subreddit"),
        ("kind=posts&tool_id=nothing", "tool_id"),
        ("kind=posts&limit=5", "limit"),
    ],
)
async def test_bad_input_is_named(api: Client, query: str, field: str) -> None:
    async with api.get(f"/api/v1/export?{query}") as response:
        assert response.status == 422
        answer = await response.json()
    assert [error["field"] for error in answer["errors"]] == [field]


async def test_without_a_database_an_export_does_not_begin(offline: Client) -> None:
    async with offline.get("/api/v1/export?kind=posts") as response:
        assert response.status == 503
        assert "Content-Disposition" not in response.headers
    assert desk(offline).under_way == 0


async def test_many_pages_arrive_whole(api: Client, context: Context, now: datetime) -> None:
    total = PAGE + 20
    await put(context.store, [post(f"p{n}", now - timedelta(seconds=n)) for n in range(total)], at=now)
    rows = await exported(api, kind="posts")
    assert [row["id"] for row in rows] == [f"t3_p{n}" for n in range(total)]


class FailingExports:
    """Gives one page, then the database is away."""

    def __init__(self, page: list[StoredPost]) -> None:
        self._page = page

    async def posts(self, **filters: object) -> AsyncGenerator[list[StoredPost], None]:
        yield self._page
        raise DatabaseUnavailableError("it is away")


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_what_fails_in_the_middle_does_not_look_whole(
    context: Context, make_client: MakeClient, now: datetime, form: str, coding: str
) -> None:
    await put(context.store, [post("a", now)], at=now)
    stored = await context.store.items.post("t3_a")
    assert stored is not None
    failing = replace(context.store, exports=FailingExports([stored]))  # type: ignore[arg-type]
    client = await make_client(replace(context, store=failing))
    address = EXPORT.with_query(kind="posts", format=form)
    with pytest.raises(ClientError):
        async with client.get(address, headers={"Accept-Encoding": coding}) as response:
            await response.read()
    await until(lambda: desk(client).under_way == 0)


class Site:
    """Serves an endless download and counts the pages that are asked for."""

    def __init__(self) -> None:
        self.pages = 0
        self.ended = asyncio.Event()

    async def endless(self) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                self.pages += 1
                yield b"x" * 1_000_000
        finally:
            self.ended.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        pages = self.endless()
        try:
            return await download(request, pages, content_type="text/plain", filename="x.txt")
        finally:
            await pages.aclose()


@pytest_asyncio.fixture
async def endless_site() -> AsyncGenerator[tuple[Site, int], None]:
    """An endless download on a port."""
    made = Site()
    app = web.Application()
    app.router.add_get("/", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    yield made, runner.addresses[0][1]
    await runner.cleanup()


async def ask(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    return reader, writer


async def test_a_client_that_leaves_ends_the_reading(endless_site: tuple[Site, int]) -> None:
    site, port = endless_site
    reader, writer = await ask(port)
    assert await reader.readexactly(100)
    writer.transport.abort()
    await asyncio.wait_for(site.ended.wait(), 90)
    assert site.pages < 50


async def test_a_client_that_takes_nothing_is_dropped_and_nothing_is_read_for_it(
    endless_site: tuple[Site, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PAGE_LIMIT_S", 0.5)
    site, port = endless_site
    reader, writer = await ask(port)
    await asyncio.wait_for(site.ended.wait(), 90)
    # What the sockets between them hold, and one page more.
    assert site.pages < 50
    received = await asyncio.wait_for(reader.read(), 90)
    assert not received.endswith(b"\r\n0\r\n\r\n"), "it does not look whole"
    writer.close()
    await writer.wait_closed()


async def test_exports_at_once_are_bounded(context: Context, make_client: MakeClient) -> None:
    server = context.settings.server.model_copy(update={"max_exports": 2})
    narrow = replace(context, settings=context.settings.model_copy(update={"server": server}))
    client = await make_client(narrow)
    desk(client)._under_way["203.0.113.9"] = 1
    assert await exported(client, kind="posts") == []
    desk(client)._under_way["203.0.113.9"] = 2
    async with client.get("/api/v1/export?kind=posts") as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0
    assert desk(client).under_way == 2


async def test_one_address_has_half_of_the_places(api: Client) -> None:
    desk(api)._under_way["127.0.0.1"] = 2
    async with api.get("/api/v1/export?kind=posts") as response:
        assert response.status == 429
    desk(api)._under_way["127.0.0.1"] = 1
    assert await exported(api, kind="posts") == []


async def test_exports_a_minute_are_limited(
    store: Store, make_context: Callable[[Store], Context], make_client: MakeClient
) -> None:
    context = make_context(store)
    server = context.settings.server.model_copy(update={"exports_per_minute": 2})
    client = await make_client(
        replace(context, settings=context.settings.model_copy(update={"server": server}))
    )
    statuses = []
    for _ in range(3):
        async with client.get("/api/v1/export?kind=posts") as response:
            statuses.append(response.status)
    assert statuses == [200, 200, 429]
