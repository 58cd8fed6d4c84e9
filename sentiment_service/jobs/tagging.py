"""Which tools items are about: from what was found in their texts, by the catalogue of the moment.

A catalogue can change while a page is on its way into the store. So after a page is written its number is
read again, and where it has grown the page's mentions are resolved anew.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from sentiment_service.errors import ScoringError, StoreError
from sentiment_service.store.stores import Store
from sentiment_service.tools import Analysis, Catalogue, LabelOf, Mention, mentions_of

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 1.0


class Scorer(Protocol):
    """What reads texts; see :class:`sentiment_service.scoring.worker.ScoringWorker`."""

    def use(self, catalogue: Catalogue) -> None:
        """Look for these tools from now on."""
        ...

    async def score(
        self, texts: Sequence[str], subreddits: Sequence[str | None] | None = None
    ) -> list[Analysis | ScoringError | None]:
        """What each text says, ``None`` where there is nothing to score, an error where one failed."""
        ...


class Tagging:
    """Keeps the scorer and the mentions of one cycle in step with the catalogue.

    :param label_of: the label of a polarity.
    """

    def __init__(self, store: Store, scorer: Scorer, label_of: LabelOf) -> None:
        self._store = store
        self._scorer = scorer
        self._label_of = label_of
        self._catalogue: Catalogue | None = None
        self._targets: dict[str, str] = {}

    async def begin(self) -> None:
        """Have a catalogue; the one there is stays until :meth:`settle` sees another.

        :raises DatabaseUnavailableError: the database stayed away.
        """
        if self._catalogue is None:
            await self._load()

    def mentions(self, analysis: Analysis) -> tuple[Mention, ...]:
        """What a text says of the tools there are."""
        return mentions_of(analysis.parts, self._targets, self._label_of)

    async def settle(self, fullnames: Sequence[str]) -> None:
        """Resolve the mentions of items that were just written anew, if the catalogue changed meanwhile.

        :raises StoreError: the database failed, so that nobody knows.
        """
        if self._catalogue is None or await self._store.tools.number() == self._catalogue.number:
            return
        await self._load()
        await self._store.items.retag_items(fullnames, self._targets, self._label_of)

    async def _load(self) -> None:
        self._catalogue = await self._store.tools.catalogue()
        self._targets = self._catalogue.targets()
        self._scorer.use(self._catalogue)


async def follow_catalogue(store: Store, scorer: Scorer) -> None:
    """Keep the scorer in step with the catalogue for ever: it changes with the data version.

    So texts are read right by a process that collects nothing, too.
    """
    version = None
    while True:
        version = await store.state.watch.changed(version)
        try:
            scorer.use(await store.tools.catalogue())
        except StoreError as error:
            log.debug("the catalogue of tools is not read while the database is away: %s", error)
            await asyncio.sleep(AGAIN_AFTER_S)
            version = None
