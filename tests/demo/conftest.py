"""The real Reddit client, pointed at a look-alike."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import asyncpraw
import pytest

from tests.plugins.lookalike import Lookalike

OpenPraw = Callable[[Lookalike], asyncpraw.Reddit]


@pytest.fixture
async def praw() -> AsyncIterator[OpenPraw]:
    """Open asyncpraw clients of look-alikes; all are closed with the test."""
    async with AsyncExitStack() as stack:

        def connect(lookalike: Lookalike) -> asyncpraw.Reddit:
            reddit = asyncpraw.Reddit(
                client_id="id",
                client_secret="secret",
                user_agent="python:sentiment_service:test (by /u/test)",
                reddit_url=lookalike.url,
                oauth_url=lookalike.url,
                check_for_updates=False,
            )
            stack.push_async_callback(reddit.close)
            return reddit

        yield connect
