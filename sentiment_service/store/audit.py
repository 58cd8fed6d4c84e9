"""A record of what administrators changed."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from sentiment_service.models import position_of
from sentiment_service.store.connection import Database

COLLECTION = "audit"


class Audit:
    """The record: who did what to what, when; never any content."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def record(self, action: str, subject: str, details: Mapping[str, int | str]) -> None:
        """Add one entry.

        :param action: such as ``erase``.
        :param subject: what was changed.
        """
        at, key = self._now(), uuid.uuid4().hex
        entry = {"action": action, "subject": subject, "details": dict(details), "at": at}
        await self._database.write(
            "writing an audit record",
            lambda: self._database.collection(COLLECTION, journaled=True).update_one(
                {"_id": key}, {"$set": entry | {"position": position_of(at, key)}}, upsert=True
            ),
        )
