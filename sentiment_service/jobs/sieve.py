"""What of a page may be stored: not what is gone, what was purged before, or what an erased author wrote."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sentiment_service.deletion import Reason, author_hash, reason_gone
from sentiment_service.models import Item
from sentiment_service.store.stores import Store


@dataclass(frozen=True, slots=True)
class Sifted:
    """A page taken apart."""

    kept: tuple[Item, ...]
    """What may be stored."""
    refused: dict[str, Reason]
    """Why the others may not, by fullname."""
    epoch: int
    """The purge epoch all this was found out in."""
    erased: Counter[str] = field(default_factory=Counter)
    """Items of erased authors, by the author's hash."""


class Sieve:
    """Keeps out of the store what must not be in it, also while others purge."""

    def __init__(self, store: Store) -> None:
        self._purges = store.purges
        self._erasures = store.erasures

    async def sift(self, items: Sequence[Item], *, at: datetime) -> Sifted:
        """Take a page apart.

        :param at: when the source showed it.
        """
        epoch = await self._purges.epoch()
        refused, erased = await self._refused(items, epoch, at)
        gone = {item.fullname: why for item in items if (why := reason_gone(item)) is not None}
        refused |= {fullname: why for fullname, why in gone.items() if fullname not in refused}
        return Sifted(tuple(item for item in items if item.fullname not in refused), refused, epoch, erased)

    async def settle(self, sifted: Sifted, known: Collection[str], *, at: datetime) -> int:
        """Purge what the page showed to be gone, and what was purged while the page was being written.

        :param known: fullnames that were stored before.
        :returns: items purged.
        """
        reasons = {fullname: why for fullname, why in sifted.refused.items() if fullname in known}
        epoch = await self._purges.epoch()
        if epoch != sifted.epoch:
            reasons |= (await self._refused(sifted.kept, epoch, at))[0]
        if sifted.erased:
            await self._erasures.kept_out(sifted.erased)
        return len(await self._purges.purge(reasons)) if reasons else 0

    async def _refused(
        self, items: Sequence[Item], epoch: int, at: datetime
    ) -> tuple[dict[str, Reason], Counter[str]]:
        """Items that were purged before or are of an erased author; the latter also counted by author."""
        if not epoch:  # nothing was ever purged
            return {}, Counter()
        refused = await self._purges.barred([item.fullname for item in items], at)
        hashes = await self._erasures.hashes(epoch)
        counted: Counter[str] = Counter()
        if hashes:
            for item in items:
                if item.author is not None and (hashed := author_hash(item.author)) in hashes:
                    refused[item.fullname] = "erased"
                    counted[hashed] += 1
        return refused, counted
