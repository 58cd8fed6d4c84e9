"""Errors as the client sees them: RFC 9457 problem details, and nothing of our insides."""

import logging
import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web
from multidict import istr

from sentiment_service.api.schema import Answer
from sentiment_service.errors import (
    CycleRunningError,
    DatabaseUnavailableError,
    DriversError,
    NotCollectingError,
    ScoringError,
    ServiceError,
    StoreError,
    ToolRefusal,
    ToolRefusedError,
)

MEDIA_TYPE = "application/problem+json"
REQUEST_ID_HEADER = istr("X-Request-ID")
REQUEST_ID = web.RequestKey("request_id", str)
MAX_ERRORS = 100
"""Mistakes reported in one answer at most."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")

_DETAILS: dict[int, str] = {
    400: "The request could not be understood.",
    404: "There is nothing at this address.",
    405: "This address does not know that method; the Allow header names those it knows.",
    408: "The request took too long to arrive.",
    413: "The body is too large.",
    417: "The expectation in the Expect header cannot be met.",
    500: "Something went wrong here; the request id finds it in the log.",
}


@dataclass(frozen=True, slots=True)
class FieldError(Answer):
    """One mistake in the input."""

    field: str
    """Name of the parameter, or path of the field in the body, such as ``texts.3``."""
    message: str


@dataclass(frozen=True, slots=True)
class ProblemDocument(Answer):
    """An error, as RFC 9457 describes it."""

    type: str
    """Always ``about:blank``: the status says what kind of error it is."""
    title: str
    status: int
    detail: str
    """One plain sentence."""
    errors: tuple[FieldError, ...]
    """Every mistake of a bad input; empty for other errors."""
    request_id: str
    """Also in the ``X-Request-ID`` header and in the log."""


class Problem(Exception):  # noqa: N818 the name the RFC gives it
    """Raise this to answer with an error.

    :param extensions: further members of the answer.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})
        super().__init__(f"{status}: {detail}")


def not_found(what: str) -> Problem:
    """404 for an id nobody has."""
    return Problem(404, f"There is no such {what}.")


def invalid(field_name: str, message: str) -> Problem:
    """422 for one wrong parameter or field."""
    return invalid_all([FieldError(field_name, message)])


def invalid_all(errors: Sequence[FieldError]) -> Problem:
    """422 for everything wrong with the input at once."""
    if len(errors) == 1:
        detail = f"{errors[0].field}: {errors[0].message}."
    else:
        detail = f"{len(errors)} values are not valid: {', '.join(error.field for error in errors[:5])}"
        detail += ", and more." if len(errors) > 5 else "."
    return Problem(422, detail, errors=errors[:MAX_ERRORS])


def of_service_error(error: ServiceError) -> Problem:
    """The answer to an error that the service raised on purpose."""
    if isinstance(error, DatabaseUnavailableError):
        return Problem(
            503, "The database is away; try again shortly.", headers=_retry_after(error.retry_after_s)
        )
    if isinstance(error, CycleRunningError):
        return Problem(409, "A collection is already running.", extensions={"cycle_id": error.cycle_id})
    if isinstance(error, NotCollectingError):
        return Problem(409, str(error))
    if isinstance(error, ToolRefusedError):
        return _of_refused_tool(error)
    if isinstance(error, ScoringError):
        return Problem(503, "The texts could not be scored now; try again shortly.", headers=_retry_after(5))
    if isinstance(error, DriversError):
        return Problem(503, "What moved it cannot be found out now; try again.", headers=_retry_after(5))
    if isinstance(error, StoreError):
        return Problem(503, "The database refused the operation; try again later.", headers=_retry_after(30))
    return Problem(500, _DETAILS[500])


_EXPECTED = DatabaseUnavailableError | CycleRunningError | NotCollectingError | ToolRefusedError
"""Errors that are no news for the log."""

_REFUSALS: Mapping[ToolRefusal, int] = {"unknown": 404, "conflict": 409, "stale": 412, "invalid": 422}


def _of_refused_tool(error: ToolRefusedError) -> Problem:
    errors = [] if error.field is None else [FieldError(error.field, error.detail.rstrip("."))]
    return Problem(_REFUSALS[error.kind], error.detail, errors=errors)


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(seconds)))}


def of_http_exception(error: web.HTTPException) -> Problem:
    """The answer to an error that aiohttp raised, such as an unknown address."""
    detail = _DETAILS.get(error.status, f"{HTTPStatus(error.status).phrase}.")
    headers: dict[str, str] = {}
    if isinstance(error, web.HTTPMethodNotAllowed):
        headers["Allow"] = ", ".join(sorted({*error.allowed_methods, "OPTIONS"}))
    return Problem(error.status, detail, headers=headers)


def render(problem: Problem, request_id: str) -> web.Response:
    """The response of a problem."""
    document = ProblemDocument(
        type="about:blank",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        errors=problem.errors,
        request_id=request_id,
    )
    members = {name: getattr(document, name) for name in ProblemDocument.__slots__} | problem.extensions
    headers = {"Cache-Control": "no-store", **problem.headers}
    return web.Response(
        body=orjson.dumps(members), status=problem.status, content_type=MEDIA_TYPE, headers=headers
    )


def request_id_of(request: web.BaseRequest) -> str:
    """The request's id: what the client sent when it is sane, else a new one; always the same."""
    known = request.get(REQUEST_ID)
    if known is None:
        sent = request.headers.get(REQUEST_ID_HEADER)
        known = sent if sent and _SANE_REQUEST_ID.fullmatch(sent) else new_request_id()
        request[REQUEST_ID] = known
    return known


def new_request_id() -> str:
    """128 random bits: an id is no secret, and asking the system for them is a tenth of a cached read."""
    return f"{random.getrandbits(128):032x}"


def answer_to(request: web.Request, error: Exception) -> web.Response:
    """The answer to a request that ended in an error; what nobody expected is logged and tells nothing.

    :raises Exception: that very error, when the server has to see it.
    """
    request_id = request_id_of(request)
    if isinstance(error, Problem):
        return render(error, request_id)
    if isinstance(error, web.HTTPException):
        return _of_aiohttp(request, error, request_id)
    if isinstance(error, ServiceError):
        if not isinstance(error, _EXPECTED):
            _log(request, request_id, error)
        return render(of_service_error(error), request_id)
    if isinstance(error, ConnectionError) and request.transport is None:
        raise error  # the client left; aiohttp ends the request
    _log(request, request_id, error)
    return render(Problem(500, _DETAILS[500]), request_id)


def _log(request: web.Request, request_id: str, error: Exception) -> None:
    path = request.rel_url.raw_path
    log.error("%s %s failed, request %s", request.method, path, request_id, exc_info=error)


def _of_aiohttp(request: web.Request, error: web.HTTPException, request_id: str) -> web.Response:
    if error.status < 400:
        error.headers[REQUEST_ID_HEADER] = request_id
        raise error
    problem = of_http_exception(error)
    if error.status == 405 and request.method == "OPTIONS":
        return web.Response(status=204, headers=problem.headers)
    return render(problem, request_id)
