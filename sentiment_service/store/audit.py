"""A record of what administrators changed."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import DESCENDING

from sentiment_service.models import position_of
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document

COLLECTION = "audit"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what, when; never any content of Reddit."""

    id: str
    action: str
    """Such as ``erase``."""
    subject: str
    """What was changed."""
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    """More about it, as can be written in JSON."""
    by: str = "admin"
    client: str = ""
    """A keyed hash of the address it was asked for from; empty when that is not known."""
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """By the name of a field, what it was and what it became, as can be written in JSON."""


class Audit:
    """The record."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def record(self, action: str, subject: str, details: Mapping[str, int | str]) -> None:
        """Add one entry of now."""
        await self.add([Entry(uuid.uuid4().hex, action, subject, self._now(), details)])

    async def add(self, entries: Sequence[Entry]) -> None:
        """Add entries; one that is there is not written again."""
        await bulk.upsert(
            self._database,
            COLLECTION,
            [bulk.Upsert(entry.id, {"$setOnInsert": _document(entry)}) for entry in entries],
        )

    async def page(
        self, subject: str, *, action: str | None = None, skip: int, limit: int
    ) -> tuple[list[Entry], int]:
        """Entries about one subject, newest first, and how many there are.

        :param action: only those of this kind.
        """
        wanted: Document = {"subject": subject} | ({} if action is None else {"action": action})

        async def find() -> list[Document]:
            entries = self._database.collection(COLLECTION).find(wanted)
            return await entries.sort("position", DESCENDING).skip(skip).limit(limit).to_list(None)

        async def count() -> int:
            return await self._database.collection(COLLECTION).count_documents(wanted)

        found = await self._database.read("reading audit records", find)
        total = await self._database.read("counting audit records", count)
        return [_entry(document) for document in found], total


def _document(entry: Entry) -> Document:
    changes = {name: list(pair) for name, pair in entry.changes.items()}
    return {
        "action": entry.action,
        "subject": entry.subject,
        "at": entry.at,
        "details": dict(entry.details),
        "by": entry.by,
        "client": entry.client,
        # As text: what users put into it may be no BSON.
        "changes": json.dumps(changes),
        "position": position_of(entry.at, entry.id),
    }


def _entry(document: Document) -> Entry:
    changes = json.loads(document.get("changes", "{}"))
    return Entry(
        id=document["_id"],
        action=document["action"],
        subject=document["subject"],
        at=document["at"],
        details=document["details"],
        by=document.get("by", "admin"),
        client=document.get("client", ""),
        changes={name: (before, after) for name, (before, after) in changes.items()},
    )
