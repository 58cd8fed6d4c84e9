"""Reading what a plan says: walks side by side, every page written on the way, watermarks moved after."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sentiment_service.errors import SourceError
from sentiment_service.jobs.breaker import ABOUT_THE_SUBREDDIT, after_failure, after_success, missed
from sentiment_service.jobs.ingest import Ingest
from sentiment_service.jobs.ledger import Ledger
from sentiment_service.jobs.plan import (
    Plan,
    advance,
    choose_probes,
    goal_of,
    group_goals,
    listing_mark,
    reaches,
)
from sentiment_service.models import Listing, Watermark
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.source import Source
from sentiment_service.sources.walk import Goal, Walk, walk

PAGE_SIZE = 100
LISTING_LIMIT = 1000
"""Things a listing of Reddit shows at most."""
DOWN_AFTER = 3
"""Reads that found the source unavailable, none having succeeded, after which the rest is not tried."""

Save = Callable[[Watermark], Awaitable[None]]


class Reader:
    """Reads subreddits back to their watermarks, a few walks side by side.

    :param marks: watermarks by subreddit name in lower case; every watched one has one.
    :param save: writes a watermark for good.
    """

    def __init__(
        self,
        settings: RedditSettings,
        source: Source,
        ingest: Ingest,
        ledger: Ledger,
        *,
        marks: dict[str, Watermark],
        save: Save,
        now: Callable[[], datetime],
    ) -> None:
        self.marks = marks
        self.down: SourceError | None = None
        """Why the whole source cannot be read, once that is known."""
        self._settings = settings
        self._source = source
        self._ingest = ingest
        self._ledger = ledger
        self._write_mark = save
        self._now = now
        self._overlap_s = settings.overlap_minutes * 60.0
        self._silent: list[str] = []
        self._unavailable = 0
        self._succeeded = False
        self._slots = asyncio.Semaphore(settings.max_concurrent_requests)
        self._saving = asyncio.Lock()

    async def read(self, plan: Plan) -> None:
        """Read everything planned, then read alone the group members that brought nothing.

        Reddit silently drops private, banned and unknown members from a group, so silence proves nothing:
        the watermark of a silent member stays where it is until it was read alone.

        :raises StoreError: when the database is away or refuses.
        """
        for name in plan.resting:
            self._note_resting(self.marks[name.lower()])
        self._ledger.reads_planned = 2 * (len(plan.alone) + len(plan.groups)) + 1
        groups = [partial(self._together, group) for group in plan.groups]
        alone = [partial(self._alone, name, tuple(Listing)) for name in plan.alone]
        await self._side_by_side([*groups, *alone])
        silent = choose_probes(self._silent, self.marks, budget=self._settings.probes_per_cycle)
        await self._side_by_side([partial(self._alone, name, tuple(Listing)) for name in silent])

    async def _side_by_side(self, reads: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """Run reads a few at a time; the first that fails for good stops the others."""

        async def in_turn(read: Callable[[], Awaitable[None]]) -> None:
            async with self._slots:
                await read()

        try:
            async with asyncio.TaskGroup() as group:
                for read in reads:
                    group.create_task(in_turn(read))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors

    async def _alone(self, name: str, listings: Sequence[Listing]) -> None:
        """Read one subreddit by itself; what stops it stops no other."""
        asked_at = self._now()
        for listing in listings:
            mark = self.marks[name.lower()]
            goals = {name: goal_of(listing_mark(mark, listing), overlap_s=self._overlap_s)}
            try:
                ended = await self._walk(goals, listing)
            except SourceError as error:
                await self._blocked(name, error)
                break
            found = replace(after_success(self.marks[name.lower()]), checked_at=asked_at)
            await self._settle(found, listing, ended, asked_at)
        await self._ledger.publish_now_and_then()

    async def _together(self, group: tuple[str, ...]) -> None:
        """Read both listings of a group; members that spoke and that it does not reach are read alone."""
        asked_at = self._now()
        marks = {name: self.marks[name.lower()] for name in group}
        goals = {listing: group_goals(marks, listing, overlap_s=self._overlap_s) for listing in Listing}
        try:
            ended = await self._walk_both(goals)
        except SourceError as error:
            await self._group_failed(group, error)
            return
        heard = [name for name in group if any(walked.reach(name).items for walked in ended.values())]
        self._silent.extend(name for name in group if name not in heard)
        for name in heard:
            for listing, walked in ended.items():
                if reaches(walked.reach(name), listing_mark(marks[name], listing), goals[listing][name]):
                    await self._settle(after_success(self.marks[name.lower()]), listing, walked, asked_at)
                else:
                    await self._alone(name, (listing,))
        await self._ledger.publish_now_and_then()

    async def _walk_both(self, goals: Mapping[Listing, Mapping[str, Goal]]) -> dict[Listing, Walk]:
        """Walk both listings of a group; one that fails does not cut the other off in the middle of a write,
        which would leave the cycle's record short of what was stored.

        :raises SourceError: as the first walk that failed.
        """

        async def ended(listing: Listing) -> Walk | SourceError:
            try:
                return await self._walk(goals[listing], listing)
            except SourceError as error:
                return error

        try:
            async with asyncio.TaskGroup() as walks:
                tasks = {each: walks.create_task(ended(each)) for each in Listing}
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        whole: dict[Listing, Walk] = {}
        for listing, task in tasks.items():
            result = task.result()
            if isinstance(result, SourceError):
                raise result
            whole[listing] = result
        return whole

    async def _group_failed(self, group: tuple[str, ...], error: SourceError) -> None:
        for name in group:
            if error.kind in ABOUT_THE_SUBREDDIT:
                await self._alone(name, tuple(Listing))
            else:
                await self._missed(name, error)

    async def _walk(self, goals: Mapping[str, Goal], listing: Listing) -> Walk:
        """Walk a listing to its goals, every page written on the way.

        :raises SourceError: as the source does; pages before the failure stay written.
        """
        if self.down is not None:
            raise self.down
        settings, names = self._settings, tuple(goals)
        fresh = any(goal.until is None for goal in goals.values())
        whole = walk(
            lambda after: self._source.listing(names, listing, after=after, limit=PAGE_SIZE),
            goals,
            max_items=settings.first_run_items if fresh else LISTING_LIMIT,
        )
        try:
            async for page in whole:
                await self._ingest.take(page)
                await self._ledger.report(min(0.9, whole.raw_count / settings.first_run_items))
        except SourceError as error:
            self._judge(error)
            raise
        finally:
            self._ledger.reads_done += 1
        self._succeeded = True
        return whole

    async def _settle(self, mark: Watermark, listing: Listing, ended: Walk, asked_at: datetime) -> None:
        """Move a watermark, now that the pages of its walk are written."""
        name = mark.subreddit
        reach = ended.reach(name)
        if reach.gap:
            self._ledger.gaps += 1
            lost = f"items of /{listing.value} older than what Reddit still lists were missed"
            self._ledger.note(name, "gap", lost)
        self._ledger.done.add((name, listing))
        moved = advance(mark, listing, reach, started_at=asked_at)
        await self._save(replace(moved, last_collected_at=asked_at))

    async def _blocked(self, name: str, error: SourceError) -> None:
        self._ledger.note(name, error.kind, error.detail)
        if error is not self.down:
            await self._save(after_failure(self.marks[name.lower()], error, now=self._now()))

    async def _missed(self, name: str, error: SourceError) -> None:
        """A group could not be read: its members miss time, and none of them is to blame."""
        self._ledger.note(name, error.kind, error.detail)
        mark = self.marks[name.lower()]
        outages = missed(mark, error.kind, now=self._now())
        await self._save(replace(mark, status="error", last_error=error.detail, outages=outages))

    def _note_resting(self, mark: Watermark) -> None:
        when = f"{mark.retry_at:%Y-%m-%d %H:%M} UTC" if mark.retry_at else "the next collection"
        self._ledger.note(mark.subreddit, "resting", f"{mark.last_error}; asked again after {when}")

    async def _save(self, mark: Watermark) -> None:
        """Keep a watermark; one write at a time, so that an older state never lands on a newer one."""
        key = mark.subreddit.lower()
        self.marks[key] = mark
        async with self._saving:
            await self._write_mark(self.marks[key])

    def _judge(self, error: SourceError) -> None:
        """Notice that the whole source is down, so that the rest need not find out one by one."""
        if error.kind == "unauthorized":
            self.down = error
        elif error.kind in ("unavailable", "timeout", "rate_limited") and not self._succeeded:
            self._unavailable += 1
            if self._unavailable >= DOWN_AFTER:
                self.down = error
