"""Reanalysis jobs: asked for, followed and cancelled by administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sentiment_service.api.context import Context
from sentiment_service.api.dates import Moment
from sentiment_service.api.problems import Problem, invalid, not_found
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Body, Input
from sentiment_service.errors import ReanalysisActiveError
from sentiment_service.reanalysis import (
    MAX_BATCH,
    ReanalysisJob,
    ReanalysisParameters,
    ReanalysisStatus,
    TriggerType,
)

routes = Routes(tag="Admin")

MAX_TOOLS = 50


def _different(ids: list[str]) -> list[str]:
    if len(set(ids)) < len(ids):
        raise ValueError("should name no tool twice")
    return ids


class DateRange(Body):
    """Which items, by when they were written; times need a zone."""

    start: Moment | None = Field(None, examples=["2026-11-01"])
    """The first day, or moment; the oldest item when not given."""
    end: Moment | None = Field(None, examples=["2026-11-23"])
    """The last day, which is included, or the moment at which to stop; now when not given."""


class ReanalysisBody(Body):
    """What to analyse again; everything that is stored when nothing is said."""

    date_range: DateRange = Field(DateRange(), examples=[{"start": "2026-11-01", "end": "2026-11-23"}])
    tool_ids: Annotated[list[str], Field(max_length=MAX_TOOLS), AfterValidator(_different)] = Field(
        [], examples=[["cursor"]]
    )
    """Change only items that name one of these tools, before or after; by id or slug."""
    batch_size: int | None = Field(None, ge=1, le=MAX_BATCH, examples=[200])
    """Items between two checkpoints; as in the settings when not given."""


class JobsQuery(Input):
    status: ReanalysisStatus | None = None
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=100_000)


class JobPath(Input):
    id: str = Field(min_length=1, max_length=64, examples=["20261124T001500Z-3fa2b1"])
    """A job's id."""


