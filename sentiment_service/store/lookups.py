"""Stored items by their ids, of both kinds at once."""

from collections.abc import Sequence

from sentiment_service.models import StoredComment, StoredPost
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, stored_comment, stored_post
from sentiment_service.store.item_queries import COMMENTS, IDS_AT_ONCE, POSTS, collection_of


async def look_up(database: Database, fullnames: Sequence[str]) -> dict[str, StoredPost | StoredComment]:
    """Those of these items that are stored, by fullname."""
    found: dict[str, StoredPost | StoredComment] = {}
    for name in (POSTS, COMMENTS):
        ids = [fullname for fullname in fullnames if collection_of(fullname) == name]
        for start in range(0, len(ids), IDS_AT_ONCE):
            for document in await _find(database, name, ids[start : start + IDS_AT_ONCE]):
                stored = stored_post(document) if name == POSTS else stored_comment(document)
                found[document["_id"]] = stored
    return found


async def _find(database: Database, name: str, ids: Sequence[str]) -> list[Document]:
    wanted = {"_id": {"$in": list(ids)}}
    return await database.read(
        f"looking up {name}", lambda: database.collection(name).find(wanted).to_list(None)
    )
