"""Cycles: what each collection did."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sentiment_service.models import Cycle, CycleProblem, position_of
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, unwire, wire
from sentiment_service.store.positions import lower_bound

COLLECTION = "cycles"
STEPS = (timedelta(days=1), timedelta(days=7), timedelta(days=60), timedelta(days=3650))
"""How far back is looked for cycles, widening until the limit is filled."""


class Cycles:
    """The cycles."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def save(self, cycle: Cycle) -> None:
        """Write a cycle as it is now; on disk when this returns."""
        values = _document(cycle)
        await self._database.write(
            "saving a cycle",
            lambda: self._database.collection(COLLECTION, journaled=True).update_one(
                {"_id": cycle.id}, {"$set": values}, upsert=True
            ),
        )

    async def latest(self, *, limit: int, before: str | None = None) -> list[Cycle]:
        """Cycles, newest first.

        :param before: id of the last cycle of the page before; after an unknown one nothing follows.
        """
        moment, upper = self._now(), None
        if before is not None:
            last = await self.get(before)
            if last is None:
                return []
            moment, upper = last.start_time, position_of(last.start_time, last.id)
        found: list[Document] = []
        for step in STEPS:
            bounds = {"$gte": lower_bound(moment - step)} | ({} if upper is None else {"$lt": upper})
            found = await self._find({"position": bounds}, limit)
            if len(found) == limit:
                break
        return [_cycle(document) for document in found]

    async def get(self, cycle_id: str) -> Cycle | None:
        """One cycle, if it is stored."""
        document = await self._database.read(
            "reading a cycle", lambda: self._database.collection(COLLECTION).find_one({"_id": cycle_id})
        )
        return None if document is None else _cycle(document)

    async def abandon_running(self, *, except_id: str | None = None) -> int:
        """Note as abandoned the cycles that say they run although nobody runs them.

        :param except_id: one that does run.
        :returns: how many there were.
        """
        running = await self._database.read(
            "looking for running cycles",
            lambda: (
                self._database.collection(COLLECTION).find({"status": "running"}, {"_id": 1}).to_list(None)
            ),
        )
        ids = [document["_id"] for document in running if document["_id"] != except_id]
        return sum([await self._abandon(cycle_id) for cycle_id in ids])

    async def _abandon(self, cycle_id: str) -> int:
        change = {"$set": {"status": "abandoned", "end_time": self._now()}}
        result = await self._database.write(
            "abandoning a cycle",
            lambda: self._database.collection(COLLECTION, journaled=True).update_one(
                {"_id": cycle_id, "status": "running"}, change
            ),
        )
        return result.modified_count

    async def _find(self, wanted: Document, limit: int) -> list[Document]:
        return await self._database.read(
            "reading cycles",
            lambda: (
                self._database.collection(COLLECTION)
                .find(wanted)
                .sort("position", -1)
                .limit(limit)
                .batch_size(limit)
                .to_list(None)
            ),
        )


def _document(cycle: Cycle) -> Document:
    values: dict[str, Any] = asdict(cycle)
    del values["id"]
    problems = [{**problem, "message": wire(problem["message"])} for problem in values["errors"]]
    return values | {
        "position": position_of(cycle.start_time, cycle.id),
        "errors": problems,
        "subreddits_processed": list(cycle.subreddits_processed),
    }


def _cycle(document: Document) -> Cycle:
    values = {name: value for name, value in document.items() if name not in {"_id", "position"}}
    values["subreddits_processed"] = tuple(document["subreddits_processed"])
    values["errors"] = tuple(
        CycleProblem(problem["subreddit"], problem["kind"], unwire(problem["message"]))
        for problem in document["errors"]
    )
    return Cycle(id=document["_id"], **values)
