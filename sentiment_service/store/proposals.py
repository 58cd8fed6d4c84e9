"""How often proposed tools are named, and where: ids only, so that nothing outlives what people wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document

COLLECTION = "proposals"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of a proposed name last."""

    mentions: int
    """Posts and comments of the last days that hold it."""
    first_at: datetime
    """Of the oldest that was ever seen to hold it."""
    samples: tuple[str, ...]
    """Fullnames of some that hold it, newest first."""
    spellings: tuple[str, ...]
    """How it is written there."""


class Proposals:
    """The figures, by tool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, figures: Mapping[str, Figures]) -> None:
        """Keep new figures, and forget those of every other tool."""
        updates = [
            bulk.Upsert(
                tool_id,
                {
                    "$set": {
                        "mentions": each.mentions,
                        "samples": list(each.samples),
                        "spellings": list(each.spellings),
                    },
                    # What was seen first stays so when its text is too old to be counted.
                    "$min": {"first_at": each.first_at},
                },
            )
            for tool_id, each in figures.items()
        ]
        await bulk.upsert(self._database, COLLECTION, updates)
        await self._delete({"_id": {"$nin": list(figures)}})

    async def forget(self, tool_ids: Sequence[str]) -> None:
        """Forget the figures of some tools."""
        await self._delete({"_id": {"$in": list(tool_ids)}})

    async def _delete(self, wanted: Document) -> None:
        await self._database.write(
            "forgetting proposals", lambda: self._database.collection(COLLECTION).delete_many(wanted)
        )

    async def read(self, tool_ids: Sequence[str]) -> dict[str, Figures]:
        """Figures of some tools; those that were never counted are absent."""
        wanted = {"_id": {"$in": list(tool_ids)}}
        documents = await self._database.read(
            "reading proposals", lambda: self._database.collection(COLLECTION).find(wanted).to_list(None)
        )
        return {
            each["_id"]: Figures(
                each["mentions"], each["first_at"], tuple(each["samples"]), tuple(each["spellings"])
            )
            for each in documents
        }
