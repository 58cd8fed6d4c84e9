"""Receipts of what was deleted, and erasing what one person wrote."""

from datetime import datetime, timedelta
from typing import Any

from sentiment_service.api.context import Context
from sentiment_service.deletion import author_hash
from tests.api.conftest import TOKEN, Client
from tests.api.content import post, put

ADMIN = {"X-Admin-Token": TOKEN}
PATH = "/api/v1/admin/deletions"


async def fetch(api: Client, path: str, status: int = 200) -> Any:
    async with api.get(path, headers=ADMIN) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def erase(api: Client, author: object, status: int = 200) -> Any:
    async with api.post("/api/v1/admin/erase", json={"author": author}, headers=ADMIN) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_receipts_are_listed_newest_first_in_pages(
    api: Client, context: Context, now: datetime
) -> None:
    names = [f"p{number}" for number in range(7)]
    await put(context.store, [post(name, now) for name in names], at=now)
    assert await fetch(api, PATH) == {"deletions": [], "next_cursor": None}
    for name in names:
        await context.store.purges.purge({f"t3_{name}": "removed"})
    seen: list[str] = []
    cursor = ""
    while True:
        body = await fetch(api, f"{PATH}?limit=3&cursor={cursor}")
        seen += [one["id"] for one in body["deletions"]]
        assert all(set(one) == {"id", "kind", "deleted_at", "reason"} for one in body["deletions"])
        if body["next_cursor"] is None:
            break
        cursor = body["next_cursor"]
    assert sorted(seen) == [f"t3_{name}" for name in names]
    assert len(seen) == 7
    first = (await fetch(api, f"{PATH}?limit=1"))["deletions"][0]
    assert (first["kind"], first["reason"]) == ("post", "removed")
    assert first["deleted_at"].endswith("Z")


async def test_a_cursor_of_nowhere_is_refused(api: Client) -> None:
    assert (await fetch(api, f"{PATH}?cursor=abc", 422))["errors"][0]["field"] == "cursor"


async def test_erasing_removes_the_author_from_every_answer(
    api: Client, context: Context, now: datetime
) -> None:
    mine = [post(f"m{number}", now - timedelta(minutes=number), author="Some_Body") for number in range(3)]
    await put(context.store, [*mine, post("other", now, author="else")], at=now)
    async with api.get("/api/v1/posts/recent") as answer:
        assert len(await answer.json()) == 4
    body = await erase(api, "u/sOME_bODY")
    assert body["author_hash"] == author_hash("some_body")
    assert body["items_erased"] == 3
    assert {one["id"] for one in body["receipts"]} == {"t3_m0", "t3_m1", "t3_m2"}
    assert {one["reason"] for one in body["receipts"]} == {"erased"}
    async with api.get("/api/v1/posts/recent") as answer:
        assert [one["id"] for one in await answer.json()] == ["t3_other"]
    async with api.get("/api/v1/sentiment/stats") as answer:
        assert (await answer.json())["statistics"]["total"] == 1
    assert len((await fetch(api, PATH))["deletions"]) == 3
    (record,) = await context.store.database.collection("audit").find({}).to_list(None)
    assert (record["action"], record["subject"], record["details"]) == (
        "erase",
        author_hash("some_body"),
        {"items_erased": 3},
    )
    assert (await erase(api, "some_body"))["items_erased"] == 0


async def test_only_names_of_accounts_can_be_erased(api: Client) -> None:
    for wrong in ("", "[deleted]", "a b", "x" * 33, None, 7):
        assert (await erase(api, wrong, 422))["errors"][0]["field"] == "author"


async def test_both_calls_need_the_token(api: Client) -> None:
    async with api.get(PATH) as answer:
        assert answer.status == 401
    async with api.post("/api/v1/admin/erase", json={"author": "somebody"}) as answer:
        assert answer.status == 401


async def test_without_a_database_both_say_so(offline: Client) -> None:
    await fetch(offline, PATH, 503)
    await erase(offline, "somebody", 503)
