"""The exception tree.

Everything the service raises on purpose derives from :class:`ServiceError`:

- :class:`ConfigError`: the settings cannot be used; carries one line for each mistake.
- :class:`StartupError`: the service cannot start (port taken, data directory in use, missing extra).
- :class:`SourceError`: a source of content refused, failed or answered nonsense.
- :class:`ScoringError`: a text could not be scored.
- :class:`TopicsError`: trending topics could not be found.
- :class:`DriversError`: what moved a tool's figures could not be found out.
- :class:`NamesError`: names that nobody tracks could not be counted.
- :class:`StoreError`: the database refused an operation; :class:`DatabaseUnavailableError` when it is away.
- :class:`EvaluationError`: a file of labelled texts cannot be read, or a report not written.
- :class:`BackupError`: a backup cannot be made, read or restored.
- :class:`CycleRunningError`: a collection was asked for while one runs.
- :class:`NotCollectingError`: a collection was asked for of a process that never collects.
- :class:`ReanalysisActiveError`: a reanalysis was asked for while one is active.
- :class:`CycleLostError`: a running collection lost its lease to another process.
- :class:`ToolRefusedError`: a change of the tracked tools makes no sense or conflicts with what there is.
"""

from collections.abc import Sequence
from typing import Literal

SourceErrorKind = Literal[
    "private",
    "banned",
    "not_found",
    "quarantined",
    "forbidden",
    "unauthorized",
    "rate_limited",
    "unavailable",
    "timeout",
    "bad_answer",
]

ToolRefusal = Literal["unknown", "conflict", "stale", "invalid"]


class ServiceError(Exception):
    """Base of every error the service raises on purpose."""


class ConfigError(ServiceError):
    """The settings cannot be used.

    :param problems: one line for each mistake, naming the key, the value and what was expected.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class StartupError(ServiceError):
    """The service cannot start; the message is one line that says what to do."""


class SourceError(ServiceError):
    """A source of content refused, failed, or answered nonsense.

    :param kind: what went wrong, as one of a fixed set of names.
    :param detail: one sentence for a person; never holds a secret.
    :param retry_after_s: seconds the source asked us to wait, when it did.
    """

    def __init__(self, kind: SourceErrorKind, detail: str, *, retry_after_s: float | None = None) -> None:
        self.kind: SourceErrorKind = kind
        self.detail = detail
        self.retry_after_s = retry_after_s
        super().__init__(f"{kind}: {detail}")


class ScoringError(ServiceError):
    """A text could not be scored."""


class TopicsError(ServiceError):
    """Trending topics could not be found."""


class DriversError(ServiceError):
    """What moved a tool's figures could not be found out."""


class NamesError(ServiceError):
    """Names that nobody tracks could not be counted."""


class StoreError(ServiceError):
    """The database refused an operation."""


class DatabaseUnavailableError(StoreError):
    """The database is away.

    :param retry_after_s: when asking again is worthwhile, in seconds.
    """

    def __init__(self, detail: str, *, retry_after_s: float = 5.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(detail)


class EvaluationError(ServiceError):
    """A file of labelled texts cannot be read, or a report not written; one line with the file's name."""


class BackupError(ServiceError):
    """A backup cannot be made, read or restored; the message is one line that says what to do."""


class CycleRunningError(ServiceError):
    """A collection was asked for while one runs.

    :param cycle_id: the id of the running cycle, when it is known.
    """

    def __init__(self, cycle_id: str | None) -> None:
        self.cycle_id = cycle_id
        super().__init__(f"collection {cycle_id or ''} is already running".replace("  ", " "))


class NotCollectingError(ServiceError):
    """This process never collects; another one on the same database does."""


class ReanalysisActiveError(ServiceError):
    """A reanalysis was asked for while one waits or runs.

    :param job_id: the id of that one.
    """

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"reanalysis {job_id} is active already")


class CycleLostError(ServiceError):
    """A running collection lost its lease to another process and must stop writing."""


class ToolRefusedError(ServiceError):
    """A change of the tracked tools was refused, and nothing was changed.

    :param kind: ``unknown`` tool, ``conflict`` with what there is, ``stale`` idea of it, or ``invalid``.
    :param detail: one sentence for a person.
    :param field: what of the change is wrong, such as ``aliases.2``.
    """

    def __init__(self, kind: ToolRefusal, detail: str, *, field: str | None = None) -> None:
        self.kind: ToolRefusal = kind
        self.detail = detail
        self.field = field
        super().__init__(detail)
