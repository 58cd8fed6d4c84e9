"""What every answer tells browsers: to run nothing, to frame nothing, and whose pages may read it."""

from collections.abc import Mapping, Sequence

from aiohttp import hdrs, web
from multidict import istr

from sentiment_service.api.admin_token import HEADER as TOKEN_HEADER

SERVER = "sentiment_service"
"""Value of the ``Server`` header: no version, and nothing of what it is made of."""
VARY = "Accept-Encoding, Origin"
CONTENT_SECURITY_POLICY = istr("Content-Security-Policy")

POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For what is no page: JSON, text, style sheets."""
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""For pages: their own files, nothing inline and nothing from elsewhere."""

_ALWAYS: Mapping[str, str] = {
    hdrs.SERVER: SERVER,
    istr("X-Content-Type-Options"): "nosniff",
    istr("X-Frame-Options"): "DENY",
    istr("Referrer-Policy"): "no-referrer",
    istr("Cross-Origin-Resource-Policy"): "same-origin",
}
OF_DATA: Mapping[str, str] = {**_ALWAYS, CONTENT_SECURITY_POLICY: POLICY}
"""Headers of every answer that is no page."""
OF_PAGES: Mapping[str, str] = {**_ALWAYS, CONTENT_SECURITY_POLICY: PAGE_POLICY}

EXPOSED = ("ETag", "Link", "Retry-After", "X-Request-ID")
"""Headers of answers that pages of listed origins may read."""
ALLOWED = (
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-ID",
    TOKEN_HEADER,
)
"""Headers that pages of listed origins may send."""
PREFLIGHT_S = 600
"""Seconds a browser may remember what it was allowed."""


def protection_of(content_type: str) -> Mapping[str, str]:
    """The headers of an answer of some type."""
    return OF_PAGES if content_type.startswith("text/html") else OF_DATA


class Protection:
    """Adds to answers what browsers must know; those that are sent from memory carry it already.

    There are no cookies and no credentials: a page needs the token itself for admin calls.

    :param cors_origins: whose pages may read answers.
    """

    def __init__(self, cors_origins: Sequence[str] = ()) -> None:
        self._origins = frozenset(cors_origins)

    async def protect(self, request: web.Request, response: web.StreamResponse) -> None:
        """Called before the head of an answer is sent; a policy that its handler chose stays."""
        headers = response.headers
        chosen = headers.get(CONTENT_SECURITY_POLICY)
        headers.update(protection_of(headers.get(hdrs.CONTENT_TYPE, "")))
        if chosen is not None:
            headers[CONTENT_SECURITY_POLICY] = chosen
        if self._origins:
            headers[hdrs.VARY] = VARY
            origin = request.headers.get(hdrs.ORIGIN)
            if origin in self._origins:
                self._open(request, response, origin)

    def _open(self, request: web.Request, response: web.StreamResponse, origin: str) -> None:
        headers = response.headers
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        if request.method != hdrs.METH_OPTIONS:
            headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = ", ".join(EXPOSED)
        elif hdrs.ALLOW in headers:
            headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = headers[hdrs.ALLOW]
            headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = ", ".join(ALLOWED)
            headers[hdrs.ACCESS_CONTROL_MAX_AGE] = str(PREFLIGHT_S)
