"""One attempt on the wire, and the judgement on what came back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from sentiment_service.errors import SourceError, SourceErrorKind
from sentiment_service.sources.answer import Answer, decode, headers_for_client, retry_after_s

MAX_BODY_BYTES = 32 * 1024 * 1024
"""A larger answer is refused; the largest honest one, 100 posts of 40,000 characters, is a third of it."""

_PASSED_ON = frozenset({401, 403, 404, 451})
_PASSED_ON_FOR_TOKEN = frozenset({400, 401, 403, 404})


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that is worth repeating.

    :param reason: one sentence, without secrets.
    :param retry_after_s: seconds Reddit asked to wait.
    :param cut_short: whether it was given less time than an attempt has, because the deadline was near.
    """

    kind: SourceErrorKind
    reason: str
    retry_after_s: float | None = None
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, not judged yet."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def fetch(
    session: aiohttp.ClientSession, method: str, url: str, *, timeout_s: float, options: Mapping[str, Any]
) -> Reply | Failure:
    """Send one request and read its whole body.

    :raises SourceError: when the body is larger than ``MAX_BODY_BYTES``.
    """
    try:
        async with (
            asyncio.timeout(timeout_s),
            session.request(method, url, timeout=aiohttp.ClientTimeout(total=None), **options) as response,
        ):
            return Reply(response.status, response.headers, await _body_of(response))
    except TimeoutError:
        return Failure("timeout", f"Reddit did not answer within {timeout_s:.3g} s")
    except (aiohttp.ClientError, OSError) as error:
        return Failure("unavailable", f"the connection to Reddit failed: {type(error).__name__}")


async def _body_of(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            response.close()
            raise SourceError("bad_answer", f"Reddit sent more than {MAX_BODY_BYTES // 2**20} MB at once")
    return bytes(body)


def judge(reply: Reply, *, for_token: bool, now: datetime) -> Answer | Failure:
    """What an answer is worth.

    Successes must be JSON, since a proxy's page or a body cut short can come with status 200. Everything
    asyncprawcore or asyncpraw would repeat, misread or trip over is kept from them.

    :raises SourceError: when repeating the request cannot help and asyncprawcore has no use for the answer.
    """
    status = reply.status
    if status == 429:
        return Failure(
            "rate_limited", "Reddit says too many requests (429)", retry_after_s(reply.headers, now)
        )
    if status == 408 or status >= 500:
        return Failure("unavailable", f"Reddit answered {status}", retry_after_s(reply.headers, now))
    payload = None
    if 200 <= status < 300:
        try:
            payload = decode(reply.body)
        except ValueError:
            return Failure("bad_answer", f"Reddit answered {status} with something that is not JSON")
        if payload is None or (for_token and not _is_token(payload)):
            return Failure("bad_answer", f"Reddit answered {status} without what was asked for")
    elif not 300 <= status < 400 and status not in (_PASSED_ON_FOR_TOKEN if for_token else _PASSED_ON):
        raise SourceError("bad_answer", f"Reddit answered {status}")
    return Answer(status, headers_for_client(status, reply.headers), reply.body, payload, for_token)


def _is_token(payload: object) -> bool:
    """Whether a token answer holds what asyncprawcore takes from it unchecked."""
    if not isinstance(payload, dict):
        return False
    if isinstance(payload.get("error"), str):
        return True
    lifetime = payload.get("expires_in")
    return (
        isinstance(payload.get("access_token"), str)
        and isinstance(payload.get("scope"), str)
        and isinstance(lifetime, int)
        and not isinstance(lifetime, bool)
    )
