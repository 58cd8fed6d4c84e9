"""How often a tool is mentioned, counted from the items."""

from sentiment_service.store.connection import Database
from sentiment_service.store.item_queries import COMMENTS, MAX_TIME_MS, POSTS


async def count_mentions(database: Database, tool_id: str) -> int:
    """Posts and comments that speak of a tool, those linked to it included.

    Costs as much as there are, so it is for administrators alone.
    """
    wanted = {"found": tool_id, "tools": tool_id}
    total = 0
    for name in (POSTS, COMMENTS):

        async def count(name: str = name) -> int:
            return await database.collection(name).count_documents(wanted, maxTimeMS=MAX_TIME_MS)

        total += await database.read(f"counting mentions in {name}", count)
    return total
