"""A language model's endpoint on loopback that answers what a test tells it to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Answering = Callable[[web.Request, list[dict[str, Any]]], Awaitable[web.StreamResponse]]


def item(number: int, **changes: object) -> dict[str, object]:
    """A verdict as it should be."""
    return {
        "id": number,
        "label": "positive",
        "polarity": 0.75,
        "subjectivity": 0.5,
        "confidence": 0.875,
    } | changes


def completion(content: object) -> dict[str, object]:
    """A chat-completions answer; content that is no string is written as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return {"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}


class LanguageModel:
    """Answers every text with :func:`item` unless told otherwise; remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.under_way = 0
        self.most_under_way = 0
        self.answering: Answering = self.agree
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._handle)
        self.server = TestServer(app, host="127.0.0.1")

    @property
    def url(self) -> str:
        """What to put into ``llm.base_url``."""
        return str(self.server.make_url("/v1"))

    @property
    def texts(self) -> list[str]:
        """Every text it was asked about."""
        return [each["text"] for request in self.requests for each in _asked(request)]

    def says(self, body: object, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Give the same answer from now on: JSON, or bytes as they are."""

        async def answer(_request: web.Request, _asked: list[dict[str, Any]]) -> web.StreamResponse:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            return web.Response(body=raw, status=status, headers=headers)

        self.answering = answer

    async def agree(self, _request: web.Request, asked: list[dict[str, Any]]) -> web.StreamResponse:
        """A good answer."""
        return web.json_response(completion({"items": [item(each["id"]) for each in asked]}))

    async def hang(self, _request: web.Request, _asked: list[dict[str, Any]]) -> web.StreamResponse:
        """No answer, until whoever asks goes away."""
        await asyncio.Event().wait()
        raise web.HTTPGone

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await self.answering(request, _asked(body))
        finally:
            self.under_way -= 1


def _asked(body: dict[str, Any]) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = json.loads(body["messages"][1]["content"])
    return asked
