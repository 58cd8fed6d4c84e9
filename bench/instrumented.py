"""The service with instruments inside: ``python -m bench.instrumented``, settings from the environment.

The application is the same; beside it a ticker measures how late the event loop wakes it, and a private
call tells that together with the number of tasks. What needs no instruments is measured on the plain
program.
"""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator

import uvloop
from aiohttp import web

from sentiment_service.app import create_app
from sentiment_service.config import load_settings
from sentiment_service.logs import set_up_logging

READINGS = "/_bench/readings"
TICK_S = 0.001
"""Between two looks at the clock; a stall is seen whole but for this. Costs some 2 % of a core."""


class StallMeter:
    """Finds the longest time for which the event loop did not come round."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.longest_cpu_s = 0.0

    async def run(self) -> None:
        """Measure for ever."""
        while True:
            at, cpu = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK_S)
            self.longest_s = max(self.longest_s, time.perf_counter() - at - TICK_S)
            self.longest_cpu_s = max(self.longest_cpu_s, time.thread_time() - cpu)

    async def readings(self, request: web.Request) -> web.Response:
        """The longest stall since the call before, and what there is now.

        The first is by the clock, the second is processor time of the loop's thread: what the loop did
        itself, without waiting for the interpreter lock or for a core.
        """
        body = {
            "stall_ms": self.longest_s * 1000,
            "stall_cpu_ms": self.longest_cpu_s * 1000,
            "tasks": len(asyncio.all_tasks()),
            "threads": threading.active_count(),
        }
        self.longest_s = self.longest_cpu_s = 0.0
        return web.json_response(body)


def instrument(app: web.Application) -> None:
    """Put instruments into an application that has not started."""
    meter = StallMeter()

    async def measure(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(meter.run(), name="stall meter")
        yield
        task.cancel()
        await asyncio.wait({task})

    app.cleanup_ctx.append(measure)
    app.router.add_get(READINGS, meter.readings)


async def serve(app: web.Application) -> None:
    """Serve as the service does, on a free port, until SIGTERM or SIGINT."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=256).start()
        print(f"ready on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _serve_ours() -> None:
    settings = load_settings(None).settings
    set_up_logging(settings.logging)
    app = create_app(settings)
    instrument(app)
    await serve(app)


def main() -> None:
    """The command line."""
    uvloop.run(_serve_ours())


if __name__ == "__main__":
    main()
