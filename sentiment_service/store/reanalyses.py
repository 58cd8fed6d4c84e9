"""Reanalysis jobs: what was asked for, how far it is, and which one is active.

At most one is active. A document of its own says which, so that two who ask at once cannot both be told yes,
and so that whoever starts after a crash knows what to go on with.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument

from sentiment_service.errors import ReanalysisActiveError
from sentiment_service.models import day_of, position_of
from sentiment_service.reanalysis import (
    Checkpoint,
    Mishap,
    ReanalysisJob,
    ReanalysisParameters,
    ReanalysisStatus,
    Tallied,
    TriggerType,
)
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import MAX_TIME_MS
from sentiment_service.store.rollups import Rollups
from sentiment_service.store.state import STATE

COLLECTION = "reanalyses"
KEY = "reanalysis"
"""``_id`` of the document in ``state`` that names the active job, and the names texts were searched for."""
MAX_MISHAPS = 100
EARLIEST = datetime(2005, 6, 1, tzinfo=UTC)
"""Nothing on Reddit is older."""


class Reanalyses:
    """The jobs."""

    def __init__(self, database: Database, rollups: Rollups, now: Callable[[], datetime]) -> None:
        self._database = database
        self._rollups = rollups
        self._now = now

    async def ask(self, parameters: ReanalysisParameters, *, trigger: TriggerType, by: str) -> ReanalysisJob:
        """Ask for a job; returns it, waiting for somebody to work on it.

        :raises ReanalysisActiveError: one is active already.
        :raises DatabaseUnavailableError: the database is away.
        """
        active = await self.active()
        if active is not None:
            raise ReanalysisActiveError(active.id)
        job = await self._planned(parameters, trigger, by)
        await bulk.upsert(self._database, COLLECTION, [bulk.Upsert(job.id, {"$set": _document(job)})])
        held = await self._claim(job.id)
        if held == job.id:
            return job
        await self._database.write(
            "withdrawing a reanalysis",
            lambda: self._database.collection(COLLECTION, journaled=True).delete_one({"_id": job.id}),
        )
        raise ReanalysisActiveError(held)

    async def active(self) -> ReanalysisJob | None:
        """The job that waits or runs."""
        held = (await self._marker()).get("active")
        job = await self.get(held) if held else None
        return job if job is not None and job.active else None

    async def get(self, job_id: str) -> ReanalysisJob | None:
        """A job by its id."""
        document = await self._database.read(
            "reading a reanalysis", lambda: self._database.collection(COLLECTION).find_one({"_id": job_id})
        )
        return None if document is None else _job(document)

    async def list(
        self, *, status: ReanalysisStatus | None, limit: int, offset: int
    ) -> tuple[list[ReanalysisJob], int]:
        """Jobs, newest first, and how many there are."""
        wanted: Document = {} if status is None else {"status": status}

        async def find() -> list[Document]:
            cursor = self._database.collection(COLLECTION).find(wanted, max_time_ms=MAX_TIME_MS)
            return await cursor.sort("position", -1).skip(offset).limit(limit).to_list(None)

        held = await self._database.read("reading reanalyses", find)
        total = await self._database.read(
            "counting reanalyses", lambda: self._database.collection(COLLECTION).count_documents(wanted)
        )
        return [_job(document) for document in held], total

    async def checkpoint(self, job: ReanalysisJob) -> bool:
        """Save how far a job is; returns whether it was asked to stop.

        :raises DatabaseUnavailableError: the database stayed away.
        """
        values = _document(job)
        values.pop("cancelling")
        document = await self._database.write(
            "saving a reanalysis",
            lambda: self._database.collection(COLLECTION, journaled=True).find_one_and_update(
                {"_id": job.id}, {"$set": values}, return_document=ReturnDocument.AFTER
            ),
        )
        return bool(document and document["cancelling"])

    async def end(self, job: ReanalysisJob) -> None:
        """Save a job that has ended, and let another become the active one."""
        await self.checkpoint(job)
        await self._database.write(
            "ending a reanalysis",
            lambda: self._database.collection(STATE, journaled=True).update_one(
                {"_id": KEY, "active": job.id}, {"$set": {"active": None}}
            ),
        )

    async def cancel(self, job_id: str) -> ReanalysisJob | None:
        """Ask a running job to stop at its next checkpoint, or end a waiting one; ``None`` if there is none.

        A job that has ended stays as it ended.
        """
        queued = await self._change(
            {"_id": job_id, "status": "queued"},
            {"status": "cancelled", "cancelling": True, "ended_at": self._now()},
        )
        if queued is not None:
            await self.end(queued)
            return queued
        running = await self._change({"_id": job_id, "status": "running"}, {"cancelling": True})
        return running or await self.get(job_id)

    async def start(self, job: ReanalysisJob) -> ReanalysisJob | None:
        """Note that a job is being worked on; ``None`` when it was cancelled or ended meanwhile."""
        if job.status == "running":
            return job
        return await self._change(
            {"_id": job.id, "status": "queued"}, {"status": "running", "started_at": self._now()}
        )

    async def searched(self) -> dict[str, str] | None:
        """By tool, a digest of the names stored texts were searched for; ``None`` in a new database."""
        found = (await self._marker()).get("searched")
        return None if found is None else dict(found)

    async def note_searched(self, digests: dict[str, str]) -> None:
        """Note for which names stored texts were searched, or will be by a job that is submitted."""
        await self._database.write(
            "noting the names searched for",
            lambda: self._database.collection(STATE, journaled=True).update_one(
                {"_id": KEY}, {"$set": {"searched": digests}}, upsert=True
            ),
        )

    async def _planned(
        self, parameters: ReanalysisParameters, trigger: TriggerType, by: str
    ) -> ReanalysisJob:
        """A job with its range filled in, and its size estimated from the rollups of its days."""
        now = self._now()
        end = min(parameters.end or now, now)
        first = parameters.start or EARLIEST
        last = max(end, EARLIEST) - timedelta(microseconds=1)
        days = await self._rollups.read("all", day_of(first), day_of(last))
        return ReanalysisJob(
            id=f"{now:%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(3)}",
            status="queued",
            trigger_type=trigger,
            triggered_by=by,
            parameters=parameters,
            start=max(first, days[0].day) if days else first,
            end=end,
            total=sum(day.whole.posts + day.whole.comments for day in days),
            created_at=now,
        )

    async def _claim(self, job_id: str) -> str:
        """Become the active job unless one that still is active is; returns the active one's id."""
        held = (await self._marker()).get("active")
        former = await self.get(held) if held else None
        if former is not None and former.active:
            return former.id
        await self._database.write(
            "making sure of the active reanalysis",
            lambda: self._database.collection(STATE, journaled=True).update_one(
                {"_id": KEY}, {"$setOnInsert": {"active": None}}, upsert=True
            ),
        )
        # The former one, if any, has ended: whoever replaces it first has the place.
        await self._database.write(
            "claiming a reanalysis",
            lambda: self._database.collection(STATE, journaled=True).update_one(
                {"_id": KEY, "active": held}, {"$set": {"active": job_id}}
            ),
        )
        return str((await self._marker()).get("active"))

    async def _change(self, wanted: Document, values: Document) -> ReanalysisJob | None:
        document = await self._database.write(
            "changing a reanalysis",
            lambda: self._database.collection(COLLECTION, journaled=True).find_one_and_update(
                wanted, {"$set": values}, return_document=ReturnDocument.AFTER
            ),
        )
        return None if document is None else _job(document)

    async def _marker(self) -> Document:
        found = await self._database.read(
            "reading the active reanalysis", lambda: self._database.collection(STATE).find_one({"_id": KEY})
        )
        return found or {}


