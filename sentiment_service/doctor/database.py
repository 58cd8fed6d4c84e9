"""The database: reached, of the right version, with its indexes, and writable."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

from sentiment_service.demo.data_folder import DATABASE_FOLDER
from sentiment_service.doctor.findings import Finding, Level
from sentiment_service.errors import DatabaseUnavailableError, ServiceError, StartupError, StoreError
from sentiment_service.resources import open_database
from sentiment_service.settings import Settings
from sentiment_service.store.inspection import advice_on, missing_indexes, server, write_and_read_back
from sentiment_service.store.migrations import newer
from sentiment_service.store.stores import Store, open_store

OPERATION_S = 5.0
CLOCK_WARNING_S = 2.0
CLOCK_PROBLEM_S = 20.0
"""Seconds between two clocks from which one instance may take the lease of another that is alive."""


async def look_at_database(settings: Settings) -> AsyncGenerator[Finding]:
    """Check the database; an embedded one is started for it, a new one in a place of its own."""
    embedded = not settings.mongodb.uri.get_secret_value()
    data = settings.storage.data_dir / DATABASE_FOLDER
    if embedded and not await asyncio.to_thread(data.is_dir):
        yield Finding("ok", "database", f"{settings.storage.data_dir} will be made at the first start")
        with tempfile.TemporaryDirectory(prefix="sentiment-doctor-", ignore_cleanup_errors=True) as folder:
            storage = settings.storage.model_copy(update={"data_dir": Path(folder)})
            async for finding in _look_into(settings.model_copy(update={"storage": storage})):
                yield finding
        return
    async for finding in _look_into(settings):
        yield finding


async def _look_into(settings: Settings) -> AsyncIterator[Finding]:
    quick = settings.mongodb.model_copy(
        update={
            "timeout_seconds": min(OPERATION_S, settings.mongodb.timeout_seconds),
            "retry_deadline_seconds": min(OPERATION_S, settings.mongodb.retry_deadline_seconds),
        }
    )
    store = open_store(quick)
    try:
        async with open_database(settings, store):
            for look in (_server, _version, _indexes, _writing):
                for finding in await look(store):
                    yield finding
    except StartupError as error:
        yield Finding("problem", "database", str(error))
    except StoreError as error:
        yield Finding("problem", "database", str(error), advice_on(error))
    except ServiceError as error:
        yield Finding("problem", "database", str(error))


async def _server(store: Store) -> list[Finding]:
    told = await server(store.database)
    latency_ms = await store.database.check() * 1000
    seen = f"{told.product}, {told.setup}, reads in {latency_ms:.1f} ms"
    found = [Finding("ok", "database", seen)]
    if told.read_only:
        found = [
            Finding("problem", "database", f"{seen}, takes no writes", "name the primary in mongodb.uri")
        ]
    if told.clock_ahead_s is not None:
        found.append(clock("database", told.clock_ahead_s))
    return found


async def _version(store: Store) -> list[Finding]:
    if await store.schema.half_restored():
        advice = "run sentiment-service restore FILE --replace again"
        return [Finding("problem", "schema", f"the database {store.database.name} is half restored", advice)]
    found, supported = await store.schema.found(), store.schema.supported
    if found > supported:
        return [Finding("problem", "schema", newer(store.database.name, found, supported))]
    if found < supported:
        seen = f"version {found} becomes {supported} at the next start"
        return [Finding("warning", "schema", seen, "stop all instances and make a backup before it")]
    return [Finding("ok", "schema", f"version {found}, as supported")]


async def _indexes(store: Store) -> list[Finding]:
    missing = await missing_indexes(store.database)
    if missing is None:
        return [Finding("ok", "indexes", "none yet: they are made at the first start")]
    if missing:
        names = ", ".join(f"{count} of {name}" for name, count in missing.items())
        advice = "they are made at the next start, which may take a while"
        return [Finding("warning", "indexes", f"missing: {names}", advice)]
    return [Finding("ok", "indexes", "all there")]


async def _writing(store: Store) -> list[Finding]:
    try:
        seconds = await write_and_read_back(store.database)
    except DatabaseUnavailableError as error:
        return [Finding("problem", "writing", str(error), advice_on(error))]
    except StoreError as error:
        return [Finding("problem", "writing", str(error), "do not trust this server with data")]
    return [Finding("ok", "writing", f"a document was on disk and read back in {seconds * 1000:.0f} ms")]


def clock(of: str, ahead_s: float) -> Finding:
    """What a clock says that is so many seconds ahead of ours."""
    seen = (
        f"the clock of {of} is {abs(ahead_s):.1f} s {'ahead of' if ahead_s > 0 else 'behind'} this machine's"
    )
    if abs(ahead_s) < CLOCK_WARNING_S:
        return Finding("ok", "clock", f"{of} agrees with this machine to {abs(ahead_s):.1f} s")
    level: Level = "problem" if abs(ahead_s) >= CLOCK_PROBLEM_S else "warning"
    return Finding(level, "clock", seen, "set both by NTP")
