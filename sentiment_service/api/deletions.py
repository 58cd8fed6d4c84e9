"""What was deleted, and erasing what one person wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.cursors import decode_cursor, encode_cursor, item_position
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Body, Input, OptionalText, Reply
from sentiment_service.deletion import Reason, Receipt, author_hash
from sentiment_service.store.purges import position_of_receipt
from sentiment_service.store.unsaid import withdraw_unsaid

routes = Routes(tag="Admin")

RECEIPTS_AT_ONCE = 1000


class DeletionsQuery(Input):
    limit: int = Field(100, ge=1, le=500)
    cursor: OptionalText = None
    """Where to go on: ``next_cursor`` of the page before."""


class EraseBody(Body):
    author: str = Field(pattern=r"^(/?u/)?[A-Za-z0-9_-]{2,32}$", examples=["somebody"])
    """A Reddit account's name, in any case, with or without ``u/``."""


@dataclass(frozen=True, slots=True)
class DeletionAnswer(Answer):
    """The receipt of an item that was deleted."""

    id: str
    """Reddit's fullname."""
    kind: Literal["post", "comment"]
    deleted_at: datetime
    reason: Reason
    """``deleted`` by its author, ``removed`` by a moderator, ``removed_by_reddit``, ``missing`` when Reddit
    does not show it any more, ``erased`` by an administrator here."""


@dataclass(frozen=True, slots=True)
class DeletionsAnswer(Answer):
    """One page of receipts, newest first."""

    deletions: tuple[DeletionAnswer, ...]
    next_cursor: str | None
    """Null on the last page."""


@dataclass(frozen=True, slots=True)
class ErasureAnswer(Answer):
    """An author's content was erased."""

    author_hash: str
    """BLAKE2b of the name in lower case, 16 bytes as hexadecimal digits; all that is kept of the name."""
    items_erased: int
    receipts: tuple[DeletionAnswer, ...]
    """At most 1,000; ``GET /admin/deletions`` has all."""


@routes.get("/admin/deletions", summary="What was deleted", errors=(503,), admin=True)
async def deletions(context: Context, query: DeletionsQuery) -> DeletionsAnswer:
    """Receipts of deleted posts and comments, newest first; they hold no content and no author."""
    before = None
    if query.cursor is not None:
        before = decode_cursor("deletions", {}, query.cursor, item_position)
    found = await context.store.purges.receipts(limit=query.limit + 1, before=before)
    page = found[: query.limit]
    cursor = None
    if len(found) > query.limit:
        cursor = encode_cursor("deletions", {}, position_of_receipt(page[-1]))
    return DeletionsAnswer(tuple(_deletion(receipt) for receipt in page), cursor)


@routes.post("/admin/erase", summary="Erase what one person wrote", errors=(503,), admin=True)
async def erase(context: Context, body: EraseBody) -> Reply[ErasureAnswer]:
    """Deletes every stored post and comment of an account, and keeps out what is shown of it later.

    Calling it again is harmless, and finishes what a failed call left.
    """
    store, author = context.store, body.author.rpartition("/")[2]
    try:
        receipts = await store.erasures.erase(author)
        await withdraw_unsaid(store)
    finally:
        # What went before a failure is gone for readers too.
        await store.rollups.recompute_dirty()
        await store.state.bump_version()
    hashed = author_hash(author)
    await store.audit.record("erase", hashed, {"items_erased": len(receipts)})
    shown = tuple(_deletion(receipt) for receipt in receipts[:RECEIPTS_AT_ONCE])
    return Reply(ErasureAnswer(hashed, len(receipts), shown))


def _deletion(receipt: Receipt) -> DeletionAnswer:
    return DeletionAnswer(receipt.fullname, receipt.kind, receipt.deleted_at, receipt.reason)
