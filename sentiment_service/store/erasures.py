"""Erasing one author: what is stored goes, and what comes later is kept out.

Of the author only a hash of the name is kept (:func:`~sentiment_service.deletion.author_hash`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from sentiment_service.deletion import Receipt, author_hash
from sentiment_service.store import bulk
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import COMMENTS, POSTS
from sentiment_service.store.purges import Purges

COLLECTION = "erased_authors"
ITEMS_AT_ONCE = 200


class Erasures:
    """The authors who asked to be forgotten."""

    def __init__(self, database: Database, purges: Purges, now: Callable[[], datetime]) -> None:
        self._database = database
        self._purges = purges
        self._now = now
        self._hashes: frozenset[str] = frozenset()
        self._hashes_of: int | None = None

    async def erase(self, author: str) -> list[Receipt]:
        """Purge everything of an author, spelled in any case, and keep out what comes later.

        Erasing again is harmless and finds what an earlier attempt left.

        :raises DatabaseUnavailableError: the database stayed away; the author is kept out if it was noted.
        """
        hashed = author_hash(author)
        await bulk.upsert(
            self._database,
            COLLECTION,
            [bulk.Upsert(hashed, {"$setOnInsert": {"erased_at": self._now(), "kept_out": 0}})],
        )
        # Collections under way learn of the author before the first item goes.
        await self._purges.advance()
        receipts: list[Receipt] = []
        for name in (POSTS, COMMENTS):
            while ids := await self._items_of(name, hashed):
                receipts += await self._purges.purge(dict.fromkeys(ids, "erased"))
        return receipts

    async def hashes(self, epoch: int) -> frozenset[str]:
        """The hashes of all erased authors, as of a purge epoch or later."""
        if self._hashes_of != epoch:
            documents = await self._database.read(
                "reading erased authors",
                lambda: self._database.collection(COLLECTION).find({}, {"_id": 1}).to_list(None),
            )
            self._hashes = frozenset(document["_id"] for document in documents)
            self._hashes_of = epoch
        return self._hashes

    async def kept_out(self, hashes: Iterable[str]) -> None:
        """Count items of erased authors that were shown again and not stored; one hash for each item."""
        counted = Counter(hashes)
        await bulk.upsert(
            self._database,
            COLLECTION,
            [bulk.Upsert(hashed, {"$inc": {"kept_out": times}}) for hashed, times in counted.items()],
        )

    async def _items_of(self, name: str, hashed: str) -> list[str]:
        async def find() -> list[Document]:
            items = self._database.collection(name)
            return await items.find({"author_key": hashed}, {"_id": 1}).limit(ITEMS_AT_ONCE).to_list(None)

        return [document["_id"] for document in await self._database.read("looking for an author", find)]
