"""Faults as a client meets them."""

import asyncio

import aiohttp
import orjson
import pytest

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.mishaps import BIG_TEXT
from tests.demo.wire import wired
from tests.plugins.lookalike import StartLookalike
from tests.waiting import until

OPTIONS = LookalikeOptions(subreddits=("Cursor",), posts=20, comments=20, new_per_minute=0)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 501, 502, 503, 504])
async def test_a_status_comes_once_and_then_no_more(lookalike: StartLookalike, status: int) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add(f"{status}:next=1,path=/new")
        assert (await wire.answer("/r/Cursor/comments"))[0] == 200
        answered, headers, _ = await wire.answer("/r/Cursor/new")
        assert answered == status
        assert headers.get("Retry-After") == ("1" if status == 429 else None)
        assert (await wire.answer("/r/Cursor/new"))[0] == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", aiohttp.ClientConnectionError),
        ("cut", aiohttp.ClientPayloadError),
        ("hang", TimeoutError),
    ],
)
async def test_a_broken_connection_reaches_the_client(
    lookalike: StartLookalike, fault: str, error: type[Exception]
) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add(f"{fault}:path=/new")
        with pytest.raises(error):
            async with wire.session.get("/r/Cursor/new", timeout=aiohttp.ClientTimeout(0.2)) as response:
                await response.read()
        assert (await wire.answer("/r/Cursor/comments"))[0] == 200


async def test_a_hang_may_end_by_itself(lookalike: StartLookalike) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add("hang:next=1,seconds=0.05")
        assert (await wire.answer("/r/Cursor/new"))[0] == 504


async def test_a_request_that_hangs_is_answered_when_faults_are_ended(lookalike: StartLookalike) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add("hang")
        hanging = asyncio.create_task(wire.answer("/r/Cursor/new"))
        await until(lambda: served.requests.by_path["/r/Cursor/new"] == 1)
        assert not hanging.done()
        served.faults.clear()
        assert (await hanging)[0] == 200


@pytest.mark.parametrize("fault", ["truncated", "not_json"])
async def test_a_spoiled_body_is_no_json(lookalike: StartLookalike, fault: str) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add(fault)
        status, headers, body = await wire.answer("/r/Cursor/new")
        assert status == 200
        assert int(headers["Content-Length"]) == len(body)
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(body)


@pytest.mark.parametrize(("path", "field"), [("/r/Cursor/new", "selftext"), ("/r/Cursor/comments", "body")])
async def test_a_text_of_200_kb_and_fields_of_the_wrong_type(
    lookalike: StartLookalike, path: str, field: str
) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add("big_text:next=1")
        first = (await wire.get(path))["data"]["children"][0]["data"]
        assert first[field] == BIG_TEXT
        assert len(BIG_TEXT) >= 200 * 1024
        served.faults.add("bad_fields:next=1")
        data = [child["data"] for child in (await wire.get(path))["data"]["children"]]
        assert data[0]["score"] == "many"
        assert "created_utc" not in data[1]
        assert data[2][field] == 42
        assert isinstance(data[3][field], str)


async def test_pages_come_doubled_or_in_another_order(lookalike: StartLookalike) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        names = await wire.names("/r/Cursor/new")
        served.faults.add("duplicated:next=1")
        assert await wire.names("/r/Cursor/new") == [name for name in names for _ in range(2)]
        served.faults.add("reordered:next=1")
        mixed = await wire.names("/r/Cursor/new")
        assert mixed != names
        assert sorted(mixed) == sorted(names)


async def test_an_answer_that_is_no_listing_is_left_alone(lookalike: StartLookalike) -> None:
    served = await lookalike(OPTIONS)
    async with wired(served) as wire:
        served.faults.add("duplicated")
        assert (await wire.get("/r/Cursor/about"))["data"]["display_name"] == "Cursor"
        assert (await wire.answer("/r/Nowhere/about"))[0] == 302
