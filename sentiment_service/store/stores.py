"""The store as a whole: the database and one object for each family of collections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sentiment_service.models import utc_now
from sentiment_service.settings import MongoSettings
from sentiment_service.store.audit import Audit
from sentiment_service.store.connection import Database
from sentiment_service.store.cycles import Cycles
from sentiment_service.store.dirty import DirtyDays
from sentiment_service.store.erasures import Erasures
from sentiment_service.store.exporting import Exports
from sentiment_service.store.items import Items
from sentiment_service.store.migrations import Schema
from sentiment_service.store.proposals import Proposals
from sentiment_service.store.purges import Purges
from sentiment_service.store.reanalyses import Reanalyses
from sentiment_service.store.refreshes import Refreshes
from sentiment_service.store.rescoring import Rescoring
from sentiment_service.store.rollups import Rollups
from sentiment_service.store.search import Search
from sentiment_service.store.spoken import Spoken
from sentiment_service.store.state import State
from sentiment_service.store.tool_changes import ToolChanges
from sentiment_service.store.tools import Tools
from sentiment_service.store.trending import TrendingTopics
from sentiment_service.store.watermarks import Watermarks


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that is kept."""

    database: Database
    items: Items
    search: Search
    exports: Exports
    rollups: Rollups
    cycles: Cycles
    watermarks: Watermarks
    trending: TrendingTopics
    state: State
    schema: Schema
    purges: Purges
    erasures: Erasures
    refreshes: Refreshes
    audit: Audit
    tools: Tools
    tool_changes: ToolChanges
    proposals: Proposals
    reanalyses: Reanalyses
    rescoring: Rescoring
    spoken: Spoken


def open_store(settings: MongoSettings, *, now: Callable[[], datetime] = utc_now) -> Store:
    """Make the store; connect its database before use."""
    return store_on(Database(settings), now=now)


def store_on(database: Database, *, now: Callable[[], datetime] = utc_now) -> Store:
    """Make the store on a database of the caller's making."""
    dirty, state = DirtyDays(database, now), State(database, now)
    purges = Purges(database, dirty, now)
    rollups = Rollups(database, dirty)
    audit, tools = Audit(database, now), Tools(database, state, now)
    return Store(
        database=database,
        items=Items(database, dirty, now),
        search=Search(database, now),
        exports=Exports(database, now),
        rollups=rollups,
        cycles=Cycles(database, now),
        watermarks=Watermarks(database),
        trending=TrendingTopics(database),
        state=state,
        schema=Schema(database, state),
        purges=purges,
        erasures=Erasures(database, purges, now),
        refreshes=Refreshes(database, now),
        audit=audit,
        tools=tools,
        tool_changes=ToolChanges(database, state, tools, audit, now),
        proposals=Proposals(database),
        reanalyses=Reanalyses(database, rollups, now),
        rescoring=Rescoring(database, dirty),
        spoken=Spoken(database),
    )
