"""What every answer tells browsers."""

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest

from sentiment_service.api.context import Context
from sentiment_service.api.protection import PAGE_POLICY, POLICY
from sentiment_service.settings import ServerSettings
from tests.api.conftest import TOKEN, Client, MakeClient
from tests.api.content import post, put

OURS = "https://board.example.org"
STATS = "/api/v1/sentiment/stats"
ALWAYS = {
    "Server": "sentiment_service",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/health", 200),
        ("HEAD", "/api/v1/health", 200),
        ("GET", "/livez", 200),
        ("GET", "/metrics", 200),
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/api/v1/docs", 200),
        ("GET", "/api/v1/docs.css", 200),
        ("HEAD", "/api/v1/events", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/api/v1/health", 405),
        ("OPTIONS", "/api/v1/health", 204),
        ("GET", f"{STATS}?hours=0", 422),
        ("GET", STATS, 503),
        ("POST", "/api/v1/sentiment/score", 400),
        ("POST", "/api/v1/admin/collect", 401),
    ],
)
async def test_every_answer_is_protected(offline: Client, method: str, path: str, status: int) -> None:
    async with offline.request(method, path) as response:
        assert response.status == status
        assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
        assert len(response.headers.getall("Server")) == 1
        page = response.content_type == "text/html"
        assert response.headers["Content-Security-Policy"] == (PAGE_POLICY if page else POLICY)
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_answers_from_memory_and_unchanged_ones_are_protected_too(
    api: Client, context: Context, now: datetime
) -> None:
    await put(context.store, [post("p1", now)], at=now)
    for _ in range(3):
        async with api.get(STATS) as response:
            tag = response.headers["ETag"]
            assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
            assert response.headers.getall("Content-Security-Policy") == [POLICY]
    async with api.get(STATS, headers={"If-None-Match": tag}) as response:
        assert response.status == 304
        assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS


class Inline(HTMLParser):
    """Finds what a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]


async def test_the_page_has_nothing_inline(offline: Client) -> None:
    async with offline.get("/api/v1/docs") as response:
        page = await response.text()
    inline = Inline()
    inline.feed(page)
    assert inline.found == []
    assert "unsafe" not in PAGE_POLICY


@pytest.fixture
def opened(away: Context) -> Context:
    """A context that lets pages of one origin in."""
    server = ServerSettings(cors_origins=(OURS,))
    return replace(away, settings=away.settings.model_copy(update={"server": server}))


async def test_pages_of_a_listed_origin_may_read(opened: Context, make_client: MakeClient) -> None:
    client = await make_client(opened)
    for path in ("/api/v1/health", "/nowhere", STATS):
        async with client.get(path, headers={"Origin": OURS}) as response:
            assert response.headers["Access-Control-Allow-Origin"] == OURS
            assert "ETag" in response.headers["Access-Control-Expose-Headers"]
            assert "Access-Control-Allow-Credentials" not in response.headers
            assert response.headers["Vary"] == "Accept-Encoding, Origin"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{OURS}.evil.example", OURS.upper()])
async def test_pages_of_other_origins_may_not(opened: Context, make_client: MakeClient, origin: str) -> None:
    client = await make_client(opened)
    for method in ("GET", "OPTIONS"):
        async with client.request(method, "/api/v1/health", headers={"Origin": origin}) as response:
            assert not [name for name in response.headers if name.startswith("Access-Control")]
            assert "Origin" in response.headers["Vary"]


async def test_a_browser_is_told_beforehand_what_it_may_send(
    opened: Context, make_client: MakeClient
) -> None:
    client = await make_client(opened)
    asked = {
        "Origin": OURS,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-admin-token, content-type",
    }
    async with client.options("/api/v1/admin/collect", headers=asked) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == OURS
        assert "POST" in response.headers["Access-Control-Allow-Methods"]
        allowed = response.headers["Access-Control-Allow-Headers"]
        assert "X-Admin-Token" in allowed
        assert "Content-Type" in allowed
        assert "*" not in str(response.headers)


async def test_an_answer_from_memory_is_opened_to_a_listed_origin_alone(
    context: Context, make_client: MakeClient, now: datetime
) -> None:
    await put(context.store, [post("p1", now)], at=now)
    server = ServerSettings(cors_origins=(OURS,))
    client = await make_client(
        replace(context, settings=context.settings.model_copy(update={"server": server}))
    )
    for origin, given in ((OURS, OURS), (None, None), (OURS, OURS), ("https://evil.example", None)):
        headers = {} if origin is None else {"Origin": origin}
        async with client.get(STATS, headers=headers) as response:
            assert response.status == 200
            assert response.headers.get("Access-Control-Allow-Origin") == given
            assert response.headers["Vary"] == "Accept-Encoding, Origin"


async def test_the_token_is_no_reason_to_open_anything(opened: Context, make_client: MakeClient) -> None:
    client = await make_client(opened)
    headers = {"Origin": "https://evil.example", "X-Admin-Token": TOKEN}
    async with client.post("/api/v1/admin/collect", headers=headers) as response:
        assert response.status == 202
        assert "Access-Control-Allow-Origin" not in response.headers
