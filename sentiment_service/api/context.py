"""What handlers work with, and what the program must provide for them while it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from aiohttp import web
from prometheus_client.registry import Collector

from sentiment_service.api.schema import Answer
from sentiment_service.drivers import Drivers
from sentiment_service.errors import DriversError, ScoringError
from sentiment_service.events import Events
from sentiment_service.models import CycleStatus, Span
from sentiment_service.settings import Settings
from sentiment_service.store.stores import Store
from sentiment_service.store.tool_changes import Move
from sentiment_service.tools import Analysis


@dataclass(frozen=True, slots=True)
class LoopLag(Answer):
    """How late the event loop was, in milliseconds, over the last minutes."""

    p50: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class ProcessHealth(Answer):
    """The process that answers."""

    uptime_seconds: float
    memory_mb: float
    """Resident memory."""
    cpu_percent: float
    """Of one core, since the measurement before."""
    pid: int
    event_loop_lag_ms: LoopLag


@dataclass(frozen=True, slots=True)
class ApplicationHealth(Answer):
    """What the service has been doing."""

    last_collection_at: datetime | None
    """End of the last collection that stored something; null before the first."""
    collections_succeeded: int
    collections_failed: int
    data_freshness_minutes: float | None
    """Age of the newest collected data; null before the first collection."""
    collecting: bool
    """Whether a collection is running now."""
    next_collection_at: datetime | None
    role: Literal["all", "api", "collector"]


@dataclass(frozen=True, slots=True)
class DatabaseHealth(Answer):
    """What the last background check of the database saw."""

    connected: bool
    latency_ms: float | None
    """Of the last check that succeeded."""


@dataclass(frozen=True, slots=True)
class RedditHealth(Answer):
    """What the last answers of Reddit said."""

    ok: bool | None
    """Null before the first request."""
    rate_limit_remaining: float | None
    rate_limit_reset_seconds: float | None


@dataclass(frozen=True, slots=True)
class ScoringHealth(Answer):
    """The process that scores texts."""

    worker_alive: bool
    queue: int
    """Texts waiting or being scored."""


@dataclass(frozen=True, slots=True)
class HealthSnapshot:
    """What the background checks saw last."""

    process: ProcessHealth
    application: ApplicationHealth
    database: DatabaseHealth
    reddit: RedditHealth
    scoring: ScoringHealth
    last_cycle_status: CycleStatus | None = None
    """How the last finished collection ended; ``None`` before the first."""
    draining: bool = False
    """Whether the service is shutting down and wants no new work."""


class HealthSource(Protocol):
    """Knows how the program is doing, from background checks."""

    def snapshot(self) -> HealthSnapshot:
        """What was seen last; never waits."""
        ...


class CollectControl(Protocol):
    """Starts collections, and knows what is collected."""

    @property
    def known_subreddits(self) -> Sequence[str]:
        """Watched subreddits, as spelled in the settings."""
        ...

    @property
    def interval_s(self) -> float:
        """Seconds between two scheduled collections."""
        ...

    async def trigger(self) -> str:
        """Start a collection in the background and return its id.

        :raises CycleRunningError: one runs already.
        :raises DatabaseUnavailableError: it cannot be started now.
        """
        ...


class Scorer(Protocol):
    """Scores texts outside the event loop."""

    @property
    def queued(self) -> int:
        """Texts waiting or being scored."""
        ...

    async def score(self, texts: Sequence[str]) -> list[Analysis | ScoringError | None]:
        """One result for each text: what it says, ``None`` for nothing to score, or why it failed."""
        ...


class MoveControl(Protocol):
    """Has stored items follow changes of tools."""

    async def finish(self, change_id: str, within_s: float) -> Move:
        """Move what a change moves, and wait for it a little; says how far it is.

        :param within_s: seconds to wait.
        """
        ...


class DriverControl(Protocol):
    """Finds out what moved the figures of a tool, outside the event loop."""

    async def find(self, tool_id: str, names: Sequence[str], before: Span, after: Span) -> Drivers:
        """The phrases that moved the mean from one window to another.

        :param names: those of the tool.
        :raises DriversError: it cannot be found out now.
        """
        ...


class NotSearched:
    """Finds nothing out."""

    async def find(self, tool_id: str, names: Sequence[str], before: Span, after: Span) -> Drivers:
        """Not done here."""
        raise DriversError(f"nothing here searches for what moved {tool_id}")


class MovedElsewhere:
    """Leaves all moves to other processes."""

    async def finish(self, change_id: str, within_s: float) -> Move:
        """Not done here."""
        return Move(change_id, (), done=False, items=0)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything handlers use."""

    settings: Settings
    store: Store
    scorer: Scorer
    health: HealthSource
    collector: CollectControl
    now: Callable[[], datetime]
    version: str
    events: Events = field(default_factory=Events)
    """What ``/events`` tells."""
    collectors: Sequence[Collector] = ()
    """What ``/metrics`` shows besides the API's own figures."""
    moves: MoveControl = field(default_factory=MovedElsewhere)
    drivers: DriverControl = field(default_factory=NotSearched)


CONTEXT: web.AppKey[Context] = web.AppKey("api_context", Context)
