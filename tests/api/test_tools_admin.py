"""Administrators' calls about tools: what each does, and that bad input changes nothing."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from sentiment_service.api.context import Context
from sentiment_service.jobs.tool_moves import ToolMoves
from sentiment_service.resources import background
from sentiment_service.store.stores import Store
from tests.api.conftest import TOKEN, Client, MakeClient
from tests.api.content import put
from tests.jobs.spoken import LABEL_OF, by_tool, rolled_up, spoken, stored
from tests.store.test_tools import tool

ADMIN = {"X-Admin-Token": TOKEN}
BASE = "/api/v1/admin/tools"
NEW = {"name": "Amp", "vendor": "Sourcegraph", "categories": ["agent"]}
MERGE = {
    "target_tool_id": "cursor",
    "source_tool_ids": ["zed"],
    "final_categories": ["x"],
    "final_vendor": "V",
}

Answer = tuple[int, Any]


@pytest_asyncio.fixture
async def api(context: Context, make_client: MakeClient, now: datetime) -> AsyncIterator[Client]:
    """An API over five tools and items that speak of two, with moves behind it."""
    store = context.store
    await store.tools.seed(
        [
            tool("Cursor", vendor="Anysphere", categories=("editor", "agent")),
            tool("Zed"),
            tool("Aider", description="on the command line"),
            tool("Fresh", status="pending"),
            tool("Old", status="archived"),
        ]
    )
    await put(store, spoken(await store.tools.catalogue(), now), at=now)
    moves = ToolMoves(store, LABEL_OF)
    async with background(moves.run(), "moves"):
        yield await make_client(replace(context, moves=moves))


async def call(
    api: Client, method: str, path: str = "", body: Any = None, *, headers: dict[str, str] | None = None
) -> Answer:
    sent = ADMIN | (headers or {})
    async with api.request(method, BASE + path, json=body, headers=sent) as answer:
        return answer.status, await answer.json()


async def everything(store: Store) -> tuple[Any, ...]:
    """All that a refused call must leave as it is."""
    records = await store.database.collection("audit").count_documents({})
    return await store.tools.catalogue(), await stored(store), records


# --- what each call does ---------------------------------------------------------------------------


async def test_a_new_tool_is_answered_as_it_is_kept(api: Client, context: Context) -> None:
    more = {"aliases": ["Amp Code"], "ambiguous": ["Amp"], "metadata": {"a": [1, {"b": None}]}}
    status, body = await call(api, "POST", "", NEW | more | {"description": "An agent"})
    assert status == 201
    made = body["tool"]
    assert (made["id"], made["slug"], made["status"], made["category"]) == ("amp", "amp", "active", "agent")
    assert (made["created_by"], made["metadata"]) == ("admin", more["metadata"])
    assert body["moved"] == {"done": True, "items": 0}
    assert "Amp" in body["message"]
    assert (await call(api, "GET", "/amp"))[1] == {"tool": made, "aliases": []}
    assert "amp" in {each.id for each in (await context.store.tools.catalogue()).found}


async def test_named_fields_change_and_others_stay(api: Client) -> None:
    _, before = await call(api, "GET", "/cursor")
    status, body = await call(api, "PUT", "/cursor", {"vendor": "Else", "aliases": []})
    assert status == 200
    after = body["tool"]
    changed = {name for name in after if after[name] != before["tool"][name]}
    assert changed == {"vendor", "aliases", "revision", "updated_at", "updated_by"}
    assert (after["vendor"], after["aliases"], after["revision"]) == ("Else", [], 2)
    status, again = await call(api, "PUT", "/cursor", {"vendor": "Else"})
    assert (status, again["tool"]) == (200, after)
    assert "as it was" in again["message"]
    assert (await call(api, "PUT", "/cursor", {}))[1]["tool"] == after


async def test_a_renamed_tool_keeps_its_address(api: Client) -> None:
    _, body = await call(api, "PUT", "/cursor", {"name": "Pointer"})
    assert (body["tool"]["id"], body["tool"]["slug"], body["tool"]["ambiguous"]) == ("cursor", "cursor", [])


async def test_a_deleted_tool_says_how_much_went(api: Client, context: Context, now: datetime) -> None:
    status, body = await call(api, "DELETE", "/zed")
    assert status == 200
    assert (body["tool_id"], body["tool_name"], body["sentiment_count"]) == ("zed", "Zed", 6)
    assert body["moved"] == {"done": True, "items": 6}
    assert by_tool(await rolled_up(context.store, now)) == {"cursor": 6}
    assert (await call(api, "GET", "/zed"))[0] == 404
    status, log = await call(api, "GET", "/zed/audit-log")
    assert (status, log["audit_records"][0]["action_type"]) == (200, "deleted")


async def test_tools_go_from_one_status_to_another(api: Client) -> None:
    for path, tool_id, status in (
        ("archive", "zed", "archived"),
        ("unarchive", "zed", "active"),
        ("approve", "fresh", "active"),
        ("unarchive", "old", "active"),
    ):
        code, body = await call(api, "POST", f"/{tool_id}/{path}")
        assert (code, body["tool"]["status"]) == (200, status)
        assert body["tool"]["name"] in body["message"]


async def test_a_rejected_tool_can_be_approved_after_all(api: Client) -> None:
    assert (await call(api, "POST", "/fresh/reject"))[1]["tool"]["status"] == "rejected"
    assert (await call(api, "POST", "/fresh/approve"))[1]["tool"]["status"] == "active"


async def test_an_alias_is_linked_and_unlinked(api: Client, context: Context, now: datetime) -> None:
    status, body = await call(api, "PUT", "/zed/alias", {"primary_tool_id": "cursor"})
    assert status == 200
    assert body["alias"] == {"tool_id": "zed", "name": "Zed", "primary_tool_id": "cursor"}
    assert body["moved"] == {"done": True, "items": 6}
    assert by_tool(await rolled_up(context.store, now)) == {"cursor": 9}
    assert (await call(api, "GET", "/cursor"))[1]["aliases"] == [body["alias"]]
    again = await call(api, "PUT", "/zed/alias", {"primary_tool_id": "cursor"})
    assert again[1]["moved"] == {"done": True, "items": 0}
    status, body = await call(api, "DELETE", "/zed/alias")
    assert (status, body["moved"]) == (200, {"done": True, "items": 6})
    assert by_tool(await rolled_up(context.store, now)) == {"cursor": 6, "zed": 6}


async def test_a_merge_answers_with_everything_it_did(api: Client, context: Context, now: datetime) -> None:
    status, body = await call(api, "POST", "/merge", MERGE | {"notes": "one company"})
    assert status == 200
    record = body["merge_record"]
    assert (record["target_tool_id"], record["source_tool_ids"]) == ("cursor", ["zed"])
    assert (record["final_vendor"], record["notes"], record["merged_by"]) == ("V", "one company", "admin")
    assert (body["target_tool"]["vendor"], body["target_tool"]["categories"]) == ("V", ["x"])
    (archived,) = body["archived_tools"]
    assert (archived["id"], archived["status"], archived["merged_into"]) == ("zed", "archived", "cursor")
    assert body["warnings"] == ["Zed is of another vendor: Somebody."]
    assert body["moved"] == {"done": True, "items": 6}
    assert by_tool(await rolled_up(context.store, now)) == {"cursor": 9}
    for tool_id in ("cursor", "zed"):
        _, history = await call(api, "GET", f"/{tool_id}/merge-history")
        assert history == {
            "merge_records": [record],
            "total": 1,
            "page": 1,
            "limit": 50,
            "has_more": False,
        }
    assert (await call(api, "POST", "/zed/unarchive"))[0] == 409


async def test_every_change_is_recorded_with_what_was_and_is(api: Client) -> None:
    await call(api, "PUT", "/zed", {"vendor": "Else"})
    await call(api, "POST", "/zed/archive")
    await call(api, "POST", "/zed/unarchive")
    status, log = await call(api, "GET", "/zed/audit-log?limit=2")
    assert status == 200
    assert (log["total"], log["page"], log["limit"], log["has_more"]) == (3, 1, 2, True)
    assert [each["action_type"] for each in log["audit_records"]] == ["unarchived", "archived"]
    _, second = await call(api, "GET", "/zed/audit-log?limit=2&page=2")
    (first_change,) = second["audit_records"]
    assert not second["has_more"]
    assert first_change["changes"] == [{"field": "vendor", "before": "Somebody", "after": "Else"}]
    assert (first_change["tool_id"], first_change["performed_by"]) == ("zed", "admin")
    assert len(first_change["client_hash"]) == 16
    _, archived = await call(api, "GET", "/zed/audit-log?action_type=archived")
    assert [each["action_type"] for each in archived["audit_records"]] == ["archived"]
    assert "127.0.0.1" not in json.dumps(log)
    assert TOKEN not in json.dumps(log)


async def test_tools_are_listed_in_pages(api: Client) -> None:
    status, body = await call(api, "GET", "?limit=2&page=2")
    assert status == 200
    assert [each["id"] for each in body["tools"]] == ["fresh", "old"]
    twin = body.pop("pagination")
    assert twin == {
        "page": 2,
        "limit": 2,
        "total_items": 5,
        "total_pages": 3,
        "has_next": True,
        "has_prev": True,
    }
    assert {
        name: body[name] for name in ("total", "page", "limit", "total_pages", "has_next", "has_prev")
    } == {
        "total": 5,
        "page": 2,
        "limit": 2,
        "total_pages": 3,
        "has_next": True,
        "has_prev": True,
    }
    _, beyond = await call(api, "GET", "?page=7")
    assert (beyond["tools"], beyond["has_next"], beyond["total"]) == ([], False, 5)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("search=COMMAND", ["aider"]),
        ("search=zed%20ai", ["zed"]),
        ("search=anysph", ["cursor"]),
        ("status=pending", ["fresh"]),
        ("category=AGENT", ["cursor"]),
        ("vendor=anysphere", ["cursor"]),
        ("vendor=any", []),
        ("status=active&sort_by=vendor", ["cursor", "aider", "zed"]),
        ("sort_order=desc", ["zed", "old", "fresh", "cursor", "aider"]),
        ("sort_by=status", ["aider", "cursor", "zed", "old", "fresh"]),
        ("search=&status=", ["aider", "cursor", "fresh", "old", "zed"]),
    ],
)
async def test_tools_are_searched_filtered_and_sorted(api: Client, query: str, ids: list[str]) -> None:
    status, body = await call(api, "GET", f"?{query}")
    assert (status, [each["id"] for each in body["tools"]]) == (200, ids)
    given = dict(part.split("=") for part in query.replace("%20", " ").split("&"))
    filters = {name: value for name, value in given.items() if value and not name.startswith("sort")}
    assert body["filters_applied"] == filters


# --- versions --------------------------------------------------------------------------------------


async def etag(api: Client, path: str, *, encoding: str = "identity") -> str:
    async with api.get(BASE + path, headers=ADMIN | {"Accept-Encoding": encoding}) as answer:
        return answer.headers["ETag"]


async def test_the_version_that_was_read_can_be_changed_once(api: Client, context: Context) -> None:
    tag = await etag(api, "/zed")
    assert not tag.startswith("W/")
    status, _ = await call(api, "PUT", "/zed", {"vendor": "First"}, headers={"If-Match": tag})
    assert status == 200
    before = await everything(context.store)
    for method, body in (("PUT", {"vendor": "Second"}), ("DELETE", None)):
        status, problem = await call(api, method, "/zed", body, headers={"If-Match": tag})
        assert (status, problem["title"]) == (412, "Precondition Failed")
        assert "Zed has changed" in problem["detail"]
    assert await everything(context.store) == before
    listed = f'"other", {await etag(api, "/zed", encoding="gzip")}'
    assert (await call(api, "PUT", "/zed", {"vendor": "Third"}, headers={"If-Match": listed}))[0] == 200
    assert (await call(api, "DELETE", "/zed", headers={"If-Match": "*"}))[0] == 200


async def test_a_link_to_a_tool_changes_its_version(api: Client) -> None:
    tag = await etag(api, "/cursor")
    await call(api, "PUT", "/zed/alias", {"primary_tool_id": "cursor"})
    assert (await call(api, "PUT", "/cursor", {"vendor": "X"}, headers={"If-Match": tag}))[0] == 412


@pytest.mark.parametrize("tag", ["", "nonsense", '"nonsense"', 'W/"*"', "W/*", '"', "\xe9"])
async def test_a_version_nobody_gave_out_is_stale(api: Client, context: Context, tag: str) -> None:
    before = await everything(context.store)
    status, _ = await call(api, "PUT", "/zed", {"vendor": "New"}, headers={"If-Match": tag})
    assert status == 412
    assert await everything(context.store) == before


async def test_a_weak_form_of_the_right_version_is_stale(api: Client) -> None:
    weak = f"W/{await etag(api, '/zed')}"
    assert (await call(api, "PUT", "/zed", {"vendor": "New"}, headers={"If-Match": weak}))[0] == 412


# --- bad input -------------------------------------------------------------------------------------

LONG = "x" * 300


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("POST", "", NEW | {"name": LONG}, 422, "name"),
        ("POST", "", NEW | {"name": ""}, 422, "name"),
        ("POST", "", NEW | {"name": "  "}, 422, "name"),
        ("POST", "", NEW | {"name": "a\nb"}, 422, "name"),
        ("POST", "", NEW | {"name": 7}, 422, "name"),
        ("POST", "", NEW | {"name": None}, 422, "name"),
        ("POST", "", {"vendor": "x", "categories": ["y"]}, 422, "name"),
        ("POST", "", NEW | {"categories": []}, 422, "categories"),
        ("POST", "", NEW | {"categories": list("abcdef")}, 422, "categories"),
        ("POST", "", NEW | {"categories": ["a", "A"]}, 422, "categories"),
        ("POST", "", NEW | {"categories": "a"}, 422, "categories"),
        ("POST", "", NEW | {"aliases": [""]}, 422, "aliases.0"),
        ("POST", "", NEW | {"aliases": ["A", "a"]}, 422, "aliases.1"),
        ("POST", "", NEW | {"aliases": ["amp"]}, 422, "aliases.0"),
        ("POST", "", NEW | {"aliases": ["ok", LONG]}, 422, "aliases.1"),
        ("POST", "", NEW | {"aliases": ["ok", "zed AI"]}, 409, "aliases.1"),
        ("POST", "", NEW | {"aliases": [f"n{n}" for n in range(201)]}, 422, "aliases"),
        ("POST", "", NEW | {"ambiguous": ["Else"]}, 422, "ambiguous.0"),
        ("POST", "", NEW | {"name": "cursor"}, 409, "name"),
        ("POST", "", NEW | {"name": "Old"}, 409, "name"),
        ("POST", "", NEW | {"name": "cursor AI"}, 409, "name"),
        ("POST", "", NEW | {"metadata": []}, 422, "metadata"),
        ("POST", "", NEW | {"metadata": {"a": LONG * 60}}, 422, "metadata"),
        ("POST", "", NEW | {"detection_threshold": 2}, 422, "detection_threshold"),
        ("POST", "", NEW | {"status": "active"}, 422, "status"),
        ("PUT", "/zed", {"name": "Cursor"}, 409, "name"),
        ("PUT", "/zed", {"name": None}, 422, "name"),
        ("PUT", "/zed", {"name": LONG}, 422, "name"),
        ("PUT", "/zed", {"aliases": ["fine", "Cursor"]}, 409, "aliases.1"),
        ("PUT", "/zed", {"aliases": ["ZED"]}, 422, "aliases.0"),
        ("PUT", "/zed", {"categories": []}, 422, "categories"),
        ("PUT", "/zed", {"id": "other"}, 422, "id"),
        ("PUT", "/nobody", {"vendor": "x"}, 404, None),
        ("DELETE", "/nobody", None, 404, None),
        ("GET", "/nobody", None, 404, None),
        ("GET", "/nobody/audit-log", None, 404, None),
        ("GET", "/nobody/merge-history", None, 404, None),
        ("GET", "/zed/audit-log?limit=0", None, 422, "limit"),
        ("GET", "/zed/audit-log?limit=501", None, 422, "limit"),
        ("GET", "/zed/audit-log?page=0", None, 422, "page"),
        ("GET", "/zed/audit-log?action_type=else", None, 422, "action_type"),
        ("GET", "?limit=0", None, 422, "limit"),
        ("GET", "?limit=501", None, 422, "limit"),
        ("GET", "?page=abc", None, 422, "page"),
        ("GET", "?status=else", None, 422, "status"),
        ("GET", "?sort_by=secret", None, 422, "sort_by"),
        ("POST", "/nobody/archive", None, 404, None),
        ("POST", "/old/archive", None, 409, None),
        ("POST", "/fresh/archive", None, 409, None),
        ("POST", "/zed/unarchive", None, 409, None),
        ("POST", "/zed/approve", None, 409, None),
        ("POST", "/zed/reject", None, 409, None),
        ("PUT", "/zed/alias", {"primary_tool_id": "zed"}, 409, "primary_tool_id"),
        ("PUT", "/zed/alias", {"primary_tool_id": "nobody"}, 404, "primary_tool_id"),
        ("PUT", "/zed/alias", {"primary_tool_id": "old"}, 409, "primary_tool_id"),
        ("PUT", "/zed/alias", {}, 422, "primary_tool_id"),
        ("PUT", "/nobody/alias", {"primary_tool_id": "zed"}, 404, None),
        ("DELETE", "/zed/alias", None, 409, None),
        ("DELETE", "/nobody/alias", None, 404, None),
        ("POST", "/merge", MERGE | {"source_tool_ids": ["cursor"]}, 422, "source_tool_ids.0"),
        ("POST", "/merge", MERGE | {"source_tool_ids": ["zed", "zed"]}, 422, "source_tool_ids.1"),
        ("POST", "/merge", MERGE | {"source_tool_ids": ["zed", "nobody"]}, 404, "source_tool_ids.1"),
        ("POST", "/merge", MERGE | {"source_tool_ids": []}, 422, "source_tool_ids"),
        ("POST", "/merge", MERGE | {"target_tool_id": "old"}, 409, None),
        ("POST", "/merge", MERGE | {"target_tool_id": "nobody"}, 404, "target_tool_id"),
        ("POST", "/merge", MERGE | {"final_categories": []}, 422, "final_categories"),
        ("POST", "/merge", MERGE | {"final_vendor": LONG}, 422, "final_vendor"),
        ("POST", "/merge", {}, 422, "target_tool_id"),
        ("POST", "", [NEW], 422, "body"),
        ("PUT", "/zed", [], 422, "body"),
        ("POST", "/merge", [], 422, "body"),
        ("PUT", "/zed/alias", [], 422, "body"),
    ],
)
async def test_bad_input_is_refused_and_changes_nothing(
    api: Client, context: Context, method: str, path: str, body: Any, status: int, field: str | None
) -> None:
    before = await everything(context.store)
    code, problem = await call(api, method, path, body)
    assert code == status, problem
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]]
    assert await everything(context.store) == before


async def test_no_cycle_and_no_chain_of_aliases(api: Client, context: Context) -> None:
    await call(api, "PUT", "/zed/alias", {"primary_tool_id": "cursor"})
    before = await everything(context.store)
    for path, primary, word in (
        ("/cursor/alias", "zed", "cycle"),
        ("/aider/alias", "zed", "chain"),
        ("/cursor/alias", "aider", "chain"),
    ):
        status, problem = await call(api, "PUT", path, {"primary_tool_id": primary})
        assert (status, word in problem["detail"]) == (409, True)
    assert await everything(context.store) == before


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/zed"), ("POST", "/merge")])
async def test_a_body_that_is_no_json_changes_nothing(
    api: Client, context: Context, method: str, path: str
) -> None:
    before = await everything(context.store)
    for data in (b"", b"{", b'{"name": "\xff"}', b"\x00"):
        async with api.request(method, BASE + path, data=data, headers=ADMIN) as answer:
            assert answer.status == 400
            assert "not JSON" in (await answer.json())["detail"]
    assert await everything(context.store) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", ""),
        ("GET", "/zed"),
        ("PUT", "/zed"),
        ("DELETE", "/zed"),
        ("POST", "/zed/archive"),
        ("POST", "/zed/unarchive"),
        ("POST", "/zed/approve"),
        ("POST", "/zed/reject"),
        ("GET", "/pending"),
        ("PUT", "/zed/alias"),
        ("DELETE", "/zed/alias"),
        ("POST", "/merge"),
        ("GET", "/zed/merge-history"),
        ("GET", "/zed/audit-log"),
    ],
)
async def test_nothing_is_done_without_the_token_or_the_database(
    api: Client, offline: Client, context: Context, method: str, path: str
) -> None:
    before = await everything(context.store)
    async with api.request(method, BASE + path, json={}) as answer:
        assert answer.status == 401
    assert await everything(context.store) == before
    body = {"": NEW, "/merge": MERGE, "/zed/alias": {"primary_tool_id": "cursor"}}.get(path, {})
    async with offline.request(method, BASE + path, json=body, headers=ADMIN) as answer:
        assert answer.status == 503
        assert "Retry-After" in answer.headers


async def test_calls_with_an_address_of_their_own_are_not_taken_for_tools(api: Client) -> None:
    for method, path in (("PUT", "/pending"), ("DELETE", "/merge"), ("POST", "/pending")):
        async with api.request(method, BASE + path, headers=ADMIN) as answer:
            assert answer.status == 405
            assert answer.headers["Allow"]
