"""Names that were proposed as tools, and that nothing stored says any more."""

from sentiment_service.store.lookups import look_up
from sentiment_service.store.scrub import note_withdrawn
from sentiment_service.store.stores import Store

DETECTION = "detection"
"""Who proposes tools."""


async def withdraw_unsaid(store: Store) -> int:
    """Withdraw proposals when all that is known to hold their names is gone; returns how many.

    A name is what people wrote. When the posts and comments it was seen in were deleted, it goes with them,
    unless an administrator has taken it up. One that others still say is proposed again when names are
    counted next.

    :raises DatabaseUnavailableError: the database stayed away; the next call withdraws the rest.
    """
    pending = [
        tool.id
        for tool in (await store.tools.catalogue()).tools
        if tool.status == "pending" and tool.created_by == tool.updated_by == DETECTION
    ]
    if not pending:
        return 0
    figures = await store.proposals.read(pending)
    stored = await look_up(store.database, [id_ for each in figures.values() for id_ in each.samples])
    unsaid = [tool_id for tool_id, each in figures.items() if stored.keys().isdisjoint(each.samples)]
    if not unsaid:
        return 0
    withdrawn = await store.tool_changes.withdraw(unsaid, by=DETECTION)
    await store.proposals.forget(unsaid)
    if withdrawn:
        await note_withdrawn(store.database)
        await store.purges.advance()  # which is what the refresh scrubs after
    return withdrawn
