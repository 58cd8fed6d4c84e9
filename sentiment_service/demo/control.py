"""The look-alike's own controls under ``/_control``, for whoever runs it from a command line.

``GET /_control/stats`` counts requests. ``GET``, ``POST`` and ``DELETE /_control/faults`` show, add
(``{"fault": "503:next=3", "latency_ms": 20, "jitter_ms": 5}``, each optional) and end faults.
``POST /_control/subreddits`` (``{"name": "Cursor", "access": "private"}``) shuts or opens a subreddit.
``POST /_control/things`` (``{"fullname": "t3_abc", "ending": "DELETED"}`` or ``"edit": "new text"``) changes
a post or comment. ``POST /_control/tokens/revoke`` makes every token bad. Only from this machine.
"""

import ipaddress
from typing import Any, get_args

import orjson
from aiohttp import web

from sentiment_service.demo.door import CONTROL_PREFIX, Requests
from sentiment_service.demo.faults import Faults, parse_fault
from sentiment_service.demo.quota import Tokens
from sentiment_service.demo.refusals import json_response
from sentiment_service.demo.things import Access, Ending
from sentiment_service.demo.world import World


class Control:
    """Answers the control calls."""

    def __init__(self, world: World, faults: Faults, requests: Requests, tokens: Tokens) -> None:
        self._world = world
        self._faults = faults
        self._requests = requests
        self._tokens = tokens

    def routes(self) -> list[web.RouteDef]:
        """What this answers."""
        return [
            web.get(f"{CONTROL_PREFIX}/stats", self.stats),
            web.get(f"{CONTROL_PREFIX}/faults", self.show_faults),
            web.post(f"{CONTROL_PREFIX}/faults", self.add_fault),
            web.delete(f"{CONTROL_PREFIX}/faults", self.end_faults),
            web.post(f"{CONTROL_PREFIX}/subreddits", self.set_access),
            web.post(f"{CONTROL_PREFIX}/things", self.change_thing),
            web.post(f"{CONTROL_PREFIX}/tokens/revoke", self.revoke_tokens),
        ]

    async def stats(self, request: web.Request) -> web.Response:
        """Requests so far."""
        _only_from_here(request)
        return json_response({"requests": self._requests.total, "by_path": dict(self._requests.by_path)})

    async def show_faults(self, request: web.Request) -> web.Response:
        """The faults in force."""
        _only_from_here(request)
        return self._faults_now()

    async def add_fault(self, request: web.Request) -> web.Response:
        """Add a fault, change the latency, or both."""
        body = await _body(request)
        faults = self._faults
        try:
            fault = parse_fault(str(body["fault"])) if "fault" in body else None
            latency_ms = float(body.get("latency_ms", faults.latency_ms))
            jitter_ms = float(body.get("jitter_ms", faults.jitter_ms))
        except (TypeError, ValueError) as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        if not (0 <= latency_ms <= 600_000 and 0 <= jitter_ms <= 600_000):
            raise web.HTTPBadRequest(text="latency_ms and jitter_ms: 0 to 600000")
        faults.latency_ms, faults.jitter_ms = latency_ms, jitter_ms
        if fault is not None:
            faults.add(fault)
        return self._faults_now()

    async def end_faults(self, request: web.Request) -> web.Response:
        """End all faults; the latency stays."""
        _only_from_here(request)
        self._faults.clear()
        return self._faults_now()

    async def set_access(self, request: web.Request) -> web.Response:
        """Shut or open a subreddit."""
        body = await _body(request)
        name = body.get("name")
        access: Access | None = next(
            (known for known in get_args(Access) if known == body.get("access")), None
        )
        if not isinstance(name, str) or access is None:
            raise web.HTTPBadRequest(text=f"name, and access as one of {', '.join(get_args(Access))}")
        self._world.set_access(name, access)
        return json_response({"name": name, "access": access})

    async def change_thing(self, request: web.Request) -> web.Response:
        """Delete, remove or edit a post or comment."""
        body = await _body(request)
        fullname = str(body.get("fullname"))
        if self._world.thing(fullname) is None:
            raise web.HTTPNotFound(text=f"no thing is called {fullname}")
        if isinstance(body.get("edit"), str):
            self._world.edit(fullname, body["edit"])
        elif body.get("ending") in Ending.__members__:
            self._world.end(fullname, Ending[body["ending"]])
        else:
            raise web.HTTPBadRequest(
                text=f"edit as a text, or ending as one of {', '.join(Ending.__members__)}"
            )
        return json_response({"fullname": fullname})

    async def revoke_tokens(self, request: web.Request) -> web.Response:
        """Make every token bad."""
        _only_from_here(request)
        self._tokens.revoke_all()
        return json_response({})

    def _faults_now(self) -> web.Response:
        faults = self._faults
        return json_response(
            {
                "faults": [str(fault) for fault in faults.active],
                "latency_ms": faults.latency_ms,
                "jitter_ms": faults.jitter_ms,
            }
        )


async def _body(request: web.Request) -> dict[str, Any]:
    _only_from_here(request)
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise web.HTTPBadRequest(text=f"the body is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="the body is no JSON object")
    return body


def _only_from_here(request: web.Request) -> None:
    if request.remote is None or not ipaddress.ip_address(request.remote).is_loopback:
        raise web.HTTPForbidden(text="only from the machine itself")
