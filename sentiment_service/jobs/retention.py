"""Deleting what is older than it may be kept: posts with their comments and scores, then the rollups."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sentiment_service.models import utc_now
from sentiment_service.settings import StorageSettings
from sentiment_service.store.stores import Store


class Retention:
    """Deletes by creation time, in batches, so that no single operation takes long.

    :param settings: how long items are kept and how many are deleted at once.
    """

    def __init__(
        self, store: Store, settings: StorageSettings, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    async def run(self) -> dict[str, int]:
        """One sweep; returns how many items were deleted, lost their text, and days of rollups recomputed.

        :raises StoreError: when the database refuses or is away; the next sweep goes on from there.
        """
        cutoff = self._now() - timedelta(days=self._settings.retention_days)
        deleted = 0
        async for count in self._store.items.delete_before(cutoff, batch=self._settings.retention_batch):
            deleted += count
        await self._store.purges.expire()
        bare = await self._drop_texts()
        days = await self._store.rollups.recompute_dirty()
        if deleted or bare or days:
            await self._store.state.bump_version()
        counts = {"deleted": deleted, "days": days}
        return counts | {"texts_dropped": bare} if self._settings.raw_text_hours else counts

    async def _drop_texts(self) -> int:
        hours = self._settings.raw_text_hours
        if not hours:
            return 0
        cutoff = self._now() - timedelta(hours=hours)
        batches = self._store.items.drop_texts(cutoff, batch=self._settings.retention_batch)
        return sum([count async for count in batches])
