"""Which subreddit or tool a call is about; a wrong name must not look like a quiet one."""

from sentiment_service.api.context import Context
from sentiment_service.api.problems import invalid

ALL = "all"


async def subreddit_named(context: Context, name: str | None) -> str | None:
    """The subreddit as it is spelled here, whatever its case in the request; ``None`` for all of them.

    :raises Problem: 422 when it is neither watched nor was ever collected.
    """
    if name is None or name.lower() == ALL:
        return None
    watched = {known.lower(): known for known in context.collector.known_subreddits}
    if name.lower() in watched:
        return watched[name.lower()]
    collected = {key: mark.subreddit for key, mark in (await context.store.watermarks.all()).items()}
    if name.lower() in collected:
        return collected[name.lower()]
    known = sorted({**collected, **watched}.values(), key=str.lower)
    raise invalid("subreddit", f"is not a subreddit collected here; known are {', '.join(known)}")


def tool_named(tool_id: str | None) -> None:
    """Check a tool's id; no tools are tracked yet, so there is none to name.

    :raises Problem: 422 when a tool is named.
    """
    if tool_id is not None:
        raise invalid("tool_id", "unknown tool")
