"""From a request to validated models; every mistake is reported at once, by name."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import TypeVar

from aiohttp import web
from multidict import MultiMapping
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sentiment_service.api.problems import MAX_ERRORS, FieldError, Problem, invalid_all
from sentiment_service.api.schema import Input

BODY_TIMEOUT_S = 30.0
"""Seconds a body may take to arrive."""

LONGEST_NAME = 100
"""Characters of a name the client sent that are repeated to it."""

Model = TypeVar("Model", bound=Input)


class NoParameters(Input):
    """The query of a call without parameters."""


def read_query(request: web.Request, model: type[Input] | None) -> Input:
    """The query parameters.

    :raises Problem: 422 for an unknown or repeated parameter, or a value out of range.
    """
    model = model or NoParameters
    errors = _repeated(request.query)
    try:
        query = model.model_validate(dict(request.query))
    except ValidationError as error:
        errors += _field_errors(error.errors(include_url=False, include_input=False), "parameter")
        raise invalid_all(errors) from None
    if errors:
        raise invalid_all(errors)
    return query


def _repeated(query: MultiMapping[str]) -> list[FieldError]:
    times = Counter(map(itemgetter(0), query.items()))  # the mapping's keys name a repeated one once
    return [
        FieldError(name[:LONGEST_NAME], "is given more than once")
        for name, count in times.items()
        if count > 1
    ]


def read_path(request: web.Request, model: type[Model]) -> Model:
    """The parameters in the path.

    :raises Problem: 404, since an address with an impossible id names nothing.
    """
    try:
        return model.model_validate(dict(request.match_info))
    except ValidationError:
        raise Problem(404, "There is nothing at this address.") from None


async def read_body(request: web.Request, model: type[Model], limit: int) -> Model:
    """The JSON body.

    :param limit: bytes, after decompression.
    :raises Problem: 400 when it is not JSON, 413 when it is too large, 422 when it is not what is expected,
        408 when it does not arrive.
    """
    raw = await _read(request, limit)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        if details[0]["type"] == "json_invalid":
            raise Problem(400, f"The body is not JSON: {_json_fault(details[0])}.") from None
        raise invalid_all(_field_errors(details, "field")) from None


def _json_fault(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("error", "it could not be read"))


async def _read(request: web.Request, limit: int) -> bytes:
    if request.content_length is not None and request.content_length > limit:
        raise _too_large(limit)
    chunks = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.content.iter_any():
                chunks += chunk
                if len(chunks) > limit:
                    raise _too_large(limit)
    except TimeoutError:
        raise Problem(408, "The body took too long to arrive.") from None
    except web.RequestPayloadError:
        raise Problem(400, "The body could not be read as its headers describe it.") from None
    return bytes(chunks)


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The body is larger than {limit:,} bytes.")


def _field_errors(details: Iterable[ErrorDetails], noun: str) -> list[FieldError]:
    return [FieldError(_path(detail["loc"]), _message(detail, noun)) for detail in details][:MAX_ERRORS]


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)[:LONGEST_NAME] or "body"


_PLAIN: Mapping[str, str] = {
    "missing": "is required",
    "model_type": "should be a JSON object",
    "int_parsing": "should be a whole number",
    "int_parsing_size": "should be a whole number of reasonable size",
    "int_from_float": "should be a whole number",
    "bool_parsing": "should be true or false",
}


def _message(detail: ErrorDetails, noun: str) -> str:
    if detail["type"] == "extra_forbidden":
        return f"unknown {noun}"
    if detail["type"] in _PLAIN:
        return _PLAIN[detail["type"]]
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return message[:1].lower() + message[1:]
