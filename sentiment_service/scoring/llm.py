"""Scores by a language model where the scoring process is unsure, or for everything.

Every text is scored by the scoring process first. Then the model is asked, within a budget and a deadline,
and its verdict replaces the score; where there is no verdict that can be believed the first score stays, with
its own scorer's name, and the reason is counted. What is said of tools stays the scoring process's word.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, Protocol, get_args

from sentiment_service.errors import ScoringError
from sentiment_service.models import Sentiment, utc_now
from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.llm_endpoint import ChatEndpoint, EndpointError, Failure
from sentiment_service.scoring.llm_limits import DailyBudget, Pause
from sentiment_service.scoring.llm_prompt import VERSION, Verdict, request_body, verdicts_of
from sentiment_service.settings import LlmSettings
from sentiment_service.tools import Analysis, Catalogue

Reason = Literal[Failure, "bad_item", "budget", "paused", "no_text"]
"""Why a text that the model was meant for kept the score it had."""

REASONS: tuple[Reason, ...] = (*get_args(Failure), "bad_item", "budget", "paused", "no_text")

Outcome = Analysis | ScoringError | None

log = logging.getLogger(__name__)


class Worker(Protocol):
    """What scores first; see :class:`sentiment_service.scoring.worker.ScoringWorker`."""

    @property
    def queued(self) -> int:
        """Texts waiting or being scored."""
        ...

    def use(self, catalogue: Catalogue) -> None:
        """Look for these tools from now on."""
        ...

    async def score(
        self, texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Outcome]:
        """What each text says, ``None`` where there is nothing to score, an error where one failed."""
        ...


class LlmScorer:
    """A scoring worker whose scores a language model may replace.

    :param worker: what scores first; not closed by this.
    :param clock: seconds that only go forward.
    """

    def __init__(
        self,
        worker: Worker,
        settings: LlmSettings,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"llm:{settings.model}@{VERSION}"
        self.fallbacks: Counter[Reason] = Counter(dict.fromkeys(REASONS, 0))
        """Texts by why they kept the score they had."""
        self.scored = 0
        """Texts that the model scored."""
        self.requests = 0
        self._worker = worker
        self._settings = settings
        self._now = now
        self._endpoint = ChatEndpoint(settings)
        self._budget = DailyBudget(settings.texts_per_day, now)
        self._pause = Pause(clock)
        self._turns = asyncio.Semaphore(settings.max_concurrent_requests)
        self._waiting = 0

    @property
    def queued(self) -> int:
        """Texts waiting or being scored, by either."""
        return self._worker.queued + self._waiting

    @property
    def left_today(self) -> int:
        """Texts of today's budget that are left."""
        return self._budget.left

    def use(self, catalogue: Catalogue) -> None:
        """Look for these tools from now on."""
        self._worker.use(catalogue)

    async def close(self) -> None:
        """Close the connections to the endpoint; idempotent."""
        await self._endpoint.close()

    async def score(
        self, texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Outcome]:
        """What each text says, in the order of the texts; see the worker's own ``score``.

        :raises ScoringError: the worker can score nothing now.
        """
        outcomes = await self._worker.score(texts, subreddits)
        wanted = [index for index, outcome in enumerate(outcomes) if self._wants(outcome)]
        self._waiting += len(wanted)
        try:
            verdicts = await self._verdicts({index: texts[index] for index in wanted})
        finally:
            self._waiting -= len(wanted)
        return [self._judged(outcome, verdicts.get(index)) for index, outcome in enumerate(outcomes)]

    def _wants(self, outcome: Outcome) -> bool:
        if not isinstance(outcome, Analysis):
            return False
        unsure = outcome.sentiment.confidence < self._settings.confidence_below
        return self._settings.mode == "all" or unsure

    def _judged(self, outcome: Outcome, verdict: Verdict | None) -> Outcome:
        if verdict is None or not isinstance(outcome, Analysis):
            return outcome
        sentiment = Sentiment(
            verdict.label,
            verdict.polarity,
            verdict.subjectivity,
            verdict.confidence,
            self.name,
            self._now(),
        )
        return replace(outcome, sentiment=sentiment)

    async def _verdicts(self, texts: dict[int, str]) -> dict[int, Verdict]:
        """The model's verdicts by the texts' indices; whatever has none is counted with the reason."""
        deadline_s = asyncio.get_running_loop().time() + self._settings.timeout_seconds
        found: dict[int, Verdict] = {}

        async def ask(batch: dict[int, str]) -> None:
            found.update(await self._ask(batch, deadline_s))

        async with asyncio.TaskGroup() as group:
            for batch in _batches(await self._readable(texts), self._settings.batch_size):
                group.create_task(ask(batch))
        self.scored += len(found)
        return found

    async def _readable(self, texts: dict[int, str]) -> dict[int, str]:
        """Beginnings of texts as a person would read them; other work gets its turn between two."""
        readable: dict[int, str] = {}
        for index, text in texts.items():
            beginning = scorable_text(text[: self._settings.max_characters])
            if beginning:
                readable[index] = beginning[: self._settings.max_characters]
            else:
                self.fallbacks["no_text"] += 1
            await asyncio.sleep(0)
        return readable

    async def _ask(self, batch: dict[int, str], deadline_s: float) -> dict[int, Verdict]:
        """Verdicts on a batch of texts, when its turn comes in time."""
        try:
            async with asyncio.timeout_at(deadline_s):
                await self._turns.acquire()
        except TimeoutError:
            self.fallbacks["timeout"] += len(batch)
            return {}
        try:
            return await self._ask_now(self._affordable(batch), deadline_s)
        finally:
            self._turns.release()

    async def _ask_now(self, texts: dict[int, str], deadline_s: float) -> dict[int, Verdict]:
        if not texts:
            return {}
        try:
            async with asyncio.timeout_at(deadline_s):
                verdicts = await self._request(list(texts.values()))
        except TimeoutError:
            self._failed(EndpointError("timeout", "it did not answer in time"), len(texts))
            return {}
        except EndpointError as error:
            self._failed(error, len(texts))
            return {}
        self._pause.succeeded()
        self.fallbacks["bad_item"] += verdicts.count(None)
        answered = zip(texts, verdicts, strict=True)
        return {index: verdict for index, verdict in answered if verdict is not None}

    def _affordable(self, batch: dict[int, str]) -> dict[int, str]:
        """The part of a batch that may be asked about now; the rest is counted."""
        if self._pause.active:
            self.fallbacks["paused"] += len(batch)
            return {}
        taken = self._budget.take(len(batch))
        self.fallbacks["budget"] += len(batch) - taken
        return dict(list(batch.items())[:taken])

    async def _request(self, texts: list[str]) -> list[Verdict | None]:
        self.requests += 1
        answer = await self._endpoint.complete(request_body(self._settings.model, texts))
        try:
            return verdicts_of(answer, len(texts))
        except ValueError as error:
            raise EndpointError("bad_answer", str(error)) from error

    def _failed(self, error: EndpointError, texts: int) -> None:
        """Count texts that the model gave no verdict on, and leave it alone for a while if it goes on."""
        self.fallbacks[error.failure] += texts
        pause_s = self._pause.failed(retry_after_s=error.retry_after_s)
        log.warning(
            "the language model scored none of %d texts: %s; they keep the scores they have%s",
            texts,
            error,
            f", and it is left alone for {pause_s:g} s" if pause_s else "",
        )


def _batches(texts: dict[int, str], size: int) -> Iterator[dict[int, str]]:
    items = list(texts.items())
    for start in range(0, len(items), size):
        yield dict(items[start : start + size])
