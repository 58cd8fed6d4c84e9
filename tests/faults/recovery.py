"""What a cycle's record tells, and what is there again when nothing is broken any more."""

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.faults import accounts
from tests.faults.accounts import Account
from tests.faults.site import SUBREDDITS, Site


def kinds_of(cycle: Mapping[str, Any]) -> set[str]:
    """The kinds of errors that a cycle's record names."""
    return {each["kind"] for each in cycle["errors"]}


def assert_recorded(cycle: Mapping[str, Any], before: Account, after: Account) -> None:
    """A cycle's record says what it did: what it stored, and whom it read to the end."""
    assert cycle["items_new"] == after.stored - before.stored, cycle
    began = datetime.fromisoformat(cycle["start_time"])
    for name in SUBREDDITS:
        read = all(after.ends.get((name.lower(), kind), began) > began for kind in accounts.KINDS)
        assert (name in cycle["subreddits_processed"]) == read, (name, cycle, after.ends)


def note(fault: str, point: str, *, told: object, lost: int, recovered_s: float) -> None:
    """Add a line to the report whose name is in ``FAULTS_REPORT``, if there is one."""
    name = os.environ.get("FAULTS_REPORT")
    if name:
        line = {"fault": fault, "point": point, "told": told, "lost": lost, "seconds": round(recovered_s, 2)}
        with Path(name).open("a", encoding="utf-8") as report:
            report.write(json.dumps(line) + "\n")


async def recover(site: Site, fault: str, point: str, *, told: object, set_aside: int = 0) -> None:
    """Collect with nothing broken any more; afterwards everything is there, once, counted and claimed."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    before = await site.count()
    cycle = await site.collect()
    recovered_s = loop.time() - began
    after = await site.count()
    note(fault, point, told=told, lost=len(after.missing), recovered_s=recovered_s)
    after.assert_whole(set_aside=set_aside)
    assert cycle["status"] == "completed", cycle
    assert cycle["errors"] == []
    assert_recorded(cycle, before, after)
    assert set(cycle["subreddits_processed"]) == set(SUBREDDITS)
    await site.assert_figures()
