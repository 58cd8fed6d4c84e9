"""The OpenAPI 3.1 document, generated from the registered endpoints and their types."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import TypeAdapter

from sentiment_service.api.admin_token import HEADER
from sentiment_service.api.examples import TEXT_EXAMPLES, example_of
from sentiment_service.api.problems import MEDIA_TYPE as PROBLEM_TYPE
from sentiment_service.api.problems import ProblemDocument
from sentiment_service.api.routing import JSON, Endpoint

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]

TEMPLATE = "#/components/schemas/{model}"

_ERRORS: dict[int, str] = {
    400: "The body is not JSON.",
    401: f"The {HEADER} header is missing or wrong.",
    403: "Admin calls are switched off: no admin token is configured.",
    404: "Nobody has this id.",
    408: "The body took too long to arrive.",
    409: "It conflicts with something that exists or runs.",
    412: "If-Match names a version that is not the current one.",
    413: "The body is too large.",
    422: "Bad input; `errors` names every mistake.",
    429: "Too many requests; Retry-After says when to try again.",
    503: "The database is away, or something else that is needed; Retry-After says when to try again.",
}


def openapi_document(endpoints: Sequence[Endpoint], *, version: str) -> Schema:
    """The whole document, as JSON-ready data.

    :param version: of the service.
    """
    roots, schemas = _all_schemas(endpoints)
    paths: dict[str, Schema] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, roots, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sentiment_service",
            "version": version,
            "summary": "What people say on watched subreddits, scored.",
            "description": "Times are ISO 8601 in UTC. Every GET also answers HEAD, carries a strong `ETag` "
            "and answers `If-None-Match` with 304. Answers over 1 KiB are compressed for clients that accept "
            "gzip.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {f"Problem{status}": _problem(status, schemas) for status in _ERRORS},
            "securitySchemes": {"adminToken": {"type": "apiKey", "in": "header", "name": HEADER}},
        },
    }


def _all_schemas(endpoints: Sequence[Endpoint]) -> tuple[dict[tuple[str, str], Schema], dict[str, Schema]]:
    """Schemas by (handler, part), and the components they refer to; parameters refer to none."""
    inputs: list[tuple[tuple[str, str], Mode, TypeAdapter[Any]]] = []
    wanted: list[tuple[tuple[str, str], Mode, TypeAdapter[Any]]] = [
        (("", "problem"), "serialization", TypeAdapter(ProblemDocument))
    ]
    for endpoint in endpoints:
        parts = (("query", endpoint.query), ("path", endpoint.path_model))
        inputs += [
            ((endpoint.name, part), "validation", TypeAdapter(model)) for part, model in parts if model
        ]
        if endpoint.body is not None:
            wanted.append(((endpoint.name, "body"), "validation", TypeAdapter(endpoint.body)))
        wanted.append(((endpoint.name, "answer"), "serialization", TypeAdapter(endpoint.answer)))
    roots, definitions = TypeAdapter.json_schemas(wanted, ref_template=TEMPLATE)
    parameters = {key: adapter.json_schema(mode=mode) for key, mode, adapter in inputs}
    return {key: schema for (key, _), schema in roots.items()} | parameters, definitions["$defs"]


def _operation(
    endpoint: Endpoint, roots: dict[tuple[str, str], Schema], schemas: dict[str, Schema]
) -> Schema:
    operation: Schema = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": re.sub(r"\s+", " ", (endpoint.function.__doc__ or "").replace("``", "`")).strip(),
        "tags": [endpoint.tag],
        "parameters": [
            parameter
            for part in ("path", "query")
            if (endpoint.name, part) in roots
            for parameter in _parameters(part, roots[endpoint.name, part])
        ]
        + ([_IF_MATCH] if endpoint.if_match else []),
        "responses": _responses(endpoint, roots[endpoint.name, "answer"], schemas),
    }
    if endpoint.body is not None:
        body = roots[endpoint.name, "body"]
        operation["requestBody"] = {"required": True, "content": _content(JSON, body, schemas)}
    if endpoint.admin:
        operation["security"] = [{"adminToken": []}]
    return operation


def _parameters(place: str, schema: Schema) -> list[Schema]:
    required = schema.get("required", [])
    return [
        _parameter(place, name, field, schema.get("$defs", {}), required=name in required)
        for name, field in schema["properties"].items()
    ]


def _parameter(place: str, name: str, field: Schema, definitions: Schema, *, required: bool) -> Schema:
    field = dict(field)
    description = field.pop("description", name).replace("``", "`")
    examples = field.pop("examples", [])
    parameter = {
        "name": name,
        "in": place,
        "required": required,
        "description": description,
        "schema": _without_null(field, definitions),
    }
    return parameter | ({"example": examples[0]} if examples else {})


def _without_null(field: Schema, definitions: Schema) -> Schema:
    """A parameter that is not given is absent, never null; what it refers to is inlined."""
    kinds = [kind for kind in field.pop("anyOf", []) if kind.get("type") != "null"]
    for kind in kinds:
        field = {**kind, **field}
    if "$ref" in field:
        field = {**definitions[field.pop("$ref").rpartition("/")[2]], **field}
    if field.get("default", 0) is None:
        del field["default"]
    return {key: value for key, value in field.items() if key != "title"}


def _responses(endpoint: Endpoint, answer: Schema, schemas: dict[str, Schema]) -> Schema:
    content = _content(endpoint.media_type, answer, schemas)
    for further in endpoint.also:
        content |= _content(further, answer, schemas)
    statuses = {endpoint.status: HTTPStatus(endpoint.status).phrase, **endpoint.other_statuses}
    responses: Schema = {
        str(status): {"description": description, "content": content}
        for status, description in sorted(statuses.items())
    }
    if endpoint.method == "GET" and not endpoint.raw:
        responses["200"]["headers"] = _READ_HEADERS
        responses["304"] = {"description": "The client has it already."}
    for status in endpoint.errors:
        responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    return responses


_IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the version that is to be changed; 412 when it is not the current one.",
    "schema": {"type": "string"},
}

_READ_HEADERS: Schema = {
    "ETag": {"description": "Strong validator of this answer.", "schema": {"type": "string"}},
    "Link": {"description": 'Address of the next page, `rel="next"`.', "schema": {"type": "string"}},
}


def _content(media_type: str, schema: Schema, schemas: dict[str, Schema]) -> Schema:
    if media_type != JSON:
        return {media_type: {"schema": {"type": "string"}, "example": TEXT_EXAMPLES[media_type]}}
    return {media_type: {"schema": schema, "example": example_of(schema, schemas)}}


def _problem(status: int, schemas: dict[str, Schema]) -> Schema:
    schema = {"$ref": TEMPLATE.format(model=ProblemDocument.__name__)}
    example = {
        **example_of(schema, schemas),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _ERRORS[status],
        "errors": [{"field": "hours", "message": "unknown parameter"}] if status == 422 else [],
    }
    return {
        "description": _ERRORS[status],
        "content": {PROBLEM_TYPE: {"schema": schema, "example": example}},
    }
