"""The composition root: from settings to a running application."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

from aiohttp import web

from sentiment_service import __version__
from sentiment_service.api.connections import GuardedSite
from sentiment_service.api.context import Context
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.pages import setup_pages
from sentiment_service.api.setup import setup_api
from sentiment_service.errors import StartupError
from sentiment_service.jobs.collect import Collector, Tools
from sentiment_service.jobs.ledger import Progress
from sentiment_service.jobs.reanalysis import Reanalyzer
from sentiment_service.jobs.trending import Trending
from sentiment_service.models import Cycle, utc_now
from sentiment_service.reanalysis import ReanalysisJob, ReanalysisParameters
from sentiment_service.resources import drop_stale_lease, open_database, open_reddit, open_scorer, seed_tools
from sentiment_service.runtime import Runtime
from sentiment_service.scoring.mention_settings import rules_of
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import Settings
from sentiment_service.store.stores import Store, open_store

log = logging.getLogger(__name__)

CANCEL_LIMIT_S = 1.5
"""Seconds in which what is cancelled has to end; a shutdown never takes longer than promised."""

FOLLOW_S = 1.0

RUNTIME: web.AppKey[Runtime] = web.AppKey("runtime", Runtime)
LIFE: web.AppKey["asyncio.Task[None]"] = web.AppKey("life", asyncio.Task)


def create_app(settings: Settings, *, demo: Sequence[str] | None = None) -> web.Application:
    """An application that answers at once and brings up everything behind it meanwhile.

    :param demo: arguments of the Reddit look-alike to read instead of Reddit.
    """
    app = web.Application()
    meter = RequestMeter()
    app[RUNTIME] = runtime = Runtime(settings, demo=demo, answered=lambda: meter.answered)
    setup_api(
        app,
        Context(
            settings=settings,
            store=runtime.store,
            scorer=runtime.scorer,
            health=runtime,
            collector=runtime,
            now=utc_now,
            version=__version__,
            events=runtime.events,
            collectors=[runtime.collector()],
            moves=runtime.moves,
            drivers=runtime.drivers,
        ),
        meter,
    )
    if settings.server.role != "collector":
        setup_pages(app)
    app.cleanup_ctx.append(_life)
    return app


async def _life(app: web.Application) -> AsyncIterator[None]:
    """Run everything behind the API for as long as the application lives."""
    runtime = app[RUNTIME]
    await runtime.reserve()
    app[LIFE] = task = asyncio.create_task(runtime.run(), name="runtime")
    yield
    runtime.stop()
    limit_s = runtime.settings.server.shutdown_seconds
    _, pending = await asyncio.wait({task}, timeout=limit_s)
    if pending:
        log.warning("not everything ended within %g s and is cancelled", limit_s)
        task.cancel()
        _, pending = await asyncio.wait({task}, timeout=CANCEL_LIMIT_S)
        if pending:
            log.error("something behind the API does not end and is left behind")


async def serve(settings: Settings, *, demo: Sequence[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM.

    :raises StartupError: when the address is taken, or something behind the API cannot start.
    """
    listener = _listen(settings.server.host, settings.server.port)
    app = create_app(settings, demo=demo)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    try:
        await runner.setup()
        await GuardedSite(runner, listener, settings.server).start()
        print(f"sentiment_service is ready on {_address(listener)}", flush=True)  # noqa: T201
        await _until_told_to_stop(app[LIFE])
    finally:
        await runner.cleanup()
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StartupError(
            f"cannot listen on {host} port {port} (server.host, server.port): {reason}"
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _until_told_to_stop(life: "asyncio.Task[None]") -> None:
    """Wait for a signal, or for what is behind the API to fail."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    waiting = asyncio.create_task(told.wait(), name="signals")
    try:
        await asyncio.wait({waiting, life}, return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            await life
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


async def reanalyze_once(
    settings: Settings, parameters: ReanalysisParameters, *, progress: Callable[[ReanalysisJob], None]
) -> ReanalysisJob:
    """Analyse stored items again, or go on with what was begun; returns the job as it ended.

    Where another process shares the database and takes the job, it is followed instead.

    :param parameters: what to analyse, unless a job is active already: then that one is finished.
    :param progress: told how far it is.
    :raises ServiceError: when it could not begin, or the database went away; it goes on when called again.
    """
    store, worker = open_store(settings.mongodb), _worker(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(worker.close)
        scorer = await stack.enter_async_context(open_scorer(settings.llm, worker))
        await stack.enter_async_context(open_database(settings, store))
        await store.schema.prepare()
        await drop_stale_lease(settings, store)
        await seed_tools(settings, store)
        parameters = replace(parameters, tool_ids=await _tool_ids(store, parameters.tool_ids))
        reanalyses = store.reanalyses
        job = await reanalyses.active() or await reanalyses.ask(parameters, trigger="command", by="command")
        reanalyzer = Reanalyzer(store, scorer, settings.reanalysis, settings.scoring.label_of)
        while job.active:
            progress(job)
            ended = await reanalyzer.work(progress)
            if ended is None:
                await asyncio.sleep(FOLLOW_S)
            job = ended or await reanalyses.get(job.id) or job
        return job


async def _tool_ids(store: Store, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of tools that are named by id or slug."""
    ids: list[str] = []
    for name in names:
        tool = await store.tools.find(name)
        if tool is None:
            raise StartupError(f"{name} is not the id or slug of a tool")
        ids.append(tool.id)
    return tuple(ids)


async def collect_once(settings: Settings, *, demo: Sequence[str] | None, progress: Progress) -> Cycle:
    """One collection without an API, then what is trending.

    :param progress: told how far it got.
    :raises ServiceError: when it could not even begin, or the database went away.
    """
    store, worker = open_store(settings.mongodb), _worker(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(worker.close)
        scorer = await stack.enter_async_context(open_scorer(settings.llm, worker))
        await stack.enter_async_context(open_database(settings, store))
        await store.schema.prepare()
        await drop_stale_lease(settings, store)
        await seed_tools(settings, store)
        source = await stack.enter_async_context(open_reddit(settings.reddit, demo))
        owner = f"{socket.gethostname()}:{os.getpid()}"
        collector = Collector(
            Tools(settings.reddit, source, scorer, store, settings.scoring.label_of), owner=owner
        )
        async with asyncio.timeout(settings.schedule.collect_deadline_minutes * 60):
            cycle = await collector.run(await collector.begin("command", progress=progress))
        if cycle.status in ("completed", "partial"):
            await Trending(store, settings.trending).run()
    return cycle


def _worker(settings: Settings) -> ScoringWorker:
    return ScoringWorker(settings.scoring, rules=rules_of(settings.tools))
