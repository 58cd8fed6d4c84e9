"""Reanalysis: scoring stored items again and searching them for tools again, batch by batch.

One process at a time works, under a lease; at every checkpoint the rollups equal a recount of the items. What
a process leaves undone when it ends is taken up where it stopped by any other, or at the next start. After
each batch the worker rests, so that reads and collections come first.
"""

import asyncio
import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sentiment_service.errors import CycleLostError, ReanalysisActiveError, ScoringError, StoreError
from sentiment_service.jobs.tagging import Scorer, Tagging
from sentiment_service.models import Lease, utc_now
from sentiment_service.reanalysis import (
    Mishap,
    ReanalysisJob,
    ReanalysisParameters,
    ReanalysisStatus,
    Rescored,
    Stored,
    Tallied,
)
from sentiment_service.scoring.clean import text_of
from sentiment_service.settings import ReanalysisSettings
from sentiment_service.store.stores import Store
from sentiment_service.tools import Analysis, Catalogue, LabelOf, MentionPart, Tool

log = logging.getLogger(__name__)

LEASE = "reanalysis"
LEASE_S = 120.0
PAUSE_S = 2.0
"""Seconds between two looks at what others asked for or left undone."""
PUBLISH_EVERY_S = 2.0
"""Cached answers are dropped at most this often while a job runs, and at its end."""
Progress = Callable[[ReanalysisJob], None]


