"""Telling listeners how collections go and when the data changed."""

import asyncio
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime

from sentiment_service.models import Cycle
from sentiment_service.store.version import VersionWatch

PROGRESS_INTERVAL_S = 0.5

Publish = Callable[[str, dict[str, object]], None]
"""Told the kind of an event and its data."""


class CycleAnnouncer:
    """Announces the beginning and the end of each cycle, and its progress about twice a second."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._next_s = 0.0

    def started(self, cycle: Cycle) -> None:
        """A cycle began."""
        self._next_s = asyncio.get_running_loop().time() + PROGRESS_INTERVAL_S
        self._publish("cycle.started", facts_of(cycle))

    def progressed(self, cycle: Cycle) -> None:
        """A cycle got further; announced unless that was done a moment ago or the cycle has ended."""
        now_s = asyncio.get_running_loop().time()
        if cycle.status == "running" and now_s >= self._next_s:
            self._next_s = now_s + PROGRESS_INTERVAL_S
            self._publish("cycle.progress", facts_of(cycle))

    def finished(self, cycle: Cycle) -> None:
        """A cycle ended, well or not, and its record is stored."""
        self._publish("cycle.finished", facts_of(cycle))


def facts_of(cycle: Cycle) -> dict[str, object]:
    """A cycle as ``GET /cycles`` shows it: with the times that are stored, which are whole milliseconds."""
    ended = None if cycle.end_time is None else _stored(cycle.end_time)
    cycle = replace(cycle, start_time=_stored(cycle.start_time), end_time=ended)
    facts = {field.name: getattr(cycle, field.name) for field in fields(cycle)}
    return facts | {"duration_seconds": cycle.duration_seconds}


def _stored(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


async def announce_versions(watch: VersionWatch, publish: Publish) -> None:
    """Announce every change of the data, for ever; changes that follow each other at once become one."""
    known = await watch.changed(None)
    while True:
        known = await watch.changed(known)
        if known.number:  # 0 is a database in which nothing was ever written
            publish("data.updated", {"version": known.number, "changed_at": known.changed_at})
