"""An OpenAI-compatible chat-completions endpoint: one request, one answer, or the reason for none."""

from typing import Literal

import aiohttp
from aiohttp import hdrs

from sentiment_service.errors import ScoringError
from sentiment_service.settings import LlmSettings

ANSWER_LIMIT = 1_000_000
"""Bytes of an answer at most; 50 verdicts take about 10 thousand."""

MAX_RETRY_AFTER_S = 3600.0

Failure = Literal["timeout", "unreachable", "rate_limited", "server_error", "refused", "bad_answer"]
"""Why a request brought nothing."""


class EndpointError(ScoringError):
    """The endpoint gave no answer that can be used.

    :param failure: why, as one of a fixed set of names.
    :param detail: one sentence for a log; holds no text, key or address.
    :param retry_after_s: seconds the endpoint asked us to wait, when it did.
    """

    def __init__(self, failure: Failure, detail: str, *, retry_after_s: float | None = None) -> None:
        self.failure: Failure = failure
        self.retry_after_s = retry_after_s
        super().__init__(detail)


class ChatEndpoint:
    """Asks one endpoint; opens its connections at the first request."""

    def __init__(self, settings: LlmSettings) -> None:
        self._url = f"{settings.base_url}/chat/completions"
        self._key = settings.api_key
        self._connections = settings.max_concurrent_requests
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def complete(self, body: dict[str, object]) -> bytes:
        """The body of the answer to a request; takes as long as the caller lets it.

        :raises EndpointError: when there is none; never repeated here.
        """
        try:
            # A redirect could carry the texts and the key elsewhere.
            async with self._open_session().post(self._url, json=body, allow_redirects=False) as response:
                _raise_for(response)
                return await _limited(response)
        except TimeoutError as error:
            raise EndpointError("timeout", "it did not answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise EndpointError("unreachable", f"it cannot be reached: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close the connections; idempotent, and final."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise EndpointError("unreachable", "the service ends")
        if self._session is None:
            key = self._key.get_secret_value()
            self._session = aiohttp.ClientSession(
                headers={hdrs.AUTHORIZATION: f"Bearer {key}"} if key else {},
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # the caller's deadline holds
            )
        return self._session


def _raise_for(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status == 200:
        return
    failure: Failure = "refused"
    if status == 429:
        failure = "rate_limited"
    elif status >= 500:
        failure = "server_error"
    raise EndpointError(failure, f"it answered {status}", retry_after_s=_retry_after_s(response))


def _retry_after_s(response: aiohttp.ClientResponse) -> float | None:
    """Seconds of ``Retry-After``; a date there is not obeyed."""
    value = response.headers.get(hdrs.RETRY_AFTER, "").strip()
    return min(float(value), MAX_RETRY_AFTER_S) if value.isascii() and value.isdecimal() else None


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    """The whole body, unless it is too long for an answer."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise EndpointError("bad_answer", f"its answer is longer than {ANSWER_LIMIT:,} bytes")
    return bytes(body)
