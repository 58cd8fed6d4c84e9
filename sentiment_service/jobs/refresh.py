"""Reading stored items again: scores, counts and edits follow their source, and what is gone there goes here.

An item is due at some ages and then regularly (:class:`~sentiment_service.deletion.RefreshPlan`). A run
takes the most overdue first, 100 to a request, within a budget of requests: whatever piles up, every
item's turn comes, and a run never takes the source from collecting. With the default 60 requests every
15 minutes a run keeps up with 250,000 items at 48 hours, and 100,000 of them take 1,000 requests in two
days, of the 288,000 that Reddit allows.

A run has a lease of its own, so that of many replicas one refreshes, and collecting goes on beside it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sentiment_service.deletion import Reason
from sentiment_service.errors import ServiceError
from sentiment_service.jobs.collect import Tools
from sentiment_service.jobs.courtesy import Rests
from sentiment_service.jobs.ingest import Ingest, plan_of
from sentiment_service.models import Lease, Page, utc_now
from sentiment_service.store.refreshes import Due

log = logging.getLogger(__name__)

LEASE = "refresh"
LEASE_S = 240.0
"""Longer than a request may take with all its retries, and its page to be written."""
RELEASE_LIMIT_S = 3.0
PAGE = 100
ASK_AGAIN = timedelta(minutes=5)
"""How soon an item that its source did not show is asked for again."""
NOTHING_BELIEVED_AFTER = timedelta(hours=24)
"""How long a source may show nothing at all of what it is asked for before that is believed."""
FEW = 10
"""Of so few items asked for together, all may be gone."""


class Refresh:
    """Reads again what is due.

    :param tools: source, scorer, store and the settings of collection.
    :param owner: names this process in the lease.
    """

    def __init__(self, tools: Tools, *, owner: str, now: Callable[[], datetime] = utc_now) -> None:
        self._settings = tools.settings
        self._source = tools.source
        self._scorer = tools.scorer
        self._store = tools.store
        self._plan = plan_of(tools.settings)
        self._label_of = tools.label_of
        self._courtesy = tools.courtesy
        self._owner = owner
        self._now = now

    async def run(self) -> dict[str, int]:
        """One run; returns how many items were asked for, changed, missing and purged.

        :raises SourceError: when Reddit refuses or fails; what was read before stays.
        :raises StoreError: when the database refuses or is away.
        :raises CycleLostError: when another process took over.
        """
        lease = await self._store.state.acquire(LEASE, self._owner, LEASE_S)
        if lease is None:
            log.info("not refreshing: another process does")
            return {"skipped": 1}
        try:
            return await self._refresh(lease)
        finally:
            await asyncio.shield(self._release(lease))

    async def _refresh(self, lease: Lease) -> dict[str, int]:
        budget = self._settings.refresh_requests_per_run
        due = await self._store.refreshes.due(limit=budget * PAGE)
        rests = self._courtesy.begin()
        counts = dict.fromkeys(("asked", "updated", "missing", "purged", "kept_out"), 0)
        unpublished = False
        try:
            for start in range(0, len(due), PAGE):
                lease = await self._store.state.renew(lease, LEASE_S)
                done = await self._one_page(due[start : start + PAGE], rests)
                counts = {name: counts[name] + done[name] for name in counts}
                unpublished = unpublished or done["updated"] > 0
                if done["purged"]:
                    await self._publish(rests)
                    unpublished = False
        finally:
            if unpublished:
                await self._publish(rests)
        return counts

    async def _one_page(self, due: Sequence[Due], rests: Rests) -> dict[str, int]:
        """Ask for up to 100 items and take in what the answer says and does not say of them."""
        asked_at = self._now()
        page = await self._source.info([each.fullname for each in due])
        ingest = Ingest(
            self._store,
            self._scorer,
            cycle_id=f"refresh {asked_at:%Y%m%dT%H%MZ}",
            plan=self._plan,
            label_of=self._label_of,
            rests=rests,
            now=self._now,
        )
        await ingest.take(page)
        shown = {one.fullname for one in (*page.items, *page.set_aside)}
        absent = [each for each in due if each.fullname not in shown]
        purged = await self._settle_absent(absent, page, asked=len(due))
        await self._store.refreshes.seen(
            {
                each.fullname: self._plan.next_after(each.created_at, asked_at)
                for each in due
                if each.fullname in shown
            }
        )
        return {
            "asked": len(due),
            "updated": ingest.counts.updated + ingest.counts.new,
            "missing": len(absent) - purged,
            "purged": ingest.counts.purged + purged,
            "kept_out": ingest.counts.kept_out,
        }

    async def _settle_absent(self, absent: Sequence[Due], page: Page, *, asked: int) -> int:
        """Purge what is missing for the second time and ask again for the rest; returns how many were purged.

        An answer without anything is more likely a fault of the source than the end of everything.
        """
        doubtful = page.raw_count == 0 and asked > FEW
        since = self._now() - (NOTHING_BELIEVED_AFTER if doubtful else timedelta(0))
        reasons: dict[str, Reason] = {
            each.fullname: "missing"
            for each in absent
            if each.missing_since is not None and each.missing_since <= since
        }
        again = [each for each in absent if each.fullname not in reasons]
        if doubtful:
            log.warning("Reddit showed none of %d stored items; they are asked for again", asked)
        await self._store.refreshes.missing(again, again_at=self._now() + ASK_AGAIN)
        return len(await self._store.purges.purge(reasons)) if reasons else 0

    async def _publish(self, rests: Rests) -> None:
        """Make it visible: recompute the rollups it touches, then raise the data version."""
        await self._store.rollups.recompute_dirty(rests.piece)
        await self._store.state.bump_version()

    async def _release(self, lease: Lease) -> None:
        try:
            async with asyncio.timeout(RELEASE_LIMIT_S):
                await self._store.state.release(lease)
        except (ServiceError, TimeoutError) as error:
            log.warning("the lease of the refresh could not be given back: %s", error)
