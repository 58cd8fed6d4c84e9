"""The control calls."""

from unittest.mock import PropertyMock, patch

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sentiment_service.demo.control import Control
from sentiment_service.demo.lookalike import (
    FAULTS,
    REQUESTS,
    TOKENS,
    WORLD,
    LookalikeOptions,
    create_lookalike,
)
from tests.demo.wire import wired
from tests.plugins.lookalike import StartLookalike

EMPTY = LookalikeOptions(subreddits=("Cursor",), posts=0, comments=0, new_per_minute=0)


async def test_faults_are_added_shown_and_ended(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    async with wired(served) as wire:
        body = {"fault": "503:next=3", "latency_ms": 1.5, "jitter_ms": 0.5}
        async with wire.session.post("/_control/faults", json=body) as response:
            assert await response.json() == {"faults": ["503:next=3"], "latency_ms": 1.5, "jitter_ms": 0.5}
        assert (await wire.answer("/r/Cursor/new"))[0] == 503
        assert (await wire.get("/_control/faults"))["faults"] == ["503:next=3"]
        async with wire.session.delete("/_control/faults") as response:
            assert (await response.json())["faults"] == []
        assert (await wire.answer("/r/Cursor/new"))[0] == 200
        async with wire.session.post("/_control/faults", json={"latency_ms": 0}) as response:
            assert (await response.json())["latency_ms"] == 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("faults", b"no json", 400),
        ("faults", b"[]", 400),
        ("faults", b'{"fault": "777"}', 400),
        ("faults", b'{"latency_ms": "slow"}', 400),
        ("faults", b'{"latency_ms": -1}', 400),
        ("subreddits", b'{"name": "Cursor", "access": "sunny"}', 400),
        ("subreddits", b'{"access": "open"}', 400),
        ("things", b'{"fullname": "t3_unknown", "edit": "x"}', 404),
    ],
)
async def test_bad_input_is_refused(lookalike: StartLookalike, path: str, body: bytes, status: int) -> None:
    served = await lookalike(EMPTY)
    async with (
        aiohttp.ClientSession(served.url) as session,
        session.post(f"/_control/{path}", data=body) as response,
    ):
        assert response.status == status
        assert served.faults.active == []


async def test_subreddits_things_and_tokens_are_changed(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    post = served.world.add_post("Cursor", "title", "text")
    async with wired(served) as wire:
        for body, status in (
            ({"edit": "new"}, 200),
            ({"ending": "DELETED"}, 200),
            ({"ending": "EATEN"}, 400),
        ):
            async with wire.session.post("/_control/things", json={"fullname": post, **body}) as response:
                assert response.status == status
        assert await wire.names("/r/Cursor/new") == []
        async with wire.session.post(
            "/_control/subreddits", json={"name": "Cursor", "access": "private"}
        ) as response:
            assert response.status == 200
        assert (await wire.answer("/r/Cursor/new"))[0] == 403
        async with wire.session.post("/_control/tokens/revoke") as response:
            assert response.status == 200
        assert (await wire.answer("/r/Cursor/new"))[0] == 401


async def test_requests_are_counted_without_control_calls(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    async with wired(served) as wire:
        await wire.answer("/r/Cursor/new", limit=5)
        await wire.answer("/comments/abc123")
        await wire.answer("/r/Cursor/comments/abc123")
        stats = await wire.get("/_control/stats")
    assert stats == {
        "requests": 4,
        "by_path": {
            "/api/v1/access_token": 1,
            "/r/Cursor/new": 1,
            "/comments/*": 1,
            "/r/Cursor/comments/*": 1,
        },
    }
    assert served.requests.recent[1] == "GET /r/Cursor/new?limit=5"
    served.requests.clear()
    assert served.requests.total == 0


async def test_only_this_machine_may_use_the_controls() -> None:
    app = create_lookalike(EMPTY)
    request = make_mocked_request("GET", "/_control/stats", app=app)
    with (
        patch.object(type(request), "remote", new_callable=PropertyMock, return_value="192.0.2.7"),
        pytest.raises(web.HTTPForbidden),
    ):
        await Control(app[WORLD], app[FAULTS], app[REQUESTS], app[TOKENS]).stats(request)
