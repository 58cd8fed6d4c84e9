"""Scoring without holding up the event loop: texts go to a process of their own and come back as scores.

A thread alone would fight the loop for the interpreter lock; the thread used here only waits. One batch is
under way at a time, so requests and answers cannot get out of step: whoever waits for one either takes it or,
after a short grace, ends the process with it.
"""

import asyncio
import logging
import math
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sentiment_service.errors import ScoringError
from sentiment_service.models import Label, Sentiment, utc_now
from sentiment_service.scoring.batches import batches
from sentiment_service.scoring.frames import ScoreTuple
from sentiment_service.scoring.mention_rules import MentionRules
from sentiment_service.scoring.mentions import catalogue_frame
from sentiment_service.scoring.process import CatalogueFrame, ScoringProcess, WorkerDiedError
from sentiment_service.settings import ScoringSettings
from sentiment_service.tools import Analysis, Catalogue, MentionPart

MAX_QUEUED_TEXTS = 20_000
"""More texts than this are refused while others wait."""

MAX_BATCH_CHARACTERS = 200_000
"""Characters of a batch, about 0.15 s of scoring: the longest a newcomer waits for the batch before."""

CLOSED = "the scoring worker is closed"
START_TIMEOUT_S = 30.0
START_ATTEMPTS = 3
REFUSE_AFTER_FAILED_START_S = 5.0
GRACE_S = 1.0
"""Seconds the batch under way gets to finish when it is cancelled or the worker is closed."""

NO_RULES = MentionRules()

_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0

_T = TypeVar("_T")
Outcome = Analysis | ScoringError | None

logger = logging.getLogger(__name__)


