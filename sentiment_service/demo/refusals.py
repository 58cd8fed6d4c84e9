"""How Reddit says no: the statuses and bodies of its refusals."""

from collections.abc import Mapping

import orjson
from aiohttp import web

_MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def json_response(data: object, *, headers: Mapping[str, str] | None = None) -> web.Response:
    """Data as a JSON answer."""
    return web.Response(
        body=orjson.dumps(data), content_type="application/json", charset="utf-8", headers=headers
    )


def refusal(
    status: int, *, reason: str | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """A refusal as Reddit words it: ``{"reason": "private", "message": "Forbidden", "error": 403}``."""
    data: dict[str, object] = {"message": _MESSAGES[status], "error": status}
    if reason is not None:
        data = {"reason": reason, **data}
    return web.Response(
        status=status,
        body=orjson.dumps(data),
        content_type="application/json",
        charset="utf-8",
        headers=headers,
    )


def unknown_subreddit(name: str) -> web.Response:
    """What Reddit does with a subreddit it never heard of: off to the search."""
    return web.Response(status=302, headers={"Location": f"/subreddits/search?q={name}"})
