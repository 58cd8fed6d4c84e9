"""Reading through stored items from the newest back, page by page, however many there are.

Each page is one range on ``position`` beside equalities, of such a width that about one page is in it: a
server that reads everything a filter matches before it looks at the limit then reads hardly more than is
wanted. Nothing is kept between two pages, on neither side: what is deleted meanwhile does not come out.
"""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document
from sentiment_service.store.item_queries import MAX_TIME_MS
from sentiment_service.store.positions import lower_bound, moment_of

PAGE = 250
"""Documents read at once."""
FIRST_STEP = timedelta(hours=1)
SHORTEST_STEP = timedelta(minutes=1)
STEP_GROWTH = 4
FILLING = 0.8
"""How full a page should be: a range that holds more than a page makes the server read what is not sent."""


async def pages_back(
    database: Database, name: str, equal: Document, *, now: datetime, since: datetime, before: str | None
) -> AsyncGenerator[list[Document], None]:
    """Pages of documents, newest first, none empty.

    :param name: the collection.
    :param equal: what their fields equal.
    :param now: where to begin to look when ``before`` is not given.
    :param since: none older than this second.
    :param before: position of the last item seen before; that item is left out.
    :raises DatabaseUnavailableError: the database is away.
    """
    upper, step = before, FIRST_STEP
    moment = now if before is None else moment_of(before)
    while True:
        lower = lower_bound(max(since, moment - step))
        bounds = {"$gte": lower} | ({} if upper is None else {"$lt": upper})
        page = await _read(database, name, {**equal, "position": bounds})
        if page:
            yield page
        full = len(page) == PAGE
        if not full and moment - step <= since:
            return
        upper = page[-1]["position"] if full else lower
        reached = moment_of(upper)
        step = next_step(moment - reached, len(page))
        moment = reached


def next_step(span: timedelta, found: int) -> timedelta:
    """How far to go back next, for a page as full as it should be.

    :param span: the time the last page was of.
    :param found: documents on it.
    """
    growth = min(STEP_GROWTH, FILLING * PAGE / found) if found else STEP_GROWTH
    return max(SHORTEST_STEP, span * growth)


async def _read(database: Database, name: str, wanted: Document) -> list[Document]:
    async def find() -> list[Document]:
        cursor = database.collection(name, naive=True).find(wanted, max_time_ms=MAX_TIME_MS)
        return await cursor.sort("position", -1).limit(PAGE).batch_size(PAGE).to_list(None)

    return await database.read(f"reading through {name}", find)
