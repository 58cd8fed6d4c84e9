"""Answers kept in memory for as long as the data they were made from is current.

An answer is kept under the data version that was known *before* its handler ran, and given out only while
that very version is current. So an answer made while somebody writes is dropped with the version it began in,
and none is older than the last finished write. Answers that depend on the time as well are kept until the
hour or the minute in which they were made ends. While the version is unknown, as when the database is away,
nothing is kept and nothing given out.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Literal

from sentiment_service.api.responses import COMPRESS_OVER_BYTES, Encoding, Form, form_of
from sentiment_service.errors import DatabaseUnavailableError, ServiceError
from sentiment_service.models import DataVersion
from sentiment_service.store.version import VersionWatch

Period = Literal["version", "hour", "minute"]
"""How long an answer stands: while its data do, and at most until the running hour or minute ends."""

LIMIT_BYTES = 32 * 2**20
OVERHEAD_BYTES = 2048
"""What an answer costs beside its bytes."""
MAX_ADDRESSES = 8
"""Spellings of one question that are recognised without reading them anew."""
LONGEST_ADDRESS = 512


class Answer:
    """One answer, and the forms it is sent in: each made once."""

    __slots__ = ("_body", "_compressing", "_encoding", "_forms", "_link", "addresses", "key", "size", "until")

    def __init__(
        self, key: Hashable, body: bytes, link: str, encoding: Encoding, until: datetime | None
    ) -> None:
        self.key = key
        self.until = until
        """When it ends to stand even though the data do not change."""
        self.size = len(body) * (2 if len(body) > COMPRESS_OVER_BYTES else 1) + OVERHEAD_BYTES
        """Bytes of memory, all forms included, at most."""
        self.addresses: list[tuple[str, str]] = []
        self._body = body
        self._link = link
        self._encoding = encoding
        self._forms: dict[bool, Form] = {}
        self._compressing = asyncio.Lock()

    async def form(self, *, accepts_gzip: bool) -> Form:
        """The answer for a client that takes gzip or not."""
        if accepts_gzip not in self._forms:
            async with self._compressing:
                if accepts_gzip not in self._forms:
                    form = await form_of(self._body, self._link, self._encoding, accepts_gzip=accepts_gzip)
                    self._forms[accepts_gzip] = form
        return self._forms[accepts_gzip]


class AnswerCache:
    """The answers of one data version, the ones used last.

    :param watch: knows the current version.
    :param now: the clock that handlers use.
    :param limit_bytes: size of all that is kept.
    """

    def __init__(
        self, watch: VersionWatch, now: Callable[[], datetime], *, limit_bytes: int = LIMIT_BYTES
    ) -> None:
        self.hits = 0
        """Answers given out again, those made for somebody else at the same moment included."""
        self.misses = 0
        """Answers made."""
        self.bytes = 0
        self._watch = watch
        self._now = now
        self._limit_bytes = limit_bytes
        self._version: DataVersion | None = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._addresses: dict[tuple[str, str], tuple[Answer, Form]] = {}
        self._under_way: dict[Hashable, asyncio.Future[Answer | ServiceError | None]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, address: str, accept_encoding: str) -> Form | None:
        """The answer to a question that was asked in the same words before."""
        if self._version is not self._watch.current:
            self._forget_all()
            return None
        found = self._addresses.get((address, accept_encoding))
        if found is None:
            return None
        answer, form = found
        if answer.until is not None and not self._stands(answer):
            return None
        self.hits += 1
        self._answers.move_to_end(answer.key)
        return form

    async def answer(
        self, question: Hashable, period: Period, make: Callable[[datetime | None], Awaitable[Answer]]
    ) -> Answer:
        """The answer to a question, made unless it is there or on its way.

        :param question: the call with all that its answer depends on besides data and time.
        :param make: makes it; told until when it stands and under which key.
        """
        version = self._watch.current
        if version is None:
            self.misses += 1
            return await make(None)
        if version is not self._version:
            self._forget_all()
        kept = self._answers.get(question)
        if kept is not None and self._stands(kept):
            self.hits += 1
            self._answers.move_to_end(question)
            return kept
        return await self._share(question, version, end_of(period, self._now()), make)

    async def _share(
        self,
        question: Hashable,
        version: DataVersion,
        until: datetime | None,
        make: Callable[[datetime | None], Awaitable[Answer]],
    ) -> Answer:
        """Make an answer once for all who ask meanwhile."""
        flight = (question, version, until)
        under_way = self._under_way.get(flight)
        if under_way is not None:
            outcome = await asyncio.shield(under_way)
            if isinstance(outcome, Answer):
                self.hits += 1
                return outcome
            if outcome is not None:
                raise outcome
            self.misses += 1
            return await make(until)  # who made it was stopped, or failed in its own way
        self._under_way[flight] = promise = asyncio.get_running_loop().create_future()
        made: Answer | ServiceError | None = None
        self.misses += 1
        try:
            answer = made = await make(until)
        except ServiceError as error:
            made = error
            if isinstance(error, DatabaseUnavailableError):
                self._watch.doubt()
            raise
        finally:
            del self._under_way[flight]
            promise.set_result(made)
        if self._watch.current is version:
            self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        if self._version is not self._watch.current:
            self._forget_all()
        if answer.key in self._answers:
            self._drop(answer.key)
        self._answers[answer.key] = answer
        self.bytes += answer.size
        self._shrink()

    def remember(self, answer: Answer, form: Form, address: str, accept_encoding: str) -> None:
        """Recognise the same words next time."""
        words = (address, accept_encoding)
        if (
            self._answers.get(answer.key) is answer
            and words not in self._addresses
            and len(answer.addresses) < MAX_ADDRESSES
            and len(address) + len(accept_encoding) <= LONGEST_ADDRESS
        ):
            answer.addresses.append(words)
            self._addresses[words] = (answer, form)

    def _stands(self, answer: Answer) -> bool:
        return answer.until is None or self._now() < answer.until

    def _shrink(self) -> None:
        while self.bytes > self._limit_bytes:
            self._drop(next(iter(self._answers)))

    def _drop(self, key: Hashable) -> None:
        answer = self._answers.pop(key)
        self.bytes -= answer.size
        for words in answer.addresses:
            del self._addresses[words]

    def _forget_all(self) -> None:
        self._answers.clear()
        self._addresses.clear()
        self.bytes = 0
        self._version = self._watch.current


def end_of(period: Period, now: datetime) -> datetime | None:
    """When an answer made now ends to stand by itself; ``None`` for never."""
    if period == "version":
        return None
    if period == "hour":
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
