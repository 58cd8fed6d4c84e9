"""Plain requests to a look-alike, for what the Reddit client hides."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from tests.plugins.lookalike import Lookalike


class Wire:
    """A session that carries a token."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def get(self, path: str, **query: str | int) -> Any:
        """The JSON of a successful answer."""
        status, _, body = await self.answer(path, **query)
        assert status == 200, body
        return orjson.loads(body)

    async def answer(self, path: str, **query: str | int) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of any answer; redirects are not followed."""
        async with self.session.get(path, params=query, allow_redirects=False) as response:
            return response.status, response.headers, await response.read()

    async def names(self, path: str, **query: str | int) -> list[str]:
        """Fullnames on a page."""
        page = await self.get(path, **query)
        return [child["data"]["name"] for child in page["data"]["children"]]


async def token(lookalike: Lookalike) -> tuple[int, dict[str, Any]]:
    """Ask for a token; gives status and answer."""
    async with (
        aiohttp.ClientSession(lookalike.url) as session,
        session.post(
            "/api/v1/access_token",
            data={"grant_type": "client_credentials"},
            auth=aiohttp.BasicAuth("id", "secret"),
        ) as response,
    ):
        return response.status, await response.json()


@asynccontextmanager
async def wired(lookalike: Lookalike) -> AsyncIterator[Wire]:
    """A session with a good token."""
    _, grant = await token(lookalike)
    headers = {"Authorization": f"bearer {grant['access_token']}"}
    async with aiohttp.ClientSession(lookalike.url, headers=headers) as session:
        yield Wire(session)
