"""Changes of tools, written so that a crash at any point leaves them done or not begun.

A change is one document that says everything that is to be written. Once that document is on disk, the
change has happened: what it says is written under the same lease, or by whoever changes something next. It
stays *open* until the mentions that count for another tool now have followed (:mod:`.tool_moves`).
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sentiment_service.errors import DatabaseUnavailableError
from sentiment_service.models import Lease
from sentiment_service.store import bulk
from sentiment_service.store.audit import COLLECTION as AUDIT
from sentiment_service.store.audit import Audit, Entry
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, milliseconds
from sentiment_service.store.state import State
from sentiment_service.store.tool_documents import as_stored, tool_document
from sentiment_service.store.tool_edits import Change, Edit, Stamp
from sentiment_service.store.tools import COLLECTION as TOOLS
from sentiment_service.store.tools import Tools
from sentiment_service.tools import Tool

COLLECTION = "tool_changes"
LEASE = "tools"
LEASE_S = 60.0
CHANGE_S = 30.0
"""Seconds a change may take, well within the lease: nobody else changes anything meanwhile."""
WAIT_S = 10.0
"""Seconds to wait for somebody else's change."""
POLL_S = 0.05
KEPT_FOR = timedelta(days=1)
"""How long the document of a change is kept when all is done, for whoever waits to hear of it."""
UNTOLD = frozenset({"id", "slug", "created_at", "created_by", "updated_at", "updated_by", "revision"})
"""Fields that an audit record does not tell: they follow from the record itself."""


@dataclass(frozen=True, slots=True)
class Move:
    """What of a change is about stored items."""

    id: str
    """Of the change."""
    tools: tuple[str, ...]
    """Ids of the tools whose mentions count for another tool now, or for none."""
    done: bool
    items: int
    """Posts and comments that were tagged again."""


