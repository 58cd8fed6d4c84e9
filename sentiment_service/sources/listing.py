"""The shapes that hold things: listings, threads, and what ``/api/morechildren`` answers."""

from dataclasses import dataclass, field
from typing import Any

from sentiment_service.errors import SourceError


@dataclass(slots=True)
class Branches:
    """Comments of a thread laid flat, and what is left to be asked for.

    :param things: comments, each before its replies.
    :param missing: ids of comments behind ``more`` stubs.
    :param continued: ids of comments whose replies are only shown with them (“continue this thread”).
    """

    things: list[object] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    continued: list[str] = field(default_factory=list)


def listing_of(payload: object) -> tuple[list[object], str | None]:
    """The things of a listing and the cursor of its next page.

    :raises SourceError: when it is not a listing.
    """
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, dict):
        raise SourceError("bad_answer", "Reddit answered something that is not a listing")
    children, after = data.get("children"), data.get("after")
    if not isinstance(children, list) or not isinstance(after, str | None):
        raise SourceError("bad_answer", "Reddit answered a listing without its things")
    return children, after or None


def thread_of(payload: object) -> tuple[list[object], list[object]]:
    """The post and the topmost comments of a thread.

    :raises SourceError: when it is not a thread.
    """
    if not isinstance(payload, list) or len(payload) != 2:
        raise SourceError("bad_answer", "Reddit answered something that is not a thread")
    return listing_of(payload[0])[0], listing_of(payload[1])[0]


def more_of(payload: object) -> list[object]:
    """The things of an answer of ``/api/morechildren``.

    :raises SourceError: when it is something else.
    """
    match payload:
        case {"json": {"data": {"things": list(things)}}}:
            return things
        case _:
            raise SourceError("bad_answer", "Reddit answered something else than more comments")


def lay_flat(comments: list[object]) -> Branches:
    """Comments with their nested replies as one flat list, without recursion; malformed ones stay in it."""
    flat = Branches()
    waiting = list(reversed(comments))
    while waiting:
        thing = waiting.pop()
        kind, data = _kind_and_data(thing)
        if kind == "more":
            _note_stub(data, flat)
            continue
        flat.things.append(thing)
        replies = data.get("replies")
        if isinstance(replies, dict):
            waiting.extend(reversed(_children_of(replies)))
    return flat


def _children_of(replies: dict[str, Any]) -> list[object]:
    """The things of a nested listing; one that is broken stands for itself, to be set aside."""
    try:
        return listing_of(replies)[0]
    except SourceError:
        return [{"kind": "Listing", "data": None}]


def _kind_and_data(thing: object) -> tuple[object, dict[str, Any]]:
    if not isinstance(thing, dict):
        return None, {}
    data = thing.get("data")
    return thing.get("kind"), data if isinstance(data, dict) else {}


def _note_stub(data: dict[str, Any], flat: Branches) -> None:
    children = data.get("children")
    ids = [child for child in children if isinstance(child, str)] if isinstance(children, list) else []
    flat.missing.extend(ids)
    parent = data.get("parent_id")
    if not ids and isinstance(parent, str) and parent.startswith("t1_"):
        flat.continued.append(parent.removeprefix("t1_"))
