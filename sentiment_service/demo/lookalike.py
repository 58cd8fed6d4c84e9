"""The Reddit look-alike: an aiohttp application that a Reddit client cannot tell from the real one.

It serves generated content or files of recorded things, with tokens, rate limits and faults on demand.
Site and API are one origin: give its address as both ``reddit.reddit_url`` and ``reddit.oauth_url``.
"""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from sentiment_service.demo.control import Control
from sentiment_service.demo.corpus import load_corpus
from sentiment_service.demo.door import Door, Requests
from sentiment_service.demo.faults import Fault, Faults
from sentiment_service.demo.history import History
from sentiment_service.demo.listings import Listings
from sentiment_service.demo.quota import RateLimit, Tokens
from sentiment_service.demo.threads import Threads
from sentiment_service.demo.world import Clock, World
from sentiment_service.demo.writing import Novelist
from sentiment_service.errors import StartupError
from sentiment_service.models import utc_now
from sentiment_service.settings import DEFAULT_SUBREDDITS

READY = re.compile(r"demo-reddit is ready on (http://\S+)")
"""The line that :func:`serve_lookalike` prints when it answers; the group is its address."""

WORLD = web.AppKey("world", World)
FAULTS = web.AppKey("faults", Faults)
REQUESTS = web.AppKey("requests", Requests)
TOKENS = web.AppKey("tokens", Tokens)


@dataclass(frozen=True, slots=True)
class LookalikeOptions:
    """What the look-alike serves, and how it behaves."""

    seed: int = 1
    """The same seed and the same ``epoch`` give the same generated world."""
    subreddits: tuple[str, ...] = DEFAULT_SUBREDDITS
    """Names with generated content."""
    posts: int = 1000
    """Posts in each subreddit's thirty days of history."""
    comments: int = 1000
    """Comments in each subreddit's thirty days of history."""
    new_per_minute: float = 4.0
    """New posts and comments a minute over all subreddits; 0: none."""
    epoch: datetime | None = None
    """When the history ends and new things begin to arrive; ``None``: when the look-alike is made."""
    corpus: tuple[Path, ...] = ()
    """Files to serve instead of generated content."""
    keep_times: bool = False
    """Whether a corpus keeps its times; otherwise they are shifted so that the newest thing is from now."""
    depth: int = 1000
    """Things after which a listing ends."""
    thread_limit: int = 200
    """Comments a thread shows at once at most."""
    private: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()
    rate_limit: int = 1000
    """Requests a client may make in ``rate_window_s``."""
    rate_window_s: int = 600
    rate_retry_after: bool = False
    """Whether the refusal of a spent rate limit carries Retry-After."""
    client_id: str = ""
    """The only client that gets a token; empty: any does."""
    client_secret: str = ""
    """Its secret; empty: any is good."""
    token_lifetime_s: int = 86_400
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    faults: tuple[Fault, ...] = ()
    clock: Clock = utc_now


def create_lookalike(options: LookalikeOptions) -> web.Application:
    """The look-alike as an application; its parts are under ``WORLD``, ``FAULTS``, ``REQUESTS``, ``TOKENS``.

    :raises StartupError: when a corpus cannot be read.
    """
    world = create_world(options)
    faults = Faults(options.latency_ms, options.jitter_ms)
    for fault in options.faults:
        faults.add(fault)
    requests = Requests()

    def seconds() -> float:
        return options.clock().timestamp()

    tokens = Tokens(options.client_id, options.client_secret, options.token_lifetime_s, seconds)
    rate_limit = RateLimit(options.rate_limit, options.rate_window_s, seconds)
    door = Door(faults, requests, tokens, rate_limit, retry_after=options.rate_retry_after)
    app = web.Application(middlewares=[door.watch, door.check])
    app[WORLD], app[FAULTS], app[REQUESTS], app[TOKENS] = world, faults, requests, tokens
    app.add_routes(door.routes())
    app.add_routes(Listings(world, depth=options.depth).routes())
    app.add_routes(Threads(world, limit=options.thread_limit).routes())
    app.add_routes(Control(world, faults, requests, tokens).routes())
    app.on_shutdown.append(door.stop)
    return app


def create_world(options: LookalikeOptions) -> World:
    """The content that these options ask for.

    :raises StartupError: when a corpus cannot be read.
    """
    end = (options.epoch or options.clock()).timestamp()
    if options.corpus:
        world = World(options.clock)
        load_corpus(world, options.corpus, newest_at=None if options.keep_times else end)
    else:
        world = World(options.clock, writer=Novelist(end))
        history = History(options.seed, end)
        history.fill(world, options.subreddits, posts=options.posts, comments=options.comments)
        if options.new_per_minute > 0 and world.communities:
            world.arrivals = history.arrivals(list(world.communities.values()), options.new_per_minute)
    for name in options.private:
        world.set_access(name, "private")
    for name in options.banned:
        world.set_access(name, "banned")
    for name in options.quarantined:
        world.set_access(name, "quarantined")
    return world


@asynccontextmanager
async def serving(app: web.Application, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the application while the context lasts; gives its address.

    :param port: 0 takes a free one.
    :raises StartupError: when the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise StartupError(f"demo-reddit cannot listen on {host}:{port}: {error.strerror}") from error
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def serve_lookalike(options: LookalikeOptions, host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve until SIGTERM, SIGINT or cancellation; prints one line with the address when it is ready.

    :raises StartupError: when the port is taken or a corpus cannot be read.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        app = await asyncio.to_thread(create_lookalike, options)  # reads files
        async with serving(app, host, port) as url:
            print(f"demo-reddit is ready on {url}", flush=True)  # noqa: T201 - the line that says it is ready
            await stop.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