class ToolChanges:
    """Makes changes, one at a time whoever asks."""

    def __init__(
        self, database: Database, state: State, tools: Tools, audit: Audit, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._state = state
        self._tools = tools
        self._audit = audit
        self._now = now
        self._lock = asyncio.Lock()

    async def commit(self, edit: Edit, *, by: str, client: str = "") -> Change:
        """Make a change, unless there is nothing to do; returns it.

        :param client: a keyed hash of the address it is asked for from.
        :raises ToolRefusedError: it makes no sense; nothing was changed.
        :raises DatabaseUnavailableError: the database stayed away, or others took too long. The change may
            have happened nevertheless.
        """
        async with self._alone():
            await self._complete()
            at = milliseconds(self._now())
            stamp = Stamp(_id_at(at), at, by, client)
            change = edit(await self._tools.catalogue(), stamp)
            if not change.nothing:
                document = _document(change)
                await self._begin(document)
                await self._apply(document)
        return change

    async def complete(self) -> None:
        """Write what changes still have to be written, cut short by a crash."""
        if await self._unwritten():
            async with self._alone():
                await self._complete()

    async def withdraw(self, tool_ids: Collection[str], *, by: str) -> int:
        """Delete pending tools that only one party ever touched, with every record of them.

        Unlike any other change this leaves no trace: it is for names that nobody may read any more.

        :param by: who proposed them; those that somebody else has changed meanwhile stay.
        :returns: how many were deleted.
        """
        mine = {"_id": {"$in": list(tool_ids)}, "status": "pending", "created_by": by, "updated_by": by}
        async with self._alone():
            await self._complete()
            found = await self._database.read(
                "reading proposed tools",
                lambda: self._database.collection(TOOLS).find(mine, {"_id": 1}).to_list(None),
            )
            gone = [document["_id"] for document in found]
            if gone:
                await self._erase(TOOLS, {"_id": {"$in": gone}})
                await self._forget(gone)
                await self._erase(AUDIT, {"subject": {"$in": gone}})
                await self._tools.raise_number()
        return len(gone)

    async def _forget(self, tool_ids: Collection[str]) -> None:
        """Strip the documents of changes of these tools; what is left is forgotten in its time."""
        changes = {"entries.subject": {"$in": list(tool_ids)}}
        nothing: dict[str, list[str]] = {"after": [], "gone": [], "entries": [], "moved": []}
        await self._database.write(
            "withdrawing proposed tools",
            lambda: self._database.collection(COLLECTION, journaled=True).update_many(
                changes, {"$set": nothing}
            ),
        )

    async def _erase(self, name: str, wanted: Document) -> None:
        await self._database.write(
            "withdrawing proposed tools",
            lambda: self._database.collection(name, journaled=True).delete_many(wanted),
        )

    async def open_moves(self) -> list[Move]:
        """What has to be moved still, oldest first."""
        found = await self._find({"open": True})
        return [_move(document) for document in sorted(found, key=lambda each: (each["at"], each["_id"]))]

    async def move(self, change_id: str) -> Move | None:
        """How far the move of a change is."""
        found = await self._find({"_id": change_id})
        return _move(found[0]) if found else None

    async def close(self, move: Move, items: int) -> None:
        """Note that a move is done, and forget those that were done long ago.

        :param items: posts and comments that were tagged again.
        """
        update = {"$set": {"open": False, "items": items}}
        changes = self._database.collection
        await self._database.write(
            "closing a move",
            lambda: changes(COLLECTION, journaled=True).update_one({"_id": move.id}, update),
        )
        old = {"open": False, "at": {"$lt": self._now() - KEPT_FOR}}
        await self._database.write("forgetting moves", lambda: changes(COLLECTION).delete_many(old))

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Nobody else changes tools inside.

        :raises DatabaseUnavailableError: others do for too long.
        """
        async with self._lock:
            lease = await self._acquire()
            try:
                async with asyncio.timeout(CHANGE_S):
                    yield
            except TimeoutError as error:
                raise DatabaseUnavailableError("a change of tools took too long") from error
            finally:
                await self._state.release(lease)

    async def _acquire(self) -> Lease:
        owner, until = uuid.uuid4().hex, asyncio.get_running_loop().time() + WAIT_S
        while (lease := await self._state.acquire(LEASE, owner, LEASE_S)) is None:
            if asyncio.get_running_loop().time() > until:
                raise DatabaseUnavailableError("another process changes tools")
            await asyncio.sleep(POLL_S)
        return lease

    async def _complete(self) -> None:
        for document in await self._unwritten():
            await self._apply(document)

    async def _unwritten(self) -> list[Document]:
        return await self._find({"written": False})

    async def _begin(self, document: Document) -> None:
        values = {key: value for key, value in document.items() if key != "_id"}
        refused = await bulk.upsert(
            self._database, COLLECTION, [bulk.Upsert(document["_id"], {"$setOnInsert": values})]
        )
        if refused:
            raise DatabaseUnavailableError("a change of tools could not be written")

    async def _apply(self, document: Document) -> None:
        """Write what a change says; again is harmless."""
        writes = []
        for values in document["after"]:
            values = dict(values)
            writes.append(bulk.Upsert(values.pop("_id"), {"$set": values}))
        await bulk.upsert(self._database, TOOLS, writes)
        if document["gone"]:
            gone = {"_id": {"$in": document["gone"]}}
            await self._database.write(
                "deleting tools", lambda: self._database.collection(TOOLS, journaled=True).delete_many(gone)
            )
        await self._audit.add([_read_entry(entry) for entry in document["entries"]])
        await self._tools.raise_number()
        await self._database.write(
            "finishing a change of tools",
            lambda: self._database.collection(COLLECTION, journaled=True).update_one(
                {"_id": document["_id"]}, {"$set": {"written": True}}
            ),
        )

    async def _find(self, wanted: Document) -> list[Document]:
        return await self._database.read(
            "reading changes of tools",
            lambda: self._database.collection(COLLECTION).find(wanted).to_list(None),
        )


def _id_at(moment: datetime) -> str:
    """An id that sorts after those of earlier milliseconds, also within a second."""
    return f"{round(moment.timestamp() * 1000):012x}{uuid.uuid4().hex[:20]}"


def _document(change: Change) -> Document:
    stamp, kept = change.stamp, {tool.id for tool in change.after}
    return {
        "_id": stamp.id,
        "at": stamp.at,
        "written": False,
        "open": bool(change.moved),
        "moved": list(change.moved),
        "items": 0,
        "after": [tool_document(as_stored(tool)) for tool in change.after],
        "gone": [tool.id for tool in change.before if tool.id not in kept],
        "entries": [_entry_document(entry) for entry in entries_of(change)],
    }


def entries_of(change: Change) -> list[Entry]:
    """The audit records of a change: one for each tool."""
    before = {tool.id: tool for tool in change.before}
    after = {tool.id: tool for tool in change.after}
    stamp = change.stamp
    return [
        Entry(
            id=f"{stamp.id}:{tool_id}",
            action=change.action,
            subject=tool_id,
            at=stamp.at,
            details=change.details,
            by=stamp.by,
            client=stamp.client,
            changes=_differences(before.get(tool_id), after.get(tool_id)),
        )
        for tool_id in dict.fromkeys((change.subject, *before, *after))
    ]


def _differences(before: Tool | None, after: Tool | None) -> dict[str, tuple[Any, Any]]:
    pairs = {
        field.name: (_plain(before, field.name), _plain(after, field.name))
        for field in fields(Tool)
        if field.name not in UNTOLD
    }
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _plain(tool: Tool | None, name: str) -> Any:
    value = None if tool is None else getattr(tool, name)
    return list(value) if isinstance(value, tuple) else value


def _entry_document(entry: Entry) -> Document:
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    changes = {name: list(pair) for name, pair in entry.changes.items()}
    # As text: what users put into metadata may be no BSON.
    return values | {"details": dict(entry.details), "changes": json.dumps(changes)}


def _read_entry(document: Document) -> Entry:
    changes = {name: (before, after) for name, (before, after) in json.loads(document["changes"]).items()}
    return Entry(**{**document, "changes": changes})


def _move(document: Document) -> Move:
    # A change that is not written yet has moved nothing.
    done = document["written"] and not document["open"]
    return Move(document["_id"], tuple(document["moved"]), done, document["items"])