def _document(job: ReanalysisJob) -> Document:
    values: dict[str, Any] = asdict(replace(job, mishaps=job.mishaps[:MAX_MISHAPS]))
    values.pop("id")
    values["parameters"]["tool_ids"] = list(job.parameters.tool_ids)
    values["mishaps"] = list(values["mishaps"])
    return values | {"position": position_of(job.created_at, job.id)}


def _job(document: Document) -> ReanalysisJob:
    given = document["parameters"]
    checkpoint = document["checkpoint"]
    return ReanalysisJob(
        id=document["_id"],
        status=document["status"],
        trigger_type=document["trigger_type"],
        triggered_by=document["triggered_by"],
        parameters=ReanalysisParameters(
            start=_utc(given["start"]),
            end=_utc(given["end"]),
            tool_ids=tuple(given["tool_ids"]),
            batch_size=given["batch_size"],
        ),
        start=document["start"],
        end=document["end"],
        total=document["total"],
        created_at=document["created_at"],
        tallied=Tallied(**document["tallied"]),
        checkpoint=None if checkpoint is None else Checkpoint(**checkpoint),
        mishaps=tuple(Mishap(**mishap) for mishap in document["mishaps"]),
        failure=document["failure"],
        started_at=_utc(document["started_at"]),
        ended_at=_utc(document["ended_at"]),
        work_seconds=document["work_seconds"],
        cancelling=document["cancelling"],
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
