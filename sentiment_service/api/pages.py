"""Serves the dashboard: one page at ``/``, and its files below an address that changes when they do.

The files are read and compressed once, beside the event loop. Because the address of every file carries the
digest of all of them, browsers may keep the files for ever; the page itself is asked for again each time,
and is the only answer that ever has to change.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from aiohttp import hdrs, web
from multidict import CIMultiDict

from sentiment_service.api.kept_response import head_of
from sentiment_service.api.problems import not_found
from sentiment_service.api.protection import VARY
from sentiment_service.api.responses import ETAG, Form, accepts_gzip, send, tag_of

PAGE = "index.html"
FOLDERS = ("styles", "scripts")
"""Where the page's files are; what else lies in the room is not served from here."""
CONTENT_TYPES: Mapping[str, str] = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "html": "text/html; charset=utf-8",
}
ADDRESS_MARK = "ASSETS"
"""Stands in the page for the address of its files."""
PRELOAD_MARK = "<!-- scripts -->"
"""Stands in the page for the hints that make a browser fetch all scripts at once."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Served:
    """One file, ready to be sent to any client."""

    plain: Form
    gzipped: Form


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All files of the dashboard."""

    page: Served
    files: Mapping[str, Served]
    """By the path below ``/assets/``, which begins with the digest."""


class Shelf:
    """Reads the files when first asked for one."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._dashboard: Dashboard | None = None

    async def dashboard(self) -> Dashboard:
        """The dashboard, always the same."""
        if self._dashboard is None:
            async with self._lock:
                if self._dashboard is None:
                    self._dashboard = await asyncio.to_thread(read_dashboard)
        return self._dashboard


SHELF: web.AppKey[Shelf] = web.AppKey("web_shelf", Shelf)


def setup_pages(app: web.Application) -> None:
    """Add the dashboard to an application that serves the API."""
    app[SHELF] = Shelf()
    app.router.add_get("/", page)
    app.router.add_get("/assets/{path:.+}", asset)


async def page(request: web.Request) -> web.StreamResponse:
    """The page; what it shows is chosen by the fragment of its address, which browsers keep to themselves."""
    return _answer(request, (await request.app[SHELF].dashboard()).page)


async def asset(request: web.Request) -> web.StreamResponse:
    """A file of the page."""
    found = (await request.app[SHELF].dashboard()).files.get(request.match_info["path"])
    if found is None:
        raise not_found("file")
    return _answer(request, found)


def _answer(request: web.Request, served: Served) -> web.Response:
    zips = accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
    return send(request, served.gzipped if zips else served.plain)


def read_dashboard() -> Dashboard:
    """Read and compress everything; takes some tens of milliseconds."""
    room = resources.files("sentiment_service").joinpath("web")
    found = dict(sorted(_files(room)))
    digest = hashlib.blake2b(digest_size=8)
    for path, content in found.items():
        digest.update(path.encode() + b"\0" + content)
    version = digest.hexdigest()
    html = room.joinpath(PAGE).read_text(encoding="utf-8")
    hints = [
        f'<link rel="modulepreload" href="{ADDRESS_MARK}/{path}">' for path in found if path.endswith(".js")
    ]
    html = html.replace(PRELOAD_MARK, "\n  ".join(hints)).replace(ADDRESS_MARK, f"/assets/{version}")
    files = {f"{version}/{path}": _served(path, content, FOR_EVER) for path, content in found.items()}
    return Dashboard(_served(PAGE, html.encode(), ASK_AGAIN), files)


def _files(room: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in room.iterdir():
        path = prefix + entry.name
        if entry.is_dir() and (prefix or entry.name in FOLDERS):
            found += _files(entry, f"{path}/")
        elif prefix and path.rpartition(".")[2] in CONTENT_TYPES:
            found.append((path, entry.read_bytes()))
    return found


def _served(path: str, content: bytes, caching: str) -> Served:
    kind = CONTENT_TYPES[path.rpartition(".")[2]]
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    return Served(_form(kind, content, caching, "", content), _form(kind, packed, caching, "gzip", content))


def _form(kind: str, body: bytes, caching: str, coding: str, content: bytes) -> Form:
    tag = tag_of(content, "", gzipped=bool(coding))
    headers = CIMultiDict(
        {hdrs.CONTENT_TYPE: kind, hdrs.CACHE_CONTROL: caching, hdrs.VARY: VARY, ETAG: f'"{tag}"'}
    )
    if coding:
        headers[hdrs.CONTENT_ENCODING] = coding
    return Form(body, headers, tag, head_of(headers, len(body)))
