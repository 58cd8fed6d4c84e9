"""What was deleted on Reddit: how it is told, what stays of it, and when stored items are asked about."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sentiment_service.models import Item, Post

Reason = Literal["deleted", "removed", "removed_by_reddit", "missing", "erased"]
"""Why an item is gone: by its author, by a moderator, by Reddit, shown nowhere any more, or erased here."""

FINAL: frozenset[Reason] = frozenset({"deleted", "erased"})
"""Reasons after which an item never comes back; a moderator or Reddit may approve what they removed."""

RETURN_AFTER = timedelta(hours=1)
"""How long after its purge a sighting of an item still counts as old: longer than any page is under way."""

_REASONS: dict[str, Reason] = {
    "[deleted]": "deleted",
    "[deleted by user]": "deleted",
    "[removed]": "removed",
    "[ Removed by Reddit ]": "removed_by_reddit",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What stays of an item that was purged: no content, no author."""

    fullname: str
    deleted_at: datetime
    """When it was purged here."""
    reason: Reason

    @property
    def kind(self) -> Literal["post", "comment"]:
        """What it was."""
        return "post" if self.fullname.startswith("t3_") else "comment"


@dataclass(frozen=True, slots=True)
class RefreshPlan:
    """When an item is read again: at some ages, then regularly.

    :param ages_hours: ages at which an item is read again, rising.
    :param every_hours: how often it is read again at least.
    """

    ages_hours: tuple[float, ...] = (1, 6, 24)
    every_hours: float = 48

    def next_after(self, created_at: datetime, seen_at: datetime) -> datetime:
        """When an item seen at a moment is due next.

        An age that was nearly reached, to a tenth, counts as reached. The regular distance is cut by a
        twentieth, so that a run that comes a little late still keeps it.
        """
        regular = seen_at + timedelta(hours=0.95 * self.every_hours)
        for age_hours in self.ages_hours:
            if seen_at < created_at + timedelta(hours=0.9 * age_hours):
                return min(regular, created_at + timedelta(hours=age_hours))
        return regular


def reason_gone(item: Item) -> Reason | None:
    """Why an item has to be purged, from what its source shows of it; ``None`` when it is to be kept.

    A text, or a post's title, that is one of Reddit's placeholders is gone, whoever typed it: nothing is
    lost where a person did. Without an author the text decides: an account may be deleted and leave its
    texts. A post without author and text cannot be told from a deleted one, so it counts as deleted.
    """
    told = _REASONS.get(item.text.strip())
    if told is None and isinstance(item, Post):
        told = _REASONS.get(item.title.strip())
    if told is None and item.author is None and not item.text.strip():
        return "deleted"
    return told


def author_hash(author: str) -> str:
    """A stand-in for an author's name: BLAKE2b of the name in lower case, 16 bytes as hexadecimal digits.

    Not keyed: whoever knows a name can compute it, so that an erasure can be checked, and cannot read the
    name from it except by trying names.
    """
    return hashlib.blake2b(author.lower().encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
