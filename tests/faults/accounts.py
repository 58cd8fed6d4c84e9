"""Counting: what is stored against what is listed, rollups against a recount, watermarks against both.

Nothing of the service computes here: documents are read as they lie in the database.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sentiment_service.store.stores import Store
from tests.faults.lists import Kind, Listed
from tests.faults.recount import Hour, wrong_hours

KINDS: tuple[Kind, ...] = ("posts", "comments")


@dataclass(frozen=True, slots=True)
class Account:
    """What a count found; only ``stored`` may be more than nothing when all is well."""

    stored: int
    missing: frozenset[str]
    """Listed, and neither stored nor noted as set aside."""
    twice: frozenset[str]
    strangers: frozenset[str]
    """Stored, and listed nowhere."""
    set_aside: frozenset[str]
    """Noted as unusable, and not stored."""
    wrong_hours: frozenset[Hour]
    """Hours whose rollup is not what a recount of the items gives."""
    overclaimed: frozenset[str]
    """Not stored although a watermark says that their time was read to its end."""
    ends: Mapping[tuple[str, Kind], datetime]
    """Where coverage ends, by subreddit in lower case and listing."""
    holes: int
    """Stretches of time between covered ones."""

    def assert_honest(self) -> None:
        """What holds at any moment, whatever is broken: nothing invented, doubled or overclaimed."""
        found = {
            "twice": self.twice,
            "strangers": self.strangers,
            "claimed but not stored": self.overclaimed,
        }
        assert not any(found.values()), found

    def assert_whole(self, *, set_aside: int = 0) -> None:
        """What holds once all is well again: every item is there, once, and counted."""
        self.assert_honest()
        assert not self.missing, f"{len(self.missing)} items are missing: {sorted(self.missing)[:5]}"
        assert not self.wrong_hours, f"rollups differ from the items: {sorted(self.wrong_hours)[:5]}"
        assert len(self.set_aside) <= set_aside, self.set_aside


async def take(store: Store, truth: Mapping[str, Listed]) -> Account:
    """Count everything now."""
    documents = {kind: await _all(store, kind) for kind in KINDS}
    counted = Counter(document["_id"] for kind in KINDS for document in documents[kind])
    aside = frozenset(document["_id"] for document in await _all(store, "set_aside")).difference(counted)
    rollups = await _all(store, "rollups")
    marks = await store.watermarks.all()
    covered = {
        (name, kind): (mark.posts if kind == "posts" else mark.comments).covered
        for name, mark in marks.items()
        for kind in KINDS
    }
    absent = [each for name, each in truth.items() if name not in counted and name not in aside]
    return Account(
        stored=len(counted),
        missing=frozenset(each.fullname for each in absent),
        twice=frozenset(name for name, times in counted.items() if times > 1),
        strangers=frozenset(counted).difference(truth),
        set_aside=aside,
        wrong_hours=wrong_hours(truth, documents, rollups),
        overclaimed=frozenset(
            each.fullname
            for each in absent
            if any(
                span.start <= each.created_at < span.end
                for span in covered.get((each.subreddit, each.kind), ())
            )
        ),
        ends={key: spans[-1].end for key, spans in covered.items() if spans},
        holes=sum(max(0, len(spans) - 1) for spans in covered.values()),
    )


async def _all(store: Store, collection: str) -> list[dict[str, Any]]:
    return await store.database.collection(collection).find({}).to_list(None)
