"""The API's own description: for machines, and for people."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from aiohttp import web

from sentiment_service.api.context import Context
from sentiment_service.api.routing import PREFIX, Routes

routes = Routes(tag="Documentation")

DOCUMENT_PATH = "/openapi.json"
STYLE_PATH = "/docs.css"


@dataclass(frozen=True, slots=True)
class Description:
    """What describes the API."""

    document: dict[str, Any]
    page: str


class Describer:
    """Describes the API when first asked, beside the event loop: it takes long and reads source files.

    :param describe: makes the description; called once.
    """

    def __init__(self, describe: Callable[[], Description]) -> None:
        self._describe = describe
        self._lock = asyncio.Lock()
        self._description: Description | None = None

    async def description(self) -> Description:
        """The description, always the same."""
        async with self._lock:
            if self._description is None:
                self._description = await asyncio.to_thread(self._describe)
            return self._description


DESCRIBER: web.AppKey[Describer] = web.AppKey("api_describer", Describer)


@routes.get(DOCUMENT_PATH, summary="This API as an OpenAPI 3.1 document")
async def openapi_json(request: web.Request) -> dict[str, Any]:
    """Generated from the handlers' own types."""
    return (await request.app[DESCRIBER].description()).document


@routes.get("/docs", summary="This API as a page for people", media_type="text/html")
async def docs(request: web.Request) -> str:
    """Works offline: no script, and nothing from elsewhere."""
    return (await request.app[DESCRIBER].description()).page


@routes.get(STYLE_PATH, summary="The style sheet of the page", media_type="text/css")
async def docs_style(context: Context) -> str:
    """Plain CSS."""
    return await asyncio.to_thread(_style)


def _style() -> str:
    return resources.files("sentiment_service").joinpath("web", "docs.css").read_text(encoding="utf-8")


def address_of(path: str) -> str:
    """The address of one of the documents above."""
    return PREFIX + path
