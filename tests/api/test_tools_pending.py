"""Proposed tools are shown with how often they are named, and with samples of what is still stored."""

import asyncio
import io
import pickle
import struct
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sentiment_service.api.context import Context
from sentiment_service.jobs import names_process
from sentiment_service.jobs.proposals import ToolProposals
from sentiment_service.models import ScoredItem
from sentiment_service.settings import ToolsSettings
from sentiment_service.store.stores import Store
from sentiment_service.store.unsaid import withdraw_unsaid
from tests.api.conftest import TOKEN, Client
from tests.api.content import comment, post, put
from tests.store.test_tools import tool

ADMIN = {"X-Admin-Token": TOKEN}
BASE = "/api/v1/admin/tools"
FEW = ToolsSettings(pending_min_mentions=4, pending_days=7)


def speaking(number: int, now: datetime, text: str) -> ScoredItem:
    """A post, or for odd numbers a comment, with this text."""
    at = now - timedelta(hours=number)
    if number % 2:
        said = comment(f"c{number}", "p0", at)
        return replace(said, item=replace(said.item, text=text))
    return post(f"p{number}", at, text=text)


async def talk(store: Store, now: datetime) -> None:
    """Six items about a tool nobody tracks, written in two ways, and more about one that is tracked."""
    await store.tools.seed([tool("Cursor")])
    texts = [f"yesterday I tried {name} for the first time" for name in ["Warp Code"] * 4 + ["WarpCode"] * 2]
    items = [speaking(number, now, text) for number, text in enumerate(texts)]
    items += [speaking(10 + number, now, "for that I use Cursor and nothing else") for number in range(6)]
    items += [speaking(24 * 9 + number, now, "so I tried Zebra Code instead") for number in range(6)]
    await put(store, items, at=now)


