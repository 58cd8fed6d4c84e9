"""Answers kept in memory for as long as the data they were made from is current.

An answer is kept under the data version that was known *before* its handler ran, and given out only while
that very version is current. So an answer made while somebody writes is dropped with the version it began in,
and none is older than the last finished write. Answers that depend on the time as well are kept until the
hour or the minute in which they were made ends. While the version is unknown, as when the database is away,
nothing is kept and nothing given out.

Before a newer version takes the place of a known one, answers that were asked for lately are made anew: the
database has the new data then, and nobody was promised them yet. So reads go on without waiting for a
database that may be busy with a collection.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile

from sentiment_service.api.kept_answer import Answer, Make, Period, Recipe, end_of
from sentiment_service.api.problems import Problem
from sentiment_service.api.responses import Form, accepts_gzip
from sentiment_service.errors import DatabaseUnavailableError, ServiceError
from sentiment_service.models import DataVersion
from sentiment_service.store.version import VersionWatch

LIMIT_BYTES = 32 * 2**20
MAX_ADDRESSES = 8
"""Spellings of one question that are recognised without reading them anew."""
LONGEST_ADDRESS = 512
LATELY_S = 30.0
MOST_AHEAD = 32
"""Answers made ahead for one version at most: those asked for last, within :data:`LATELY_S`."""
AHEAD_TOGETHER = 4
"""Answers made ahead at the same time."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Ahead:
    """Answers made for a version before it was current, with the words they are asked for in."""

    version: DataVersion
    made: list[tuple[Answer, dict[tuple[str, str], Form]]]


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
        """Answers made for somebody."""
        self.ahead = 0
        """Answers made before anybody asked."""
        self.bytes = 0
        self._watch = watch
        self._now = now
        self._limit_bytes = limit_bytes
        self._version: DataVersion | None = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._addresses: dict[tuple[str, str], tuple[Answer, Form]] = {}
        self._under_way: dict[Hashable, asyncio.Future[Answer | ServiceError | None]] = {}
        self._ahead: _Ahead | None = None

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, address: str, accept_encoding: str) -> Form | None:
        """The answer to a question that was asked in the same words before."""
        if self._version is not self._watch.current:
            self._catch_up()
        found = self._addresses.get((address, accept_encoding))
        if found is None:
            return None
        answer, form = found
        if answer.until is not None and not self._stands(answer):
            return None
        self._given(answer)
        return form

    async def answer(self, question: Hashable, period: Period, make: Make, *, ahead: bool = True) -> Answer:
        """The answer to a question, made unless it is there or on its way.

        :param question: the call with all that its answer depends on besides data and time.
        :param make: makes it; called again, later, to make it anew.
        :param ahead: whether it may be made anew before somebody asks again; not for what takes long.
        """
        version = self._watch.current
        if version is None:
            self.misses += 1
            return await make(None)
        if version is not self._version:
            self._catch_up()
        kept = self._answers.get(question)
        if kept is not None and self._stands(kept):
            self._given(kept)
            return kept
        return await self._share(question, version, Recipe(period, make, ahead))

    async def _share(self, question: Hashable, version: DataVersion, recipe: Recipe) -> Answer:
        """Make an answer once for all who ask meanwhile."""
        until, make = end_of(recipe.period, self._now()), recipe.make
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
        answer.recipe, answer.asked_s = recipe, time.monotonic()
        if self._watch.current is version:
            self._keep(answer)
        return answer

    def _given(self, answer: Answer) -> None:
        self.hits += 1
        answer.asked_s = time.monotonic()
        self._answers.move_to_end(answer.key)

    def _keep(self, answer: Answer) -> None:
        if self._version is not self._watch.current:
            self._catch_up()
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

    async def get_ready(self, version: DataVersion) -> None:
        """Make answers asked for lately anew, for a version that is stored and about to become current.

        May be stopped at any time: what was made until then counts.
        """
        if self._version is not self._watch.current:
            self._catch_up()
        ahead, turns = _Ahead(version, []), iter(self._asked_lately())
        tasks = [
            # In a context of its own: what waits for it is not one of a job's patient reads.
            asyncio.create_task(self._make_ahead(turns, ahead), context=Context())
            for _ in range(AHEAD_TOGETHER)
        ]
        try:
            await asyncio.wait(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._ahead = ahead
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("an answer could not be made ahead", exc_info=error)

    async def _make_ahead(self, turns: Iterator[tuple[Answer, Recipe]], ahead: _Ahead) -> None:
        for former, recipe in turns:
            try:
                answer = await recipe.make(end_of(recipe.period, self._now()))
            except DatabaseUnavailableError:
                self._watch.doubt()
                return
            except (ServiceError, Problem) as error:  # whoever asks next is told
                log.debug("an answer cannot be made ahead: %s", error)
                continue
            words = {each: await answer.form(accepts_gzip=accepts_gzip(each[1])) for each in former.addresses}
            answer.recipe, answer.asked_s = recipe, former.asked_s
            ahead.made.append((answer, words))
            self.ahead += 1

    def _asked_lately(self) -> list[tuple[Answer, Recipe]]:
        """What to make ahead, most urgent first."""
        oldest = time.monotonic() - LATELY_S
        lately = takewhile(lambda one: one.asked_s >= oldest, reversed(self._answers.values()))
        wanted = ((one, one.recipe) for one in lately if one.recipe is not None and one.recipe.ahead)
        return list(islice(wanted, MOST_AHEAD))

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

    def _catch_up(self) -> None:
        """Forget the answers of a former version; those made ahead for this one take their place."""
        self._answers.clear()
        self._addresses.clear()
        self.bytes = 0
        self._version = self._watch.current
        ahead, self._ahead = self._ahead, None
        if ahead is None or ahead.version is not self._version:
            return
        for answer, words in sorted(ahead.made, key=lambda made: made[0].asked_s):
            self._keep(answer)
            for (address, accept_encoding), form in words.items():
                self.remember(answer, form, address, accept_encoding)