class ScoringWorker:
    """One scoring process, started when needed and again when it dies.

    :param scorer: which scorer the process runs; the one of the settings unless given. Tests give
        ``package.module:Class`` to run one that misbehaves.
    :param rules: what decides whether a name in a text is a mention of a tool.
    """

    def __init__(
        self,
        settings: ScoringSettings,
        *,
        scorer: str | None = None,
        rules: MentionRules = NO_RULES,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._timeout_s = settings.worker_timeout_seconds
        self._batch_size = settings.batch_size
        self._command = _command(settings, scorer or settings.scorer)
        self._now = now
        self._turn = asyncio.Lock()
        self._process: ScoringProcess | None = None
        self._rules = rules
        self._catalogue: CatalogueFrame | None = None
        self._closed = False
        self._queued = 0
        self._scored = 0
        self._deaths_in_a_row = 0
        self._refused_until = -math.inf
        self._refusal = ""

    @property
    def alive(self) -> bool:
        """Whether the scoring process runs."""
        return self._process is not None and self._process.alive

    @property
    def pid(self) -> int | None:
        """Process id of the scoring process, while there is one."""
        return self._process.pid if self._process else None

    @property
    def queued(self) -> int:
        """Texts waiting or being scored."""
        return self._queued

    @property
    def scored(self) -> int:
        """Texts dealt with since the start, those without anything to score included."""
        return self._scored

    async def start(self) -> None:
        """Start the scoring process unless it runs; scoring starts it too.

        :raises ScoringError: when it cannot be started, with the reason; or after :meth:`close`.
        """
        async with self._turn:
            await self._running_process()

    async def close(self) -> None:
        """End the scoring process; idempotent, and final.

        Whoever still waits for scores gets a :class:`ScoringError`.
        """
        self._closed = True
        try:
            async with asyncio.timeout(GRACE_S):
                await self._turn.acquire()
        except TimeoutError:
            if self._process is not None:
                self._process.kill()
            await self._turn.acquire()
        try:
            await self._discard_process()
        finally:
            self._turn.release()

    def use(self, catalogue: Catalogue) -> None:
        """Look for these tools from the next batch on; without a catalogue none is looked for."""
        if self._catalogue is None or self._catalogue.number != catalogue.number:
            self._catalogue = CatalogueFrame(catalogue.number, catalogue_frame(catalogue.found, self._rules))

    async def score(
        self, texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Outcome]:
        """Score texts of raw Reddit markdown; the answers are in the order of the texts.

        ``None``: nothing to score (empty, only code or links, a placeholder). A :class:`ScoringError` in
        place of a score: this text ended or hung the scoring process twice, alone; the others are not
        affected.

        :param subreddits: where each text was written, which decides what an ambiguous name means there.
        :raises ScoringError: when nothing can be scored now: the process does not start, too many texts wait,
            or the worker is closed.
        """
        waiting = len(texts)
        if self._queued and self._queued + waiting > MAX_QUEUED_TEXTS:
            raise ScoringError(f"{self._queued} texts are waiting to be scored already; try again later")
        places = [None] * len(texts) if subreddits is None else subreddits
        self._queued += waiting
        outcomes: list[Outcome] = []
        try:
            for batch in batches(texts, max_texts=self._batch_size, max_characters=MAX_BATCH_CHARACTERS):
                outcomes += await self._score_batch(batch, places[len(outcomes) : len(outcomes) + len(batch)])
                self._queued -= len(batch)
                waiting -= len(batch)
                self._scored += len(batch)
        finally:
            self._queued -= waiting
        return outcomes

    async def _score_batch(self, batch: list[str], places: Sequence[str | None]) -> list[Outcome]:
        """Score a batch; when it costs the process, score its texts one by one to find out which does."""
        try:
            return await self._exchange(batch, places)
        except WorkerDiedError as error:
            logger.warning(
                "the scoring process %s over a batch of %d texts; trying each alone", error, len(batch)
            )
        outcomes = [await self._score_alone(text, place) for text, place in zip(batch, places, strict=True)]
        # The last text may have cost the process; whoever asks whether it is alive should not hear no for
        # long.
        await self.start()
        return outcomes

    async def _score_alone(self, text: str, place: str | None, *, tries: int = 2) -> Outcome:
        try:
            return (await self._exchange([text], [place]))[0]
        except WorkerDiedError as error:
            # Once may have been an accident.
            if tries > 1:
                return await self._score_alone(text, place, tries=tries - 1)
            return ScoringError(f"the scoring process {error} over this text")

    async def _exchange(self, texts: list[str], places: Sequence[str | None]) -> list[Outcome]:
        """Send texts, take their scores. Callers take turns in the order they came.

        :raises WorkerDiedError: when the process ends or takes too long.
        """
        async with self._turn:
            process, catalogue = await self._running_process(), self._catalogue
            try:
                scores = await _attend(
                    process, lambda: process.exchange(texts, places, catalogue), self._timeout_s
                )
            except WorkerDiedError:
                if self._closed:
                    raise ScoringError(CLOSED) from None
                self._deaths_in_a_row += 1
                await self._discard_process()
                raise
            self._deaths_in_a_row = 0
        analyzed_at = self._now()
        return [score and _analysis(score, process.scorer, analyzed_at) for score in scores]

    async def _running_process(self) -> ScoringProcess:
        """The process, started if there is none; called by whoever has the turn."""
        if self._process is not None and not self._process.alive:
            await self._discard_process()
        if self._process is None and not self._closed:
            if asyncio.get_running_loop().time() < self._refused_until:
                raise ScoringError(self._refusal)
            await asyncio.sleep(_pause_s(self._deaths_in_a_row))
            await self._start_process()
        if self._process is None or self._closed:
            raise ScoringError(CLOSED)
        return self._process

    async def _start_process(self) -> None:
        reason = ""
        for attempt in range(START_ATTEMPTS):
            await asyncio.sleep(_pause_s(attempt))
            if self._closed:
                return
            self._process = ScoringProcess(self._command)
            try:
                await _attend(self._process, self._process.launch, START_TIMEOUT_S)
            except WorkerDiedError as error:
                reason = str(error)
                await self._discard_process()
            else:
                logger.info("scoring with %s in process %s", self._process.scorer, self._process.pid)
                return
        self._refusal = f"scoring is not possible: the scoring process {reason}"
        self._refused_until = asyncio.get_running_loop().time() + REFUSE_AFTER_FAILED_START_S
        raise ScoringError(self._refusal)

    async def _discard_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await _attend(process, process.end, None)


def _command(settings: ScoringSettings, scorer: str) -> tuple[str, ...]:
    return (
        sys.executable,
        "-m",
        "sentiment_service.scoring.child",
        f"--scorer={scorer}",
        f"--positive-from={settings.positive_from}",
        f"--negative-from={settings.negative_from}",
        # Later than our own time limit, which knows what to do next.
        f"--limit-seconds={math.ceil(settings.worker_timeout_seconds) + 5}",
        f"--niceness={settings.niceness}",
    )


def _analysis(score: ScoreTuple, scorer: str, analyzed_at: datetime) -> Analysis:
    polarity, subjectivity, label, confidence, language, parts = score
    return Analysis(
        Sentiment(Label(label), polarity, subjectivity, confidence, scorer, analyzed_at),
        tuple(MentionPart(tool, part, Label(said), excerpt) for tool, part, said, excerpt in parts),
        language,
    )


def _pause_s(failures: int) -> float:
    """Seconds to wait after so many failures in a row: none after the first, then doubling up to a limit."""
    return min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0**failures) if failures > 1 else 0.0


async def _attend(process: ScoringProcess, call: Callable[[], _T], timeout_s: float | None) -> _T:
    """Run a blocking call of a process in a thread, and do not leave before the thread has.

    :raises WorkerDiedError: when it took too long; the process is killed.
    """
    waiting = asyncio.create_task(asyncio.to_thread(call))
    try:
        await asyncio.wait({waiting}, timeout=timeout_s)
        if waiting.done():
            return waiting.result()
        process.kill()
        await asyncio.wait({waiting})
    except asyncio.CancelledError:
        await _outlast(waiting, process)
        raise
    finally:
        if waiting.done() and not waiting.cancelled():
            waiting.exception()  # Looked at, so that asyncio does not report it as lost.
    raise WorkerDiedError(f"took longer than {timeout_s:g} s")


async def _outlast(waiting: asyncio.Task[_T], process: ScoringProcess) -> None:
    """Wait for a call that nobody wants any more: a moment for it to finish, then without its process.

    Cancelling again ends the process at once. If the task itself was cancelled, its thread still reads: so
    too.
    """
    clock = asyncio.get_running_loop().time
    deadline_s = clock() + GRACE_S
    while not waiting.done():
        left_s = deadline_s - clock()
        if left_s <= 0:
            process.kill()
        try:
            await asyncio.wait({waiting}, timeout=left_s if left_s > 0 else None)
        except asyncio.CancelledError:
            process.kill()
    if waiting.cancelled():
        process.kill()
