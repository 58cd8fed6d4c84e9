"""From an endpoint to the handler that aiohttp calls."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import hdrs, web
from yarl import URL

from sentiment_service.api.admin_token import GATE
from sentiment_service.api.cache import AnswerCache
from sentiment_service.api.clients import CallLimit
from sentiment_service.api.context import CONTEXT, Context
from sentiment_service.api.inputs import read_body, read_path, read_query
from sentiment_service.api.kept_answer import Answer, Period
from sentiment_service.api.responses import Encoding, accepts_gzip, link_to, respond, send, send_again
from sentiment_service.api.routing import Endpoint
from sentiment_service.api.schema import Input, Reply

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def aiohttp_handler(endpoint: Endpoint, cache: AnswerCache, limit: CallLimit | None = None) -> Handler:
    """The handler that aiohttp calls: checks and reads the inputs, calls the function, sends its answer.

    :param limit: how often one client may make the call; not for one whose answers are kept.
    """
    encoding = Encoding.of(endpoint.media_type)
    takes = frozenset(inspect.signature(endpoint.function).parameters)
    if endpoint.kept is not None:
        return _kept_handler(endpoint, endpoint.kept, cache)

    async def handle(request: web.Request) -> web.StreamResponse:
        context = request.app[CONTEXT]
        if endpoint.admin:
            request.app[GATE].admit(request)
        if limit is not None:
            limit.admit(request)
        arguments: dict[str, Any] = {"query": read_query(request, endpoint.query)}
        if endpoint.path_model is not None:
            arguments["path"] = read_path(request, endpoint.path_model)
        if endpoint.body is not None:
            arguments["body"] = await read_body(request, endpoint.body, endpoint.body_limit)
        arguments |= {"context": context, "request": request}
        result = await endpoint.function(**{name: arguments[name] for name in takes})
        if isinstance(result, web.StreamResponse):
            return result
        reply = result if isinstance(result, Reply) else Reply(result)
        return await respond(request, reply, status=reply.status or endpoint.status, encoding=encoding)

    return handle


def _kept_handler(endpoint: Endpoint, period: Period, cache: AnswerCache) -> Handler:
    """The same for a call whose answers are kept; the shortest way is for what was asked before."""
    encoding = Encoding.of(endpoint.media_type)
    takes = frozenset(inspect.signature(endpoint.function).parameters)

    async def make_answer(
        context: Context, where: str, query: Input, path: Input | None, until: datetime | None
    ) -> Answer:
        arguments = {"context": context, "query": query, "path": path}
        result = await endpoint.function(**{name: arguments[name] for name in takes})
        reply = result if isinstance(result, Reply) else Reply(result)
        given = query.model_dump(mode="json", exclude_defaults=True)
        link = link_to(URL.build(path=where, query=given), reply.next_cursor)
        question = (endpoint.path, path, query)
        return Answer(question, encoding.encode(reply.body), link, encoding, until)

    async def handle(request: web.Request) -> web.StreamResponse:
        address = request.raw_path
        accepted = request.headers.get(hdrs.ACCEPT_ENCODING, "")
        form = cache.find(address, accepted)
        if form is not None:
            return send_again(request, form)
        query = read_query(request, endpoint.query)
        path = None if endpoint.path_model is None else read_path(request, endpoint.path_model)
        question = (endpoint.path, path, query)
        make = partial(make_answer, request.app[CONTEXT], request.rel_url.path, query, path)
        answer = await cache.answer(question, period, make, ahead=endpoint.ahead)
        form = await answer.form(accepts_gzip=accepts_gzip(accepted))
        cache.remember(answer, form, address, accepted)
        return send(request, form)

    return handle
