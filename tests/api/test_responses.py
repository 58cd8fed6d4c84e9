"""ETags, conditional reads, compression and HEAD, over the wire."""

import gzip
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from sentiment_service.api.context import Context
from sentiment_service.api.responses import (
    COMPRESS_IN_THREAD_OVER_BYTES,
    COMPRESS_OVER_BYTES,
    Encoding,
    accepts_gzip,
    compress,
    encode_json,
    respond,
)
from sentiment_service.api.schema import Answer, Reply
from sentiment_service.models import Label
from tests.api.conftest import Client, Collections, Health, MakeClient, snapshot

DOCUMENT = "/api/v1/openapi.json"
PLAIN = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("GZip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("*, gzip;q=0", False),
        ("*;q=0", False),
        ("x-gzip-not", False),
        ("gzip;q=much", False),
        ("gzip;level=1", True),
    ],
)
def test_gzip_is_used_only_for_who_accepts_it(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


@pytest.mark.parametrize("size", [10, COMPRESS_IN_THREAD_OVER_BYTES, COMPRESS_IN_THREAD_OVER_BYTES + 1])
async def test_compression_loses_nothing_and_repeats_exactly(size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert gzip.decompress(await compress(body)) == body
    assert await compress(body) == await compress(body)


async def test_a_large_answer_is_compressed_and_says_so(offline: Client) -> None:
    async with offline.get(DOCUMENT, headers=PLAIN) as response:
        plain, tag = await response.read(), response.headers["ETag"]
        assert "Content-Encoding" not in response.headers
        assert response.headers["Vary"] == "Accept-Encoding, Origin"
    async with offline.get(DOCUMENT, headers={"Accept-Encoding": "gzip"}) as response:
        unpacked = await response.read()
        assert response.headers["Content-Encoding"] == "gzip"
        assert int(response.headers["Content-Length"]) < len(plain) / 4
        assert response.headers["Vary"] == "Accept-Encoding, Origin"
        assert response.headers["ETag"] != tag
        assert not response.headers["ETag"].startswith("W/")
    assert unpacked == plain


async def test_a_small_answer_is_not_compressed(offline: Client) -> None:
    async with offline.get("/livez", headers={"Accept-Encoding": "gzip"}) as response:
        assert "Content-Encoding" not in response.headers
        assert await response.read() == b"ok\n"


@pytest.mark.parametrize("accept", ["identity", "gzip"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_what_the_client_has_is_not_sent_again(
    offline: Client, accept: str, form: str, method: str
) -> None:
    headers = {"Accept-Encoding": accept}
    async with offline.get(DOCUMENT, headers=headers) as response:
        tag = response.headers["ETag"]
        assert response.headers["Cache-Control"] == "no-cache"
    headers["If-None-Match"] = form.format(tag)
    async with offline.request(method, DOCUMENT, headers=headers) as response:
        assert response.status == 304
        assert await response.read() == b""
        assert response.headers["ETag"] == tag
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["Vary"] == "Accept-Encoding, Origin"


@pytest.mark.parametrize("sent", ['"other"', "nonsense", '"unfinished', "", ", ,"])
async def test_what_the_client_does_not_have_is_sent(offline: Client, sent: str) -> None:
    async with offline.get(DOCUMENT, headers={"If-None-Match": sent}) as response:
        assert response.status == 200


async def test_the_plain_form_does_not_stand_for_the_compressed_one(offline: Client) -> None:
    async with offline.get(DOCUMENT, headers=PLAIN) as response:
        tag = response.headers["ETag"]
    headers = {"If-None-Match": tag, "Accept-Encoding": "gzip"}
    async with offline.get(DOCUMENT, headers=headers) as response:
        assert response.status == 200


async def test_an_answer_that_changes_gets_another_tag(offline: Client, away: Context) -> None:
    tags = set()
    for names in (("one",), ("two",), ("one",)):
        assert isinstance(away.collector, Collections)
        away.collector.known_subreddits = names
        assert isinstance(away.health, Health)
        away.health.now = snapshot(draining=names == ("two",))
        async with offline.get("/readyz") as response:
            tags.add(response.headers["ETag"])
    assert len(tags) == 2


@pytest.mark.parametrize(
    "path", ["/api/v1/health", "/livez", "/readyz", DOCUMENT, "/api/v1/docs", "/api/v1/docs.css"]
)
@pytest.mark.parametrize("accept", ["identity", "gzip"])
async def test_head_is_get_without_a_body(offline: Client, path: str, accept: str) -> None:
    async with offline.get(path, headers={"Accept-Encoding": accept}) as response:
        expected = {
            name: value for name, value in response.headers.items() if name not in {"Date", "X-Request-ID"}
        }
        status = response.status
    async with offline.head(path, headers={"Accept-Encoding": accept}) as response:
        got = {
            name: value for name, value in response.headers.items() if name not in {"Date", "X-Request-ID"}
        }
        assert (response.status, got, await response.read()) == (status, expected, b"")


async def test_an_unhealthy_answer_is_sent_again(away: Context, make_client: MakeClient) -> None:
    unwell = snapshot(draining=True)
    client = await make_client(replace(away, health=Health(unwell)))
    async with client.get("/readyz") as response:
        tag = response.headers["ETag"]
    async with client.get("/readyz", headers={"If-None-Match": tag}) as response:
        assert response.status == 503


@dataclass(frozen=True, slots=True)
class Thing(Answer):
    text: str
    label: Label
    at: datetime
    more: "tuple[Thing, ...]" = ()


AT = datetime(2026, 11, 25, 15, 0, 0, 120000, tzinfo=UTC)


def test_times_end_with_z_and_labels_are_words() -> None:
    assert encode_json(Thing("ü", Label.POSITIVE, AT)) == (
        '{"text":"ü","label":"positive","at":"2026-11-25T15:00:00.120000Z","more":[]}'.encode()
    )


def test_half_a_character_is_shown_as_a_replacement() -> None:
    whole = Thing("😀 ok", Label.NEUTRAL, AT)
    broken = encode_json([Thing("a\ud83dz", Label.NEUTRAL, AT, (whole,))])
    (seen,) = orjson.loads(broken)
    assert seen["text"] == "a\ufffdz"
    assert seen["more"][0] == orjson.loads(encode_json(whole))


def test_what_has_no_form_in_json_is_an_error() -> None:
    with pytest.raises(TypeError):
        encode_json({"x": object()})


@given(st.text())
def test_both_ways_of_encoding_agree(text: str) -> None:
    thing = Thing(text, Label.NEGATIVE, AT)
    with_both = orjson.loads(encode_json([thing, Thing("\ud800", Label.NEGATIVE, AT)]))
    assert with_both[0] == orjson.loads(encode_json(thing))


async def test_a_next_page_keeps_the_filters_and_changes_the_tag() -> None:
    request = make_mocked_request("GET", "/api/v1/posts/recent?subreddit=A%26B&limit=2&cursor=old")
    encoding = Encoding.of("application/json")
    last = await respond(request, Reply([1]), status=200, encoding=encoding)
    middle = await respond(request, Reply([1], next_cursor="n-e_w"), status=200, encoding=encoding)
    assert "Link" not in last.headers
    assert last.headers["ETag"] != middle.headers["ETag"]
    address, _, relation = middle.headers["Link"].partition(">; ")
    assert relation == 'rel="next"'
    assert dict(URL(address[1:]).query) == {"subreddit": "A&B", "limit": "2", "cursor": "n-e_w"}


async def test_a_body_of_megabytes_is_no_trouble() -> None:
    request: Any = make_mocked_request("GET", "/x", headers={"Accept-Encoding": "gzip"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        response: web.Response = await respond(
            request, Reply(["word " * 1_000_000]), status=200, encoding=Encoding.of("application/json")
        )
    assert isinstance(response.body, bytes)
    assert COMPRESS_OVER_BYTES < len(response.body) < 100_000