async def fetch(api: Client, path: str, method: str = "GET") -> Any:
    async with api.request(method, BASE + path, headers=ADMIN) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_a_name_seen_often_is_proposed_with_samples(
    api: Client, context: Context, now: datetime
) -> None:
    store = context.store
    await talk(store, now)
    assert await fetch(api, "/pending") == {"tools": [], "count": 0}
    assert await ToolProposals(store, FEW, now=lambda: now).run() == {
        "names": 1,
        "proposed": 1,
        "withdrawn": 0,
    }
    body = await fetch(api, "/pending")
    assert body["count"] == 1
    (proposed,) = body["tools"]
    assert (proposed["id"], proposed["name"], proposed["status"]) == ("warp-code", "Warp Code", "pending")
    assert (proposed["mention_count_7d"], proposed["created_by"]) == (6, "detection")
    assert proposed["first_detected"] == f"{now - timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ}"
    samples = proposed["sample_mentions"]
    assert len(samples) == 5
    assert "tried Warp Code for" in samples[0]["excerpt"]
    assert samples[0]["permalink"].startswith("https://www.reddit.com/r/")
    log = await fetch(api, "/warp-code/audit-log")
    assert [each["action_type"] for each in log["audit_records"]] == ["proposed"]
    assert "warp-code" not in {each.id for each in (await store.tools.catalogue()).found}


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts names without a process of its own, which needs seconds to learn ordinary words."""

    async def ask(module: str, values: AsyncIterator[object], **_: object) -> Any:
        sent = [pickle.dumps(value) async for value in values]
        requests = io.BytesIO(b"".join(struct.pack("!Q", len(body)) + body for body in sent))
        answers = io.BytesIO()
        await asyncio.to_thread(names_process.serve, requests, answers)
        return pickle.loads(answers.getvalue())  # noqa: S301

    monkeypatch.setattr(names_process, "ask", ask)


@pytest.mark.usefixtures("in_this_process")
async def test_samples_go_with_what_is_deleted(api: Client, context: Context, now: datetime) -> None:
    store = context.store
    await talk(store, now)
    await ToolProposals(store, FEW, now=lambda: now).run()
    (proposed,) = (await fetch(api, "/pending"))["tools"]
    gone = [sample["id"] for sample in proposed["sample_mentions"][:2]]
    await store.purges.purge(dict.fromkeys(gone, "deleted"))
    (proposed,) = (await fetch(api, "/pending"))["tools"]
    left = [sample["id"] for sample in proposed["sample_mentions"]]
    assert len(left) == 3
    assert not set(gone) & set(left)
    (kept,) = await store.database.collection("proposals").find({}).to_list(None)
    assert "tried" not in str(kept)


@pytest.mark.usefixtures("in_this_process")
async def test_a_proposal_goes_without_a_trace_with_the_last_that_it_was_seen_in(
    api: Client, context: Context, now: datetime
) -> None:
    store = context.store
    await talk(store, now)
    await ToolProposals(store, FEW, now=lambda: now).run()
    (proposed,) = (await fetch(api, "/pending"))["tools"]
    seen = [sample["id"] for sample in proposed["sample_mentions"]]
    await store.purges.purge(dict.fromkeys(seen[:-1], "deleted"))
    assert await withdraw_unsaid(store) == 0, "one is left"
    await store.purges.purge({seen[-1]: "deleted"})
    assert await withdraw_unsaid(store) == 1
    assert await fetch(api, "/pending") == {"tools": [], "count": 0}
    for name in ("tools", "tool_changes", "audit", "proposals"):
        documents = await store.database.collection(name).find({}).to_list(None)
        assert "warp" not in str(documents).lower(), name


@pytest.mark.usefixtures("in_this_process")
async def test_a_proposal_that_was_taken_up_stays(api: Client, context: Context, now: datetime) -> None:
    store = context.store
    await talk(store, now)
    await ToolProposals(store, FEW, now=lambda: now).run()
    (proposed,) = (await fetch(api, "/pending"))["tools"]
    await fetch(api, "/warp-code/approve", "POST")
    await store.purges.purge({sample["id"]: "deleted" for sample in proposed["sample_mentions"]})
    assert await withdraw_unsaid(store) == 0
    assert await store.tools.find("warp-code") is not None


@pytest.mark.usefixtures("in_this_process")
async def test_what_is_rejected_is_not_proposed_again(api: Client, context: Context, now: datetime) -> None:
    store = context.store
    await talk(store, now)
    await ToolProposals(store, FEW, now=lambda: now).run()
    await fetch(api, "/warp-code/reject", "POST")
    assert await ToolProposals(store, FEW, now=lambda: now).run() == {
        "names": 0,
        "proposed": 0,
        "withdrawn": 0,
    }
    assert await fetch(api, "/pending") == {"tools": [], "count": 0}


@pytest.mark.usefixtures("in_this_process")
async def test_what_is_approved_is_searched_for(api: Client, context: Context, now: datetime) -> None:
    store = context.store
    await talk(store, now)
    await ToolProposals(store, FEW, now=lambda: now).run()
    await fetch(api, "/warp-code/approve", "POST")
    (found,) = [each for each in (await store.tools.catalogue()).found if each.id == "warp-code"]
    assert found.aliases == ("WarpCode",)
    assert await ToolProposals(store, FEW, now=lambda: now).run() == {
        "names": 0,
        "proposed": 0,
        "withdrawn": 0,
    }


@pytest.mark.usefixtures("in_this_process")
async def test_a_proposal_is_counted_anew_and_made_once(api: Client, context: Context, now: datetime) -> None:
    store = context.store
    await talk(store, now)
    await ToolProposals(store, FEW, now=lambda: now).run()
    await put(store, [post("more", now, text="and then I saw Warp Code again")], at=now)
    later = now + timedelta(days=6)
    assert await ToolProposals(store, FEW, now=lambda: later).run() == {
        "names": 1,
        "proposed": 0,
        "withdrawn": 0,
    }
    (proposed,) = (await fetch(api, "/pending"))["tools"]
    assert proposed["mention_count_7d"] == 7
    assert proposed["first_detected"] == f"{now - timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ}"
    much_later = now + timedelta(days=60)
    await ToolProposals(store, FEW, now=lambda: much_later).run()
    (proposed,) = (await fetch(api, "/pending"))["tools"]
    assert (proposed["mention_count_7d"], len(proposed["sample_mentions"])) == (0, 5)


@pytest.mark.usefixtures("in_this_process")
async def test_only_so_many_wait_for_a_decision(context: Context, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("sentiment_service.jobs.proposals.MOST_PENDING", 0)
    await talk(context.store, now)
    assert await ToolProposals(context.store, FEW, now=lambda: now).run() == {
        "names": 1,
        "proposed": 0,
        "withdrawn": 0,
    }