@dataclass(frozen=True, slots=True)
class RangeAnswer(Answer):
    """Items written from ``start`` on and before ``end``."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class ParametersAnswer(Answer):
    """What a job analyses again."""

    date_range: RangeAnswer
    tool_ids: tuple[str, ...]
    batch_size: int


@dataclass(frozen=True, slots=True)
class ProgressAnswer(Answer):
    """How far a job is."""

    total_count: int
    """Items, as estimated when it was asked for."""
    processed_count: int
    percentage: float
    """From 0 to 100."""
    last_checkpoint_id: str | None
    """The last item that is done, as its time and id; a restart goes on after it."""
    estimated_time_remaining: float | None
    """Seconds; null while there is nothing to judge by, and at the end."""


@dataclass(frozen=True, slots=True)
class StatisticsAnswer(Answer):
    """What became of the items so far."""

    tools_detected: int
    """Mentions of tools."""
    errors_count: int
    """Items that could not be scored; they keep what they had."""
    categorized_count: int
    """Items that speak of a tool."""
    uncategorized_count: int
    changed_count: int
    """Items that were written anew."""
    skipped_count: int
    """Items whose text is not kept any more; they keep what they had."""


@dataclass(frozen=True, slots=True)
class MishapAnswer(Answer):
    """An item that could not be analysed."""

    id: str
    error: str


@dataclass(frozen=True, slots=True)
class JobAnswer(Answer):
    """A reanalysis job."""

    id: str
    status: ReanalysisStatus
    trigger_type: TriggerType
    """``automatic`` when a tool was new, active again or got other names."""
    triggered_by: str
    parameters: ParametersAnswer
    progress: ProgressAnswer
    statistics: StatisticsAnswer
    error_log: tuple[MishapAnswer, ...]
    """At most a hundred."""
    failure: str | None
    """Why it failed."""
    start_time: datetime | None
    end_time: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class JobDetails(Answer):
    """One job."""

    job: JobAnswer


@dataclass(frozen=True, slots=True)
class JobsAnswer(Answer):
    """Jobs, newest first."""

    jobs: tuple[JobAnswer, ...]
    total_count: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class JobStatusAnswer(Answer):
    """How far a job is."""

    job_id: str
    status: ReanalysisStatus
    progress: ProgressAnswer


@dataclass(frozen=True, slots=True)
class JobAccepted(Answer):
    """A job waits for its turn, which comes within seconds."""

    job_id: str
    status: Literal["queued"]
    estimated_docs: int
    message: str
    poll_url: str


@dataclass(frozen=True, slots=True)
class JobCancelled(Answer):
    """A job was cancelled, or will be at its next checkpoint."""

    job_id: str
    status: ReanalysisStatus
    message: str


@routes.post(
    "/admin/reanalysis/jobs", summary="Analyse stored items again", status=202, errors=(409, 503), admin=True
)
async def start_reanalysis(context: Context, body: ReanalysisBody) -> JobAccepted:
    """Scores stored items again and searches them for tools again, in the background and batch by batch.

    409 when a job is active, with its ``job_id``.
    """
    parameters = ReanalysisParameters(
        start=_moment(body.date_range.start, days=0),
        end=_moment(body.date_range.end, days=1),
        tool_ids=await _tool_ids(context, body.tool_ids),
        batch_size=body.batch_size or context.settings.reanalysis.batch_size,
    )
    if parameters.start and parameters.end and parameters.start >= parameters.end:
        raise invalid("date_range", "start should be before end")
    try:
        job = await context.store.reanalyses.ask(parameters, trigger="manual", by="admin")
    except ReanalysisActiveError as error:
        raise Problem(
            409, f"Reanalysis {error.job_id} is active.", extensions={"job_id": error.job_id}
        ) from error
    await context.store.audit.record("reanalysis", job.id, {"items": job.total})
    return JobAccepted(
        job_id=job.id,
        status="queued",
        estimated_docs=job.total,
        message="The job begins within seconds.",
        poll_url=f"/api/v1/admin/reanalysis/jobs/{job.id}/status",
    )


@routes.get("/admin/reanalysis/jobs", summary="Reanalysis jobs", errors=(503,), admin=True)
async def reanalysis_jobs(context: Context, query: JobsQuery) -> JobsAnswer:
    """Jobs that wait, run or have ended, newest first."""
    jobs, total = await context.store.reanalyses.list(
        status=query.status, limit=query.limit, offset=query.offset
    )
    return JobsAnswer(tuple(map(_answer, jobs)), total, query.limit, query.offset)


@routes.get("/admin/reanalysis/jobs/{id}", summary="One reanalysis job", errors=(503,), admin=True)
async def reanalysis_job(context: Context, path: JobPath) -> JobDetails:
    """A job with its figures and the first items that failed."""
    return JobDetails(_answer(await _held(context, path.id)))


@routes.get(
    "/admin/reanalysis/jobs/{id}/status", summary="How far a reanalysis job is", errors=(503,), admin=True
)
async def reanalysis_status(context: Context, path: JobPath) -> JobStatusAnswer:
    """Status and progress alone."""
    job = await _held(context, path.id)
    return JobStatusAnswer(job.id, job.status, _progress(job))


@routes.delete(
    "/admin/reanalysis/jobs/{id}", summary="Cancel a reanalysis job", errors=(409, 503), admin=True
)
async def cancel_reanalysis(context: Context, path: JobPath) -> JobCancelled:
    """A waiting job ends at once, a running one at its next checkpoint; 409 for one that has ended.

    What it did stays done: every item has either its old score or its new one, and the rollups agree.
    """
    before = await _held(context, path.id)
    if not before.active:
        raise Problem(409, f"The job has ended already: it is {before.status}.")
    job = await context.store.reanalyses.cancel(path.id) or before
    await context.store.audit.record("cancel reanalysis", job.id, {"processed": job.tallied.processed})
    message = "It stops at its next checkpoint." if job.active else "It is cancelled."
    return JobCancelled(job.id, job.status, message)


async def _tool_ids(context: Context, named: Sequence[str]) -> tuple[str, ...]:
    ids: list[str] = []
    for index, name in enumerate(named):
        tool = await context.store.tools.find(name)
        if tool is None:
            raise invalid(f"tool_ids.{index}", "is not the id or slug of a tool")
        ids.append(tool.id)
    return tuple(ids)


def _moment(given: date | datetime | None, *, days: int) -> datetime | None:
    """A moment as it is, a day as its beginning, or the beginning of the day so many days later."""
    if given is None or isinstance(given, datetime):
        return given
    return datetime.combine(given, time(), UTC) + timedelta(days=days)


async def _held(context: Context, job_id: str) -> ReanalysisJob:
    job = await context.store.reanalyses.get(job_id)
    if job is None:
        raise not_found("job")
    return job


def _answer(job: ReanalysisJob) -> JobAnswer:
    asked, done = job.parameters, job.tallied
    return JobAnswer(
        id=job.id,
        status=job.status,
        trigger_type=job.trigger_type,
        triggered_by=job.triggered_by,
        parameters=ParametersAnswer(RangeAnswer(asked.start, asked.end), asked.tool_ids, asked.batch_size),
        progress=_progress(job),
        statistics=StatisticsAnswer(
            tools_detected=done.tools_detected,
            errors_count=done.errors,
            categorized_count=done.categorized,
            uncategorized_count=done.uncategorized,
            changed_count=done.changed,
            skipped_count=done.skipped,
        ),
        error_log=tuple(MishapAnswer(mishap.fullname, mishap.error) for mishap in job.mishaps),
        failure=job.failure,
        start_time=job.started_at,
        end_time=job.ended_at,
        created_at=job.created_at,
    )


def _progress(job: ReanalysisJob) -> ProgressAnswer:
    left = job.seconds_left
    return ProgressAnswer(
        total_count=job.total,
        processed_count=job.tallied.processed,
        percentage=round(job.percentage, 1),
        last_checkpoint_id=None if job.checkpoint is None else job.checkpoint.position,
        estimated_time_remaining=None if left is None else round(left, 1),
    )
