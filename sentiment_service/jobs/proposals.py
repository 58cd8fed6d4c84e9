"""Proposing tools: names that come up often and are tracked by nobody become pending tools."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sentiment_service.errors import ToolRefusedError
from sentiment_service.jobs.names import Said, Untracked
from sentiment_service.jobs.names_process import count_names_aside
from sentiment_service.models import StoredComment, StoredPost, utc_now
from sentiment_service.scoring.clean import text_of
from sentiment_service.scoring.names import key_of
from sentiment_service.settings import ToolsSettings
from sentiment_service.store import tool_edits as edits
from sentiment_service.store.proposals import Figures
from sentiment_service.store.stores import Store
from sentiment_service.store.unsaid import DETECTION, withdraw_unsaid
from sentiment_service.tools import Catalogue, Tool

log = logging.getLogger(__name__)

MOST_ITEMS = 20_000
"""Posts, and comments, that are read at most: the newest."""
MOST_PENDING = 100
"""Pending tools there are at most; beyond, somebody has to decide first."""
PART = 50
"""Texts encoded at once: well below a millisecond."""


class ToolProposals:
    """Counts names, and proposes those that come up often.

    :param settings: from how many mentions in how many days.
    """

    def __init__(
        self, store: Store, settings: ToolsSettings, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    async def run(self) -> dict[str, int]:
        """One counting; returns how many names came up often enough, were proposed, and withdrawn.

        :raises StoreError: when the database refuses or is away.
        :raises NamesError: when names could not be counted.
        """
        catalogue = await self._store.tools.catalogue()
        found = await count_names_aside(
            self._texts(),
            # Those pending are counted again; those rejected or archived are not proposed.
            tracked=_names(catalogue.found),
            known=_names(tool for tool in catalogue.tools if tool.status != "pending"),
            minimum=self._settings.pending_min_mentions,
        )
        figures, proposed = await self._propose(catalogue, found)
        await self._store.proposals.save(figures)
        return {
            "names": len(found),
            "proposed": proposed,
            "withdrawn": await withdraw_unsaid(self._store),
        }

    async def _texts(self) -> AsyncIterator[Sequence[Said]]:
        since = self._now() - timedelta(days=self._settings.pending_days)
        exports = self._store.exports
        async for part in _parts(exports.posts(since=since)):
            yield part
        async for part in _parts(exports.comments(since=since)):
            yield part

    async def _propose(
        self, catalogue: Catalogue, found: Sequence[Untracked]
    ) -> tuple[dict[str, Figures], int]:
        """Make tools of names that are none; returns the figures of all that are pending."""
        pending = {
            key_of(name): tool.id
            for tool in catalogue.tools
            if tool.status == "pending"
            for name in (tool.name, *tool.aliases)
        }
        held = await self._store.proposals.read(list(pending.values()))
        # Where a name that came up less was seen is kept: it goes when that does.
        figures = {tool_id: replace(each, mentions=0) for tool_id, each in held.items()}
        proposed = 0
        waiting = len(set(pending.values()))
        for each in found:
            tool_id = pending.get(key_of(each.name))
            if tool_id is None and waiting + proposed < MOST_PENDING:
                tool_id = await self._make(each)
                proposed += tool_id is not None
            if tool_id is not None:
                figures[tool_id] = Figures(each.mentions, each.first_at, each.samples, each.spellings)
        return figures, proposed

    async def _make(self, untracked: Untracked) -> str | None:
        """A pending tool; returns its id, or ``None`` when somebody has its name meanwhile."""
        try:
            change = await self._store.tool_changes.commit(
                partial(edits.create, tool=_tool_of(untracked, self._now()), action="proposed"), by=DETECTION
            )
        except ToolRefusedError as error:
            # Without the name: people wrote it, and a log forgets nothing.
            log.info("a name that comes up often is not proposed: %s", error.kind)
            return None
        return change.tool.id


async def _parts(
    pages: AsyncGenerator[list[StoredPost], None] | AsyncGenerator[list[StoredComment], None],
) -> AsyncIterator[Sequence[Said]]:
    read = 0
    async with aclosing(pages):
        async for page in pages:
            said = [_said(stored) for stored in page]
            for start in range(0, len(said), PART):
                yield said[start : start + PART]
            read += len(page)
            if read >= MOST_ITEMS:
                return


def _names(tools: Iterable[Tool]) -> list[str]:
    return [name for tool in tools for name in (tool.name, *tool.aliases)]


def _said(stored: StoredPost | StoredComment) -> Said:
    item = stored.post if isinstance(stored, StoredPost) else stored.comment
    return Said(item.fullname, item.created_at, text_of(item))


def _tool_of(untracked: Untracked, now: datetime) -> Tool:
    """The tool that a name is proposed as; whoever approves it fills in the rest."""
    same = [each for each in untracked.spellings if key_of(each) == key_of(untracked.name)]
    others = {each.casefold(): each for each in same if each.casefold() != untracked.name.casefold()}
    return Tool(
        id="",
        name=untracked.name,
        slug="",
        vendor="unknown",
        categories=("uncategorized",),
        aliases=tuple(others.values()),
        ambiguous=(),
        home_subreddits=(),
        status="pending",
        created_at=now,
        updated_at=now,
        created_by=DETECTION,
        updated_by=DETECTION,
    )