class Reanalyzer:
    """Works on whatever job there is.

    :param label_of: the label of a polarity.
    :param ready: whether the database can be used now.
    """

    def __init__(
        self,
        store: Store,
        scorer: Scorer,
        settings: ReanalysisSettings,
        label_of: LabelOf,
        *,
        ready: Callable[[], bool] = lambda: True,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._scorer = scorer
        self._settings = settings
        self._label_of = label_of
        self._ready = ready
        self._now = now

    async def run(self) -> None:
        """Work for ever on the jobs that are asked for, and on those that new names of tools call for."""
        while True:
            if self._ready():
                try:
                    await self._follow_names()
                    await self.work()
                except (StoreError, CycleLostError) as error:
                    log.warning("stored items are analysed again later: %s", error)
            await asyncio.sleep(PAUSE_S)

    async def work(self, progress: Progress | None = None) -> ReanalysisJob | None:
        """Work on the active job to its end, unless there is none or another process does.

        :param progress: told at each checkpoint.
        :returns: the job as it ended.
        :raises StoreError: the database failed; the job goes on with the next call.
        :raises CycleLostError: it took so long that another process took over.
        """
        job = await self._store.reanalyses.active()
        if job is None:
            return None
        lease = await self._store.state.acquire(LEASE, f"{LEASE}:{secrets.token_hex(6)}", LEASE_S)
        if lease is None:
            return None
        try:
            started = await self._store.reanalyses.start(job)
            return None if started is None else await self._execute(started, lease, progress)
        finally:
            await self._store.state.release(lease)

    async def _execute(self, job: ReanalysisJob, lease: Lease, progress: Progress | None) -> ReanalysisJob:
        log.info("reanalysis %s of about %d items goes on", job.id, job.total)
        batches = _Batches(self._store, self._scorer, self._label_of)
        published = time.monotonic()
        while True:
            began = time.monotonic()
            try:
                following = await batches.next(job)
            except ScoringError as error:
                return await self._end(replace(job, failure=str(error)), "failed", progress)
            if following is None:
                return await self._end(job, "completed", progress)
            await self._store.rollups.recompute_dirty()
            worked_s = time.monotonic() - began
            job = replace(following, work_seconds=job.work_seconds + worked_s * (1 + self._settings.rest))
            stop = await self._store.reanalyses.checkpoint(job)
            if progress is not None:
                progress(job)
            if stop:
                return await self._end(job, "cancelled", progress)
            lease = await self._store.state.renew(lease, LEASE_S)
            if time.monotonic() - published > PUBLISH_EVERY_S:
                await self._store.state.bump_version()
                published = time.monotonic()
            await asyncio.sleep(worked_s * self._settings.rest)

    async def _end(
        self, job: ReanalysisJob, status: ReanalysisStatus, progress: Progress | None
    ) -> ReanalysisJob:
        ended = replace(job, status=status, ended_at=self._now())
        await self._store.state.bump_version()
        await self._store.reanalyses.end(ended)
        log.info("reanalysis %s %s: %s", job.id, status, ended.tallied)
        if progress is not None:
            progress(ended)
        return ended

    async def _follow_names(self) -> None:
        """Ask for a job when there are names of tools that stored texts were not searched for."""
        catalogue = await self._store.tools.catalogue()
        searched = await self._store.reanalyses.searched()
        names = digests_of(catalogue)
        if names == searched:
            return
        fresh = [tool_id for tool_id in names if names[tool_id] != (searched or {}).get(tool_id)]
        if searched is not None and fresh and self._settings.automatic:
            wanted = ReanalysisParameters(tool_ids=tuple(fresh), batch_size=self._settings.batch_size)
            try:
                await self._store.reanalyses.ask(wanted, trigger="automatic", by="new names of tools")
            except ReanalysisActiveError:
                return  # its turn comes when that one has ended
        await self._store.reanalyses.note_searched(names)


class _Batches:
    """Analyses stored items again, one batch after the other."""

    def __init__(self, store: Store, scorer: Scorer, label_of: LabelOf) -> None:
        self._store = store
        self._scorer = scorer
        self._tagging = Tagging(store, scorer, label_of)

    async def next(self, job: ReanalysisJob) -> ReanalysisJob | None:
        """The job after one more batch; ``None`` when there is nothing left.

        :raises ScoringError: nothing can be scored.
        """
        wanted = job.parameters
        page, checkpoint = await self._store.rescoring.page(
            job.checkpoint, start=job.start, end=job.end, limit=wanted.batch_size
        )
        if checkpoint is None:
            return None
        await self._tagging.begin()
        readable = [stored for stored in page if not stored.bare]
        rescored, mishaps = await self._read(readable)
        changed = [
            one
            for one in rescored
            if one.stored.concerns(wanted.tool_ids, [part.tool_id for part in _parts(one)])
        ]
        written = await self._store.rescoring.write(changed) if changed else 0
        await self._tagging.settle([one.stored.item.fullname for one in changed])
        categorized = sum(bool(one.mentions) for one in rescored)
        done = Tallied(
            processed=len(page),
            changed=written,
            tools_detected=sum(len(one.mentions) for one in rescored),
            errors=len(mishaps),
            categorized=categorized,
            uncategorized=len(rescored) - categorized,
            skipped=len(page) - len(readable),
        )
        return replace(
            job, checkpoint=checkpoint, tallied=job.tallied + done, mishaps=(*job.mishaps, *mishaps)
        )

    async def _read(self, stored: Sequence[Stored]) -> tuple[list[Rescored], list[Mishap]]:
        texts = [text_of(one.item) for one in stored]
        outcomes = await self._scorer.score(texts, [one.item.subreddit for one in stored]) if stored else []
        rescored: list[Rescored] = []
        mishaps: list[Mishap] = []
        for one, outcome in zip(stored, outcomes, strict=True):
            if isinstance(outcome, ScoringError):
                mishaps.append(Mishap(one.item.fullname, str(outcome)))
            else:
                rescored.append(self._rescored(one, outcome))
        return rescored, mishaps

    def _rescored(self, stored: Stored, analysis: Analysis | None) -> Rescored:
        if analysis is None:
            return Rescored(stored, None, (), None)
        return Rescored(stored, analysis.sentiment, self._tagging.mentions(analysis), analysis.language)


def _parts(one: Rescored) -> list[MentionPart]:
    return [part for mention in one.mentions for part in mention.parts]


def digests_of(catalogue: Catalogue) -> dict[str, str]:
    """By tool, a digest of everything that decides where texts name it."""
    return {tool.id: _digest(tool) for tool in catalogue.found}


def _digest(tool: Tool) -> str:
    names = (tool.name, tool.aliases, tool.ambiguous, tool.home_subreddits, tool.detection_threshold)
    return hashlib.blake2b(repr(names).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
