"""Tokens and the rate limit."""

import base64

import aiohttp
import pytest

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.demo.quota import RateLimit, Tokens
from tests.demo.wire import token, wired
from tests.plugins.lookalike import StartLookalike

EMPTY = LookalikeOptions(subreddits=("Cursor",), posts=0, comments=0, new_per_minute=0)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def test_a_window_ends_at_a_full_multiple_of_its_length() -> None:
    clock = Hands(1_200_000_000 + 450)
    limit = RateLimit(3, 600, clock)
    assert [limit.spend("a") for _ in range(4)] == [True, True, True, False]
    assert limit.headers("a") == {
        "x-ratelimit-remaining": "0.0",
        "x-ratelimit-used": "3",
        "x-ratelimit-reset": "150",
    }
    assert limit.spend("b")
    clock.now += 150
    assert limit.headers("a")["x-ratelimit-reset"] == "600"
    assert limit.spend("a")


def test_a_token_is_good_for_its_lifetime() -> None:
    clock = Hands(1000.0)
    tokens = Tokens("", "", 60, clock)
    grant = tokens.grant(basic("me", "x"))
    assert grant is not None
    assert grant["expires_in"] == 60
    bearer = f"bearer {grant['access_token']}"
    assert tokens.client(bearer) == "me"
    clock.now += 60
    assert tokens.client(bearer) is None


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic ???", basic("", "x"), basic("you", "x"), basic("me", "y"), "Bearer abc"],
)
def test_nobody_else_gets_a_token(authorization: str) -> None:
    assert Tokens("me", "x", 60, Hands(0.0)).grant(authorization) is None


async def test_calls_without_a_good_token_are_refused(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    for headers in ({}, {"Authorization": "bearer nonsense"}):
        async with (
            aiohttp.ClientSession(served.url, headers=headers) as session,
            session.get("/r/Cursor/new") as response,
        ):
            assert response.status == 401
            assert await response.json() == {"message": "Unauthorized", "error": 401}


async def test_a_token_must_be_asked_for_in_a_known_way(lookalike: StartLookalike) -> None:
    served = await lookalike(EMPTY)
    assert (await token(served))[1]["token_type"] == "bearer"
    async with (
        aiohttp.ClientSession(served.url, auth=aiohttp.BasicAuth("a", "b")) as session,
        session.post("/api/v1/access_token", data={"grant_type": "magic"}) as response,
    ):
        assert await response.json() == {"error": "unsupported_grant_type"}


@pytest.mark.parametrize("retry_after", [True, False])
async def test_a_spent_limit_is_refused_with_its_headers(
    lookalike: StartLookalike, retry_after: bool
) -> None:
    options = LookalikeOptions(
        subreddits=("Cursor",),
        posts=0,
        comments=0,
        rate_limit=2,
        rate_window_s=86_400,
        rate_retry_after=retry_after,
    )
    async with wired(await lookalike(options)) as wire:
        answers = [await wire.answer("/r/Cursor/new") for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 200, 429]
    assert [headers["x-ratelimit-used"] for _, headers, _ in answers] == ["1", "2", "2"]
    assert [float(headers["x-ratelimit-remaining"]) for _, headers, _ in answers] == [1.0, 0.0, 0.0]
    assert ("Retry-After" in answers[2][1]) == retry_after
