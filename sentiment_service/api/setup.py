"""Joins the API to an application."""

from collections.abc import Iterable
from functools import partial

from aiohttp import web

from sentiment_service.api import (
    admin,
    coverage_ledger,
    deletions,
    docs,
    events,
    metrics,
    posts,
    score,
    sentiment,
    system,
    trending,
)
from sentiment_service.api.admin_token import AdminGate
from sentiment_service.api.cache import AnswerCache
from sentiment_service.api.clients import CallLimit, Clients
from sentiment_service.api.context import CONTEXT, Context
from sentiment_service.api.docs_page import docs_page
from sentiment_service.api.metering import RequestMeter
from sentiment_service.api.openapi import openapi_document
from sentiment_service.api.protection import Protection
from sentiment_service.api.routing import GATE, Endpoint, Routes, aiohttp_handler
from sentiment_service.config import ServerSettings

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
    score.routes,
    posts.routes,
    trending.routes,
    deletions.routes,
    docs.routes,
)


def setup_api(app: web.Application, context: Context) -> None:
    """Add the calls, their description and the error middleware; call it before the application starts."""
    areas = SYSTEM_AREAS if context.settings.server.role == "collector" else AREAS
    endpoints = [endpoint for area in areas for endpoint in area.endpoints]
    cache = AnswerCache(context.store.state.watch, context.now)
    server = context.settings.server
    clients = Clients(server.trusted_proxies)
    meter = RequestMeter()
    own = metrics.ApiCollector(meter, cache, context.events)
    app[CONTEXT] = context
    app[GATE] = AdminGate(context.settings.admin, clients)
    app[docs.DESCRIBER] = docs.Describer(partial(_describe, endpoints, context))
    app[metrics.EXPOSITION] = metrics.Exposition([own, *context.collectors])
    app.middlewares.append(meter.middleware())
    app.on_response_prepare.append(Protection(server.cors_origins).protect)
    app.on_shutdown.append(_end_streams)
    for endpoint in endpoints:
        limit = None if endpoint.per_minute is None else CallLimit(clients, endpoint.per_minute(server))
        handler = aiohttp_handler(endpoint, cache, limit)
        app.router.add_route(endpoint.method, endpoint.path, handler, name=endpoint.name)
        if endpoint.method == "GET":
            app.router.add_route("HEAD", endpoint.path, handler)


async def _end_streams(app: web.Application) -> None:
    """The first thing a server does when it stops: streams would last for ever."""
    app[CONTEXT].events.close()


def _describe(endpoints: Iterable[Endpoint], context: Context) -> docs.Description:
    document = openapi_document(list(endpoints), version=context.version)
    page = docs_page(
        document,
        base_url=_base_url(context.settings.server),
        stylesheet=docs.address_of(docs.STYLE_PATH),
        source=docs.address_of(docs.DOCUMENT_PATH),
    )
    return docs.Description(document, page)


def _base_url(server: ServerSettings) -> str:
    return f"http://localhost:{server.port or 8000}"
