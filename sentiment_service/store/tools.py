"""The tools that are tracked, and the number that tells everybody when anything about them changed.

There are hundreds of tools, not millions: every process holds all of them in memory and reads them again
when the number has grown.

Who writes mentions beside a change of the catalogue must not lose either: read the catalogue, write, and
read :meth:`Tools.number` again. Where it has grown, tag again what was written. Who changes the catalogue
raises the number first and tags the stored items then; so one of both always sees what the other did.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from pymongo import ReturnDocument

from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.state import STATE, State
from sentiment_service.store.tool_documents import tool_document, tool_of_document
from sentiment_service.tools import Catalogue, Tool

COLLECTION = "tools"
KEY = "catalogue"
"""``_id`` of the document in ``state`` that holds the number, and whether there were seeds."""


class Tools:
    """All tools, whatever their status."""

    def __init__(self, database: Database, state: State, now: Callable[[], datetime]) -> None:
        self._database = database
        self._state = state
        self._now = now
        self._catalogue = Catalogue(-1, ())

    async def seed(self, tools: Sequence[Tool]) -> bool:
        """Store the tools that a new database begins with; returns whether this was the first time.

        From then on the database owns the tools: what was deleted does not come back.
        """
        marker = await self._marker()
        if marker.get("seeded"):
            return False
        operations = []
        for tool in tools:
            values = tool_document(tool)
            operations.append(bulk.Upsert(values.pop("_id"), {"$setOnInsert": values}))
        await bulk.upsert(self._database, COLLECTION, operations)
        await self.raise_number(seeded=True)
        return True

    async def catalogue(self) -> Catalogue:
        """All tools now, by id; one small read when nothing has changed since the last call."""
        number = await self.number()
        while self._catalogue.number != number:
            tools = await self._read_all()
            # Whoever changes a tool raises the number afterwards: one that grew meanwhile is read again.
            read, number = number, await self.number()
            if read == number:
                self._catalogue = Catalogue(number, tools)
        return self._catalogue

    @property
    def known(self) -> Catalogue:
        """The catalogue as this process read it last; without tools before it did."""
        return self._catalogue

    async def number(self) -> int:
        """The number of the catalogue as it is stored now."""
        return int((await self._marker()).get("number", 0))

    async def find(self, id_or_slug: str) -> Tool | None:
        """A tool by its id, or else by its slug."""
        return named(await self.catalogue(), id_or_slug)

    async def raise_number(self, *, seeded: bool = False) -> int:
        """Say that a tool has changed, and so that everything the API reads may have; returns the number."""
        values: Document = {"changed_at": self._now()} | ({"seeded": True} if seeded else {})
        document = await self._database.write(
            "raising the number of the catalogue",
            lambda: self._database.collection(STATE, journaled=True).find_one_and_update(
                {"_id": KEY},
                {"$inc": {"number": 1}, "$set": values},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            ),
        )
        await self._state.bump_version()
        return int(document["number"])

    async def _marker(self) -> Document:
        found = await self._database.read(
            "reading the number of the catalogue",
            lambda: self._database.collection(STATE).find_one({"_id": KEY}),
        )
        return found or {}

    async def _read_all(self) -> tuple[Tool, ...]:
        documents = await self._database.read(
            "reading tools", lambda: self._database.collection(COLLECTION).find({}).to_list(None)
        )
        return tuple(sorted(map(tool_of_document, documents), key=lambda tool: tool.id))


def named(catalogue: Catalogue, id_or_slug: str) -> Tool | None:
    """The tool of a catalogue with this id, or else with this slug."""
    by_slug = None
    for tool in catalogue.tools:
        if tool.id == id_or_slug:
            return tool
        if tool.slug == id_or_slug:
            by_slug = tool
    return by_slug
