"""How the service is: health, probes, what is watched, and what collections did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from sentiment_service.api.context import (
    ApplicationHealth,
    Context,
    DatabaseHealth,
    ProcessHealth,
    RedditHealth,
    ScoringHealth,
)
from sentiment_service.api.cursors import decode_cursor, encode_cursor
from sentiment_service.api.health import HealthStatus, SubredditState, health_status, subreddit_state
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Input, OptionalText, Reply
from sentiment_service.models import Cycle, CycleStatus, SubredditStatus, Watermark

routes = Routes(tag="System")
probes = Routes(tag="System", prefix="")

TEXT = "text/plain"
LONGEST_CYCLE_ID = 100


@dataclass(frozen=True, slots=True)
class HealthAnswer(Answer):
    """How the service is, from what background checks saw last."""

    status: HealthStatus
    """Unhealthy without the database; degraded when collecting or scoring does not work as it should."""
    timestamp: datetime
    version: str
    process: ProcessHealth
    application: ApplicationHealth
    database: DatabaseHealth
    reddit: RedditHealth
    scoring: ScoringHealth


@dataclass(frozen=True, slots=True)
class Breaker(Answer):
    """Whether a failing subreddit is left alone for a while."""

    open: bool
    failures: int
    """Reads that failed in a row."""
    retry_at: datetime | None
    """When scheduled collections ask again; null when it did not fail."""


@dataclass(frozen=True, slots=True)
class SubredditDetail(Answer):
    """One watched subreddit."""

    name: str
    status: SubredditStatus
    """What Reddit said of it last; ``ok`` too before anything is known, which ``state`` tells."""
    state: SubredditState
    """How it does as a source: blocked by Reddit, stale when collections miss it, quiet after a day without
    news."""
    last_collected_at: datetime | None
    last_item_at: datetime | None
    last_error: str | None
    breaker: Breaker


@dataclass(frozen=True, slots=True)
class SubredditsAnswer(Answer):
    """What is watched."""

    subreddits: tuple[str, ...]
    count: int
    details: tuple[SubredditDetail, ...]


class CyclesQuery(Input):
    limit: int = Field(20, ge=1, le=100)
    cursor: OptionalText = None
    """Where to go on: ``next_cursor`` of the page before."""


@dataclass(frozen=True, slots=True)
class CycleError(Answer):
    """Something that went wrong in a collection."""

    subreddit: str | None
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class CycleAnswer(Answer):
    """One collection."""

    id: str
    status: CycleStatus
    trigger: Literal["schedule", "admin", "command"]
    start_time: datetime
    end_time: datetime | None
    """Null while running."""
    duration_seconds: float | None
    subreddits_processed: tuple[str, ...]
    posts_collected: int
    comments_collected: int
    items_new: int
    items_updated: int
    items_set_aside: int
    """Items that could not be used."""
    api_requests: int
    gaps: int
    """Stretches of time that a listing did not reach back to."""
    percentage: float
    """How much of it is done."""
    errors: tuple[CycleError, ...]


@dataclass(frozen=True, slots=True)
class CyclesAnswer(Answer):
    """One page of collections, newest first."""

    cycles: tuple[CycleAnswer, ...]
    next_cursor: str | None
    """Null on the last page."""


@routes.get("/health", summary="How the service is", other_statuses={503: "The service is unhealthy."})
async def health(context: Context) -> Reply[HealthAnswer]:
    """Answers at once whatever hangs: it reports what background checks saw last."""
    snapshot = context.health.snapshot()
    status = health_status(snapshot, context.collector.interval_s)
    answer = HealthAnswer(
        status=status,
        timestamp=context.now(),
        version=context.version,
        process=snapshot.process,
        application=snapshot.application,
        database=snapshot.database,
        reddit=snapshot.reddit,
        scoring=snapshot.scoring,
    )
    return Reply(answer, status=503 if status == "unhealthy" else 200)


@probes.get("/livez", summary="Whether the process answers", media_type=TEXT)
async def livez(context: Context) -> str:
    """For an orchestrator: restart the process when this does not answer."""
    return "ok\n"


@probes.get(
    "/readyz",
    summary="Whether requests can be served",
    media_type=TEXT,
    other_statuses={503: "The database is away, or the service is shutting down."},
)
async def readyz(context: Context) -> Reply[str]:
    """For an orchestrator: send requests elsewhere while this is 503."""
    snapshot = context.health.snapshot()
    if snapshot.draining:
        return Reply("shutting down\n", status=503)
    if not snapshot.database.connected:
        return Reply("database away\n", status=503)
    return Reply("ready\n")


@routes.get("/subreddits", summary="What is watched", errors=(503,), kept="minute")
async def subreddits(context: Context) -> SubredditsAnswer:
    """The watched subreddits, and how each does as a source."""
    # Kept in memory: every collection raises the data version when it is over, whatever it brought.
    watched = tuple(context.collector.known_subreddits)
    marks = await context.store.watermarks.all()
    now_s, interval_s = context.now().timestamp(), context.collector.interval_s
    details = (_detail(name, marks.get(name.lower()), now_s, interval_s) for name in watched)
    return SubredditsAnswer(watched, len(watched), tuple(details))


def _detail(name: str, mark: Watermark | None, now_s: float, interval_s: float) -> SubredditDetail:
    state = subreddit_state(mark, now_s, interval_s)
    mark = mark or Watermark(name)
    is_open = mark.retry_at is not None and now_s < mark.retry_at.timestamp()
    return SubredditDetail(
        name=name,
        status=mark.status,
        state=state,
        last_collected_at=mark.last_collected_at,
        last_item_at=mark.last_item_at,
        last_error=mark.last_error,
        breaker=Breaker(is_open, mark.failures, mark.retry_at),
    )


@routes.get("/cycles", summary="What collections did", errors=(503,))
async def cycles(context: Context, query: CyclesQuery) -> CyclesAnswer:
    """Collections, newest first, the running one included."""
    before = None
    if query.cursor is not None:
        before = decode_cursor("cycles", {}, query.cursor, _cycle_id)
    found = await context.store.cycles.latest(limit=query.limit + 1, before=before)
    page = found[: query.limit]
    cursor = encode_cursor("cycles", {}, page[-1].id) if len(found) > query.limit else None
    return CyclesAnswer(tuple(_cycle_answer(cycle) for cycle in page), cursor)


def _cycle_id(text: str) -> str:
    if not text.isprintable() or len(text) > LONGEST_CYCLE_ID:
        raise ValueError("not a cycle's id")
    return text


def _cycle_answer(cycle: Cycle) -> CycleAnswer:
    return CycleAnswer(
        id=cycle.id,
        status=cycle.status,
        trigger=cycle.trigger,
        start_time=cycle.start_time,
        end_time=cycle.end_time,
        duration_seconds=cycle.duration_seconds,
        subreddits_processed=cycle.subreddits_processed,
        posts_collected=cycle.posts_collected,
        comments_collected=cycle.comments_collected,
        items_new=cycle.items_new,
        items_updated=cycle.items_updated,
        items_set_aside=cycle.items_set_aside,
        api_requests=cycle.api_requests,
        gaps=cycle.gaps,
        percentage=cycle.percentage,
        errors=tuple(CycleError(error.subreddit, error.kind, error.message) for error in cycle.errors),
    )
