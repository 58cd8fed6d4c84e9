"""Reading what was said of one tool in a stretch of time, from all over it and no more than is asked for."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from sentiment_service.drivers import Said
from sentiment_service.models import Label, Span
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, mentions_in, unwire
from sentiment_service.store.item_queries import COMMENTS, MAX_TIME_MS, POSTS
from sentiment_service.store.positions import lower_bound

SLICES = 8
"""A window is read in so many parts, so that a limit leaves out some of each and not all of its beginning."""

FIELDS: Mapping[str, int] = {"mentions": 1, "permalink": 1, "author_key": 1}


class Spoken:
    """Reads of mentions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def said(self, tool_id: str, window: Span, *, limit: int) -> list[Said]:
        """Mentions with an excerpt, oldest part of the window first.

        :param limit: how many at most; from each eighth of the window an eighth of them, half of these
            posts and half comments, the newest.
        """
        found: list[Said] = []
        step = (window.end - window.start) / SLICES
        for number in range(SLICES):
            part = Span(window.start + number * step, window.start + (number + 1) * step)
            for name in (POSTS, COMMENTS):
                for document in await self._find(name, tool_id, part, limit // SLICES // 2):
                    found += _said(document, tool_id)
                await asyncio.sleep(0)
        return found

    async def _find(self, name: str, tool_id: str, part: Span, limit: int) -> list[Document]:
        bounds = {"$gte": lower_bound(_whole(part.start)), "$lt": lower_bound(_whole(part.end))}
        wanted: Document = {"tools": tool_id, "position": bounds}

        async def find() -> list[Document]:
            cursor = self._database.collection(name).find(wanted, FIELDS, max_time_ms=MAX_TIME_MS)
            return await cursor.sort("position", -1).limit(limit).batch_size(limit).to_list(None)

        return await self._database.read(f"reading {name}", find)


def _whole(moment: datetime) -> datetime:
    return moment - timedelta(microseconds=moment.microsecond)


def _said(document: Document, tool_id: str) -> list[Said]:
    """The mention, unless its text is not kept any more."""
    return [
        Said(
            fullname=document["_id"],
            permalink=unwire(document["permalink"]),
            author=str(document.get("author_key") or document["_id"]),
            polarity=mention.polarity,
            label=Label(mention.label),
            excerpt=mention.excerpt,
        )
        for mention in mentions_in(document)
        if mention.tool_id == tool_id and mention.excerpt
    ]
