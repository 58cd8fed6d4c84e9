"""The API behind the door that a running program has, on a socket of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from sentiment_service.api.connections import GuardedSite
from sentiment_service.api.context import Context
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.setup import setup_api


@asynccontextmanager
async def guarded(context: Context) -> AsyncIterator[tuple[str, int]]:
    """Serve the API; gives host and port."""
    app = web.Application()
    setup_api(app, context, RequestMeter())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        await GuardedSite(runner, listener, context.settings.server).start()
        try:
            yield listener.getsockname()[:2]
        finally:
            await runner.cleanup()


async def exchange(address: tuple[str, int], sent: bytes) -> bytes:
    """Everything that comes back on one connection until it is closed."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(sent)
        async with asyncio.timeout(60):
            return await reader.read()
    finally:
        writer.close()
