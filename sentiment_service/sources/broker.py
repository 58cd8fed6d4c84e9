"""The request broker: everything asyncpraw sends passes here, token requests too.

It stands where asyncprawcore puts its HTTP client, because asyncprawcore raises a 429 at once and ignores its
``Retry-After``, repeats few network errors, and lets gathered calls sleep together and fire together. The
broker limits how many requests are under way, paces them by what Reddit says is left, repeats what is worth
repeating under a deadline, and counts. asyncprawcore sees only answers that it neither repeats nor waits for,
except a 401, upon which it fetches a new token; so retries never multiply. One repetition stays uncounted:
aiohttp's own, when a connection it kept open turns out to be dead.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

import aiohttp
from asyncprawcore.const import ACCESS_TOKEN_PATH
from asyncprawcore.requestor import Requestor

from sentiment_service.errors import SourceError
from sentiment_service.models import utc_now
from sentiment_service.sources.answer import Answer
from sentiment_service.sources.backoff import Backoff
from sentiment_service.sources.rate import RateWindow
from sentiment_service.sources.turns import Turns
from sentiment_service.sources.usage import Meter
from sentiment_service.sources.wire import Failure, Reply, fetch, judge

RENEWAL_LIMIT_S = 10.0
"""Seconds a request with a refused token waits for the one that another request fetches."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard the broker may try.

    :param concurrent: requests under way at once.
    :param timeout_s: seconds one attempt may take, body included.
    :param deadline_s: seconds a request may take with all its attempts and waits.
    """

    concurrent: int
    timeout_s: float
    deadline_s: float


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    url: str
    options: dict[str, Any]
    for_token: bool


class Broker(Requestor):
    """The HTTP client given to ``asyncpraw.Reddit`` as ``requestor_class``.

    :param session: carries the requests; closed with the broker.
    :param rate: what is left of the rate limit.
    :param meter: counts.
    :param turns: where answers are decoded, one in a turn of the loop.
    :param clock: monotonic seconds.
    :param sleep: waits for seconds of that clock.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        limits: Limits,
        rate: RateWindow,
        meter: Meter,
        turns: Turns,
        backoff: Backoff | None = None,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        **addresses_and_user_agent: Any,
    ) -> None:
        super().__init__(session=session, **addresses_and_user_agent)
        self._session = session
        self._limits = limits
        self._rate = rate
        self._meter = meter
        self._turns = turns
        self._backoff = backoff or Backoff()
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._slots = asyncio.Semaphore(limits.concurrent)
        self._turn_lock = asyncio.Lock()
        self._token_lock = asyncio.Lock()
        self._token_outcome: Answer | SourceError | None = None
        self._token_url = self.reddit_url + ACCESS_TOKEN_PATH
        self._authorization: str | None = None
        self._renewed = asyncio.Event()
        self._refused: str | None = None

    @asynccontextmanager
    async def request(self, *args: Any, **kwargs: Any) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Send a request and yield its whole answer.

        No slot is held meanwhile: asyncprawcore follows a 401 by a token request and a repetition from
        within.

        :param args: method and address.
        :param kwargs: as for aiohttp; the broker's own limits take the place of ``timeout``.
        :raises SourceError: when the deadline passes without a usable answer, or Reddit answers nonsense.
        """
        method, url = args
        headers = {**self.headers, **kwargs.get("headers", {})}
        options = {"allow_redirects": False, **kwargs, "headers": headers}
        options.pop("timeout", None)
        call = _Call(method, url, options, for_token=url == self._token_url)
        answer = await (self._token(call) if call.for_token else self._authorized(call))
        yield cast("aiohttp.ClientResponse", answer)

    async def _authorized(self, call: _Call) -> Answer:
        """Send a request; when its token is refused, only the first to notice tells asyncprawcore.

        That one makes asyncprawcore drop its token and fetch another. Were all requests under way to tell
        it, each would drop the token that the one before fetched, and they would run out of tries.
        """
        answer = await self._persist(call)
        sent = call.options["headers"].get("Authorization")
        if answer.status != HTTPStatus.UNAUTHORIZED or sent is None:
            return answer
        if sent == self._authorization and sent != self._refused:
            self._refused = sent
            self._renewed.clear()
            return answer
        if sent == self._authorization and not await self._renewal():
            return answer
        headers = {**call.options["headers"], "Authorization": self._authorization}
        return await self._persist(replace(call, options={**call.options, "headers": headers}))

    async def _renewal(self) -> bool:
        """Wait for the token that another request is fetching; says whether it came."""
        try:
            async with asyncio.timeout(min(RENEWAL_LIMIT_S, self._limits.deadline_s)):
                return await self._renewed.wait()
        except TimeoutError:
            return False

    async def _token(self, call: _Call) -> Answer:
        """One token request at a time; whoever waited for it shares its outcome."""
        before = self._token_outcome
        async with self._token_lock:
            outcome = self._token_outcome
            if outcome is None or outcome is before:
                try:
                    outcome = await self._persist(call)
                except SourceError as error:
                    outcome = error
                self._token_outcome = outcome
        if isinstance(outcome, SourceError):
            raise SourceError(outcome.kind, outcome.detail, retry_after_s=outcome.retry_after_s)
        payload = await outcome.json()
        if isinstance(payload, dict) and "access_token" in payload:
            self._authorization = f"bearer {payload['access_token']}"
            self._renewed.set()
        return outcome

    async def _persist(self, call: _Call) -> Answer:
        """Try until there is a usable answer or the deadline would pass.

        An attempt that the deadline cut short says only that time was up: what the one before said is told.
        """
        deadline = self._clock() + self._limits.deadline_s
        attempt = 0
        said: Failure | None = None
        while not isinstance(result := await self._attempt(call, deadline, again=attempt > 0), Answer):
            said = said if said is not None and result.cut_short else result
            self._meter.failed(said.reason)
            wait_s = max(self._backoff.delay_s(attempt), said.retry_after_s or 0.0)
            if self._clock() + wait_s >= deadline or self._session.closed:
                raise SourceError(said.kind, said.reason, retry_after_s=said.retry_after_s)
            await self._sleep(wait_s)
            attempt += 1
        return result

    async def _attempt(self, call: _Call, deadline: float, *, again: bool) -> Answer | Failure:
        if call.for_token:
            # Tokens have a rate limit of their own, and the requests that wait for one hold no slot.
            reply = await self._send(call, deadline, again=again)
        else:
            async with self._slot(deadline):
                reply = await self._send(call, deadline, again=again)
            if isinstance(reply, Reply):
                self._rate.learn(reply.headers, self._clock())
        result = await self._judge(reply, call) if isinstance(reply, Reply) else reply
        if isinstance(result, Answer):
            self._meter.succeeded()
        elif result.kind == "rate_limited":
            self._meter.held_back()
            if not call.for_token:
                self._rate.hold(self._clock(), result.retry_after_s or 0.0)
        return result

    async def _judge(self, reply: Reply, call: _Call) -> Answer | Failure:
        return await self._turns.run(judge, reply, for_token=call.for_token, now=self._now())

    async def _send(self, call: _Call, deadline: float, *, again: bool) -> Reply | Failure:
        self._meter.sent(again=again)
        left_s = max(0.0, deadline - self._clock())
        timeout_s = min(self._limits.timeout_s, left_s)
        reply = await fetch(self._session, call.method, call.url, timeout_s=timeout_s, options=call.options)
        if isinstance(reply, Failure) and reply.kind == "timeout" and left_s < self._limits.timeout_s:
            return replace(reply, cut_short=True)
        return reply

    @asynccontextmanager
    async def _slot(self, deadline: float) -> AsyncIterator[None]:
        """One of the requests under way at once, from the moment at which the rate limit allows it."""
        try:
            async with asyncio.timeout(max(0.0, deadline - self._clock())):
                await self._slots.acquire()
        except TimeoutError:
            raise SourceError("timeout", "requests before this one took too long for it to be sent") from None
        try:
            await self._wait_for_turn(deadline)
            try:
                yield
            finally:
                self._rate.came_back()
        finally:
            self._slots.release()

    async def _wait_for_turn(self, deadline: float) -> None:
        """Wait until the rate limit allows one more request, and book it; in the order of asking."""
        try:
            async with asyncio.timeout(max(0.0, deadline - self._clock())), self._turn_lock:
                while (delay_s := self._rate.delay_s(now := self._clock())) > 0:
                    if now + delay_s >= deadline:
                        raise SourceError(
                            "rate_limited",
                            f"Reddit's rate limit allows the next request in {delay_s:.0f} s",
                            retry_after_s=delay_s,
                        )
                    self._meter.held_back()
                    await self._sleep(delay_s)
                self._rate.book(self._clock())
        except TimeoutError:
            raise SourceError("rate_limited", "too many requests wait for Reddit's rate limit") from None
