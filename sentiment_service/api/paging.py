"""Pages of the items of a window: the window begins where it began on the first page."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sentiment_service.api.cursors import decode_cursor, encode_cursor, item_position


def start_of_page(
    call: str, filters: Mapping[str, object], *, now: datetime, hours: int, cursor: str | None
) -> tuple[datetime, str | None]:
    """The window's beginning, which later pages keep, and the position after which the page begins.

    It begins with a whole minute, so that whoever asks within one minute asks for the same.

    :param call: the handler's name.
    :param filters: what the cursor is bound to.
    :raises Problem: 422 when the cursor is broken or of another call or filter.
    """
    if cursor is None:
        return (now - timedelta(hours=hours)).replace(second=0, microsecond=0), None
    return decode_cursor(call, filters, cursor, _page_position)


def cursor_after(call: str, filters: Mapping[str, object], since: datetime, position: str) -> str:
    """The cursor of the page after a position."""
    return encode_cursor(call, filters, f"{int(since.timestamp())} {position}")


def _page_position(text: str) -> tuple[datetime, str]:
    seconds, _, position = text.partition(" ")
    since = datetime.fromtimestamp(int(seconds[:11]), UTC)
    if position[:19] < f"{since:%Y-%m-%dT%H:%M:%S}":
        raise ValueError("before the window")
    return since, item_position(position)
