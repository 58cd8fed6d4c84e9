"""Backup and restore of a whole database, whichever it is, as the command line offers them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sentiment_service.demo.data_folder import DATABASE_FOLDER
from sentiment_service.errors import BackupError, StoreError
from sentiment_service.jobs.collect import LEASE
from sentiment_service.resources import open_database
from sentiment_service.settings import Settings
from sentiment_service.store import copying, loading
from sentiment_service.store.copying import Progress
from sentiment_service.store.migrations import LEASE as MIGRATION_LEASE
from sentiment_service.store.stores import Store, open_store

TIMEOUT_S = 120.0
"""Seconds one operation may take at least: a whole collection is read and counted."""


async def back_up(settings: Settings, path: Path, *, progress: Progress) -> dict[str, int]:
    """Write everything in the database into a new file; returns the number of documents by collection.

    The embedded database is started for it, so no service may be running on it. A MongoDB may be in use.

    :raises StartupError: the embedded database is in use or does not start.
    :raises BackupError: the file exists or cannot be written, or there is nothing to back up.
    :raises StoreError: the database failed.
    """
    embedded = _is_embedded(settings)
    folder = settings.storage.data_dir / DATABASE_FOLDER
    if embedded and not await asyncio.to_thread(folder.is_dir):
        raise BackupError(f"there is no database in {settings.storage.data_dir} (storage.data_dir)")
    async with _opened(settings) as store:
        return await copying.dump(store, path, alone=embedded, progress=progress)


async def restore(settings: Settings, path: Path, *, replace: bool, progress: Progress) -> dict[str, int]:
    """Put what is in a backup into the database; returns the number of documents by collection.

    What was purged or erased here since the backup was made is left out.

    The whole file is checked first, so one that cannot be used changes nothing.

    :param replace: whether what is in the database now may be deleted.
    :raises BackupError: the file cannot be used, or the database is in use or not empty.
    :raises StartupError: the embedded database is in use or does not start.
    :raises StoreError: the database failed before anything was changed.
    """
    store = open_store(settings.mongodb)
    header, counts = await loading.verify(path, supported=store.schema.supported, progress=progress)
    async with _opened(settings) as store:
        if not _is_embedded(settings):
            await _refuse_used(store)
        if not replace and (await store.schema.half_restored() or await loading.occupied(store.database)):
            raise BackupError(
                f"the database {store.database.name} is not empty: add --replace to delete what is in it"
            )
        try:
            left_out = await loading.load(store, path, header, counts, progress=progress)
            await store.schema.prepare()
            await store.rollups.recompute_dirty()
        except StoreError as error:
            raise BackupError(f"{error}; restore again with --replace") from error
    return {name: stored - left_out.get(name, 0) for name, stored in counts.items()}


async def _refuse_used(store: Store) -> None:
    for lease in (LEASE, MIGRATION_LEASE):
        holder = await store.state.holder(lease)
        if holder is not None:
            raise BackupError(f"a service ({holder.owner}) is using the database: stop it, then restore")


def _is_embedded(settings: Settings) -> bool:
    return not settings.mongodb.uri.get_secret_value()


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    patient = settings.mongodb.model_copy(
        update={"timeout_seconds": max(TIMEOUT_S, settings.mongodb.timeout_seconds)}
    )
    store = open_store(patient)
    async with open_database(settings, store):
        yield store
