"""Watermarks: how far each subreddit was collected."""

from dataclasses import asdict

from pymongo.errors import DuplicateKeyError

from sentiment_service.errors import CycleLostError, StoreError
from sentiment_service.models import Anchor, ListingMark, Outage, Span, Watermark
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, unwire_or_none, wire_or_none

COLLECTION = "watermarks"


class Watermarks:
    """The watermarks, one for each subreddit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[str, Watermark]:
        """Every watermark, by the subreddit's name in lower case."""
        documents = await self._database.read(
            "reading watermarks", lambda: self._database.collection(COLLECTION).find({}).to_list(None)
        )
        return {document["_id"]: _watermark(document) for document in documents}

    async def save(self, watermark: Watermark, *, fence: int) -> None:
        """Write a watermark; it, and all that was written before it, is on disk when this returns.

        :param fence: the fence of the lease under which it was collected.
        :raises CycleLostError: somebody with a newer lease has written it meanwhile.
        """
        key = watermark.subreddit.lower()
        values = _document(watermark) | {"fence": fence}
        try:
            # With a newer fence stored the filter misses, and the insert meets the document that is there.
            await self._database.write(
                "saving a watermark",
                lambda: self._database.collection(COLLECTION, journaled=True).update_one(
                    {"_id": key, "fence": {"$lte": fence}}, {"$set": values}, upsert=True
                ),
            )
        except StoreError as error:
            if isinstance(error.__cause__, DuplicateKeyError):
                raise CycleLostError(
                    f"another collection moved the watermark of {watermark.subreddit}"
                ) from error
            raise


def _document(watermark: Watermark) -> Document:
    return {
        "subreddit": watermark.subreddit,
        "posts": _mark_document(watermark.posts),
        "comments": _mark_document(watermark.comments),
        "status": watermark.status,
        "last_error": wire_or_none(watermark.last_error),
        "last_collected_at": watermark.last_collected_at,
        "last_item_at": watermark.last_item_at,
        "checked_at": watermark.checked_at,
        "failures": watermark.failures,
        "retry_at": watermark.retry_at,
        "outages": [asdict(outage) for outage in watermark.outages],
    }


def _mark_document(mark: ListingMark) -> Document:
    return {
        "anchors": [asdict(anchor) for anchor in mark.anchors],
        "covered": [asdict(span) for span in mark.covered],
    }


def _mark(document: Document) -> ListingMark:
    return ListingMark(
        anchors=tuple(Anchor(**anchor) for anchor in document["anchors"]),
        covered=tuple(Span(**span) for span in document["covered"]),
    )


def _watermark(document: Document) -> Watermark:
    return Watermark(
        subreddit=document["subreddit"],
        posts=_mark(document["posts"]),
        comments=_mark(document["comments"]),
        status=document["status"],
        last_error=unwire_or_none(document["last_error"]),
        last_collected_at=document["last_collected_at"],
        last_item_at=document["last_item_at"],
        checked_at=document["checked_at"],
        failures=document.get("failures", 0),
        retry_at=document.get("retry_at"),
        outages=tuple(Outage(**outage) for outage in document.get("outages", ())),
    )
