"""Fixtures: the Reddit look-alike on a free loopback port, and canned answers without any server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from unittest.mock import Mock, patch

import pytest
from aiohttp import ClientResponse
from aioresponses import aioresponses

from sentiment_service.demo.door import Requests
from sentiment_service.demo.faults import Faults
from sentiment_service.demo.lookalike import (
    FAULTS,
    REQUESTS,
    TOKENS,
    WORLD,
    LookalikeOptions,
    create_lookalike,
    serving,
)
from sentiment_service.demo.quota import Tokens
from sentiment_service.demo.world import World


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A look-alike that is being served."""

    url: str
    """Address without a slash at its end; both ``reddit_url`` and ``oauth_url``."""
    world: World
    faults: Faults
    requests: Requests
    tokens: Tokens


StartLookalike = Callable[[LookalikeOptions], Awaitable[Lookalike]]


@pytest.fixture
async def lookalike() -> AsyncIterator[StartLookalike]:
    """Start look-alikes: ``reddit = await lookalike(LookalikeOptions(…))``; all end with the test."""
    async with AsyncExitStack() as stack:

        async def start(options: LookalikeOptions) -> Lookalike:
            app = await asyncio.to_thread(create_lookalike, options)  # reads files
            url = await stack.enter_async_context(serving(app))
            return Lookalike(url, app[WORLD], app[FAULTS], app[REQUESTS], app[TOKENS])

        yield start


@pytest.fixture
def canned() -> Iterator[aioresponses]:
    """Answers to aiohttp clients without a server, for bodies below 64 KiB.

    aiohttp 3.14 asks for a stream writer when a response is made, which aioresponses 0.7.9 does not give.
    """
    make = ClientResponse.__init__

    def with_stream_writer(self: ClientResponse, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("stream_writer", Mock(output_size=0))
        make(self, *args, **kwargs)  # type: ignore[arg-type]

    with patch.object(ClientResponse, "__init__", with_stream_writer), aioresponses() as answers:
        yield answers
