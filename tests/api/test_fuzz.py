"""The API against its own description: inputs by the thousand, good and bad, and every answer checked."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sentiment_service.api.context import Context
from sentiment_service.drivers import Drivers
from sentiment_service.errors import ScoringError
from sentiment_service.models import Label, Span, utc_now
from sentiment_service.settings import AdminSettings, ServerSettings, Settings
from sentiment_service.store.stores import Store
from sentiment_service.tools import Analysis
from tests.api.conftest import TOKEN, Scores
from tests.api.content import comment, post, put, sentiment
from tests.api.guarded import guarded
from tests.store.test_tools import tool

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
"""Inputs for each call besides those at the edges of its ranges; more outside CI."""


MEANINGLESS = "ensure_resource_availability"
"""Calls about tools ask for one that exists at first, whatever was created before them, and another scenario
may have deleted it: its absence says nothing of what was created. ``test_tools_admin.py`` reads what it
creates."""


@dataclass
class AlwaysTheSame(Scores):
    """Scores every text alike."""

    async def score(self, texts: Sequence[str]) -> list[Analysis | ScoringError | None]:
        return [Analysis(sentiment(Label.NEUTRAL, utc_now())) for _ in texts]


class NothingMoved:
    """Searches for what moved a tool's number, and finds nothing."""

    async def find(self, tool_id: str, names: Sequence[str], before: Span, after: Span) -> Drivers:
        return Drivers((), ())


async def test_every_answer_is_as_described_whatever_is_sent(
    store: Store, now: datetime, make_context: Callable[[Store], Context], tmp_path: Path
) -> None:
    await store.tools.seed([tool("Cursor"), tool("GitHub-Copilot")])
    await put(store, [post("p1", now), comment("c1", "p1", now), post("p2", now, label=None)], at=now)
    admin = AdminSettings.model_validate({"token": TOKEN, "max_failed_tries": 1000}, strict=False)
    settings = Settings(admin=admin, server=ServerSettings(score_per_minute=0, exports_per_minute=0))
    context = replace(make_context(store), settings=settings, scorer=AlwaysTheSame(), drivers=NothingMoved())
    async with guarded(context) as (host, port):
        await _fuzz(f"http://{host}:{port}/api/v1/openapi.json", tmp_path)


async def _fuzz(description: str, folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
        *("--checks", "all", "--exclude-checks", MEANINGLESS, "--seed", "1", "--no-color"),
        *("--max-examples", str(EXAMPLES)),
        *("-H", f"X-Admin-Token: {TOKEN}", "--request-timeout", "10"),
        *("--suppress-health-check", "all", "--generation-database", "none"),
        description,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(270):
        out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
