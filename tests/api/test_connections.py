"""The door: how many connections, how long, how large, and what is said of them."""

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from sentiment_service.api import connections
from sentiment_service.api.context import Context
from sentiment_service.settings import ServerSettings
from tests.api.guarded import exchange, guarded
from tests.waiting import eventually

SECRET = "planted-secret-of-a-client"


def limited(context: Context, **limits: Any) -> Context:
    """The context with other limits."""
    settings = context.settings.model_copy(update={"server": ServerSettings(**limits)})
    return replace(context, settings=settings)


def problem(answer: bytes) -> dict[str, Any]:
    """The body of an answer that is a problem, after a look at its head."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"X-Content-Type-Options: nosniff" in head
    assert b"Server: sentiment_service\r\n" in head + b"\r\n"
    parsed: dict[str, Any] = json.loads(body)
    assert parsed["request_id"].encode() in head
    return parsed


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"GET /livez?x={SECRET}{'x' * 9000} HTTP/1.1\r\nHost: a\r\n\r\n", 431),
        (f"GET /livez HTTP/1.1\r\nHost: a\r\nX-Admin-Token: {SECRET}{'x' * 9000}\r\n\r\n", 431),
        (f"GET /livez HTTP/1.1\r\nHost: a\r\nX-Admin-Token: {SECRET}\x00\r\n\r\n", 400),
        (f"GET /livez HTTP/1.1\r\nHost: a\r\n{SECRET}\r\n\r\n", 400),
        ("GET /livez HTTP/1.1\r\n" + f"X-Many: {SECRET}\r\n" * 200 + "\r\n", 400),
        (f"{SECRET} {SECRET}\r\n\r\n", 400),
        (f"POST /x HTTP/1.1\r\nContent-Length: {SECRET}\r\n\r\n", 400),
    ],
)
async def test_what_is_no_request_is_refused_and_not_repeated(
    away: Context, caplog: pytest.LogCaptureFixture, sent: str, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    async with guarded(away) as address:
        answer = await exchange(address, sent.encode())
    assert problem(answer)["status"] == status
    assert SECRET.encode() not in answer
    assert SECRET not in caplog.text


async def test_beyond_so_many_connections_a_client_is_told_and_closed(away: Context) -> None:
    async with guarded(limited(away, max_connections=3)) as address, AsyncExitStack() as stack:
        for _ in range(3):
            _, writer = await asyncio.open_connection(*address)
            stack.callback(writer.close)
        request = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        refused = await exchange(address, b"")
        assert problem(await exchange(address, request))["status"] == 503
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 2\r\n" in refused
        assert problem(refused)["detail"] == "Too many clients are connected."
        writer.close()

        async def let_in() -> bool:
            return (await exchange(address, request)).startswith(b"HTTP/1.1 200 ")

        await eventually(let_in)


async def test_who_is_turned_away_and_stays_is_cut_off_at_some_point(
    away: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LINGERING_S", 0.05)
    monkeypatch.setattr(connections, "MAX_LINGERING", 1)
    async with guarded(limited(away, max_connections=1)) as address, AsyncExitStack() as stack:
        readers = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection(*address)
            stack.callback(writer.close)
            readers.append(reader)
        async with asyncio.timeout(60):
            assert (await readers[1].readline()).startswith(b"HTTP/1.1 503 ")
            assert await readers[2].read() == b""
        request = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"

        async def answered_again() -> bool:
            return (await exchange(address, request)).startswith(b"HTTP/1.1 503 ")

        await eventually(answered_again)


@pytest.mark.parametrize("sent", [b"", b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: "])
async def test_a_client_that_does_not_finish_its_request_is_left(away: Context, sent: bytes) -> None:
    async with guarded(limited(away, keep_alive_seconds=0.2)) as address:
        assert await exchange(address, sent) == b""


async def test_a_connection_without_requests_is_closed(away: Context) -> None:
    async with guarded(limited(away, keep_alive_seconds=0.2)) as address:
        answer = await exchange(address, b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_requests_at_the_limit_of_an_address_are_read(away: Context) -> None:
    async with guarded(limited(away, max_header_bytes=20_000)) as address:
        line = f"GET /api/v1/health?x={'x' * 15_000} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        answer = await exchange(address, line.encode())
    assert answer.startswith(b"HTTP/1.1 422 ")
