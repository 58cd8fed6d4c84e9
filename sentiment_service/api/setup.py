"""Joins the API to an application."""

from functools import lru_cache, partial

from aiohttp import web

from sentiment_service.api import (
    admin,
    comparison,
    coverage_ledger,
    deletions,
    docs,
    drivers,
    events,
    export,
    hot_topics,
    items,
    metrics,
    overview,
    posts,
    reanalysis,
    score,
    search,
    sentiment,
    system,
    tools,
    tools_admin,
    tools_audit,
    tools_list,
    tools_merge,
    tools_pending,
    trending,
)
from sentiment_service.api.admin_token import GATE, AdminGate
from sentiment_service.api.cache import AnswerCache
from sentiment_service.api.clients import CallLimit, Clients
from sentiment_service.api.context import CONTEXT, Context
from sentiment_service.api.docs_page import docs_page
from sentiment_service.api.downloads import DESK, Desk
from sentiment_service.api.handling import aiohttp_handler
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.openapi import openapi_document
from sentiment_service.api.protection import Protection
from sentiment_service.api.route_paths import routed_path
from sentiment_service.api.routing import Routes
from sentiment_service.settings import ServerSettings

SYSTEM_AREAS: tuple[Routes, ...] = (
    system.routes,
    system.probes,
    coverage_ledger.routes,
    metrics.routes,
    admin.routes,
)
"""What a process serves that only collects: how it is, and how to make it collect."""

AREAS: tuple[Routes, ...] = (
    *SYSTEM_AREAS,
    events.routes,
    sentiment.routes,
    overview.routes,
    score.routes,
    posts.routes,
    items.routes,
    search.routes,
    export.routes,
    trending.routes,
    hot_topics.routes,
    hot_topics.legacy,
    tools.routes,
    comparison.routes,
    drivers.routes,
    deletions.routes,
    tools_list.routes,
    tools_admin.routes,
    tools_merge.routes,
    tools_pending.routes,
    tools_audit.routes,
    reanalysis.routes,
    docs.routes,
)


def setup_api(app: web.Application, context: Context, meter: RequestMeter) -> None:
    """Add the calls, their description and the error middleware; call it before the application starts.

    :param meter: counts the requests.
    """
    areas = SYSTEM_AREAS if context.settings.server.role == "collector" else AREAS
    endpoints = [endpoint for area in areas for endpoint in area.endpoints]
    watch = context.store.state.watch
    cache = AnswerCache(watch, context.now)
    watch.get_ready = cache.get_ready
    server = context.settings.server
    clients = Clients(server.trusted_proxies)
    own = metrics.ApiCollector(meter, cache, context.events)
    app[CONTEXT] = context
    app[GATE] = AdminGate(context.settings.admin, clients)
    app[DESK] = Desk(clients, server.max_exports)
    app[docs.DESCRIBER] = docs.Describer(partial(_describe, areas, context.version, _base_url(server)))
    app[metrics.EXPOSITION] = metrics.Exposition([own, *context.collectors])
    app.middlewares.append(meter.middleware())
    app.on_response_prepare.append(Protection(server.cors_origins).protect)
    app.on_shutdown.append(_end_streams)
    paths = [endpoint.path for endpoint in endpoints]
    for endpoint in endpoints:
        path = routed_path(endpoint.path, paths)
        limit = None if endpoint.per_minute is None else CallLimit(clients, endpoint.per_minute(server))
        handler = aiohttp_handler(endpoint, cache, limit)
        app.router.add_route(endpoint.method, path, handler, name=endpoint.name)
        if endpoint.method == "GET":
            app.router.add_route("HEAD", path, handler)


async def _end_streams(app: web.Application) -> None:
    """The first thing a server does when it stops: streams would last for ever."""
    app[CONTEXT].events.close()


@lru_cache
def _describe(areas: tuple[Routes, ...], version: str, base_url: str) -> docs.Description:
    """The same for every application of a process: calls do not change once they are imported."""
    endpoints = [endpoint for area in areas for endpoint in area.endpoints]
    document = openapi_document(endpoints, version=version)
    page = docs_page(
        document,
        base_url=base_url,
        stylesheet=docs.address_of(docs.STYLE_PATH),
        source=docs.address_of(docs.DOCUMENT_PATH),
    )
    return docs.Description(document, page)


def _base_url(server: ServerSettings) -> str:
    return f"http://localhost:{server.port or 8000}"
