"""The OpenAPI document and the page made from it."""

import shlex
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from yarl import URL

from sentiment_service.api.context import Context
from sentiment_service.api.docs_page import curl_example
from sentiment_service.api.examples import example_of
from tests.api.conftest import TOKEN, Client

Document = dict[str, Any]


@pytest_asyncio.fixture
async def document(offline: Client) -> Document:
    """The document as it is served."""
    async with offline.get("/api/v1/openapi.json") as response:
        assert response.content_type == "application/json"
        served: Document = await response.json()
    return served


def operations(document: Document) -> list[tuple[str, str, Document]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


async def test_the_document_is_valid(document: Document) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1.2.3"


async def test_every_route_is_in_the_document_and_nothing_else(offline: Client, document: Document) -> None:
    assert isinstance(offline.app, web.Application)
    routed = {
        (route.method.lower(), route.resource.canonical)
        for route in offline.app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert routed == {(method, path) for method, path, _ in operations(document)}


async def test_no_two_types_have_one_name(document: Document) -> None:
    """Clients are generated with these names; a type that shares one has its module in front."""
    assert [name for name in document["components"]["schemas"] if not name.isalnum()] == []


async def test_every_call_says_what_it_is_and_how_it_fails(document: Document) -> None:
    for method, path, operation in operations(document):
        place = f"{method} {path}"
        assert operation["summary"], place
        assert operation["description"], place
        assert operation["tags"], place
        assert "422" in operation["responses"], place
        for parameter in operation["parameters"]:
            assert parameter["description"], f"{place} {parameter['name']}"
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/v1/sentiment/stats", "get", {"200", "304", "422", "503"}),
        ("/api/v1/sentiment/score", "post", {"200", "400", "408", "413", "422", "429", "503"}),
        ("/api/v1/posts/{id}", "get", {"200", "304", "404", "422", "503"}),
        ("/api/v1/admin/collect", "post", {"202", "401", "403", "409", "422", "429", "503"}),
        ("/api/v1/health", "get", {"200", "304", "422", "503"}),
    ],
)
async def test_every_answer_is_described(
    document: Document, path: str, method: str, statuses: set[str]
) -> None:
    assert set(document["paths"][path][method]["responses"]) == statuses


async def test_ranges_and_choices_are_described(document: Document) -> None:
    trends = document["paths"]["/api/v1/sentiment/trends"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in trends}
    assert schemas["hours"] == {"type": "integer", "minimum": 1, "maximum": 2160, "default": 168}
    assert schemas["granularity"]["enum"] == ["auto", "hourly", "daily", "weekly"]
    assert schemas["subreddit"] == {"type": "string"}
    recent = document["paths"]["/api/v1/posts/recent"]["get"]["parameters"]
    label = next(parameter["schema"] for parameter in recent if parameter["name"] == "sentiment")
    assert label["enum"] == ["positive", "negative", "neutral"]


async def test_only_admin_calls_need_the_token(document: Document) -> None:
    assert document["components"]["securitySchemes"]["adminToken"] == {
        "type": "apiKey",
        "in": "header",
        "name": "X-Admin-Token",
    }
    for _, path, operation in operations(document):
        assert ("security" in operation) is path.startswith("/api/v1/admin/")


def contents(document: Document) -> list[tuple[Document, Any]]:
    """Every schema with its example."""
    found: list[tuple[Document, Any]] = []
    for _, _, operation in operations(document):
        responses = [
            document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            if "$ref" in answer
            else answer
            for answer in operation["responses"].values()
        ]
        for each in [*responses, operation.get("requestBody", {})]:
            with_example = (content for content in each.get("content", {}).values() if "example" in content)
            found += [(content["schema"], content["example"]) for content in with_example]
    return found


async def test_every_example_fits_its_schema(document: Document) -> None:
    found = contents(document)
    assert len(found) > 30
    for schema, example in found:
        whole = {**schema, "components": document["components"]}
        OAS31Validator(whole).validate(example)


async def test_answers_fit_their_schemas(offline: Client, document: Document) -> None:
    for path in ("/api/v1/health", "/api/v1/nothing", "/api/v1/trending"):
        async with offline.get(path) as response:
            answer = await response.json(content_type=None)
            model = "HealthAnswer" if response.status == 200 else "ProblemDocument"
        schema = {"$ref": f"#/components/schemas/{model}", "components": document["components"]}
        OAS31Validator(schema).validate(answer)


def test_an_unknown_kind_of_schema_is_an_error() -> None:
    with pytest.raises(TypeError, match="no example"):
        example_of({"type": "null"}, {}, "x")


async def test_no_secret_is_in_the_document(offline: Client) -> None:
    for path in ("/api/v1/openapi.json", "/api/v1/docs"):
        async with offline.get(path) as response:
            assert TOKEN not in await response.text()


class Page(HTMLParser):
    """What a page consists of and what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in {"href", "src", "action"}:
                self.links.add(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_the_page_works_offline_and_without_inline_code(offline: Client) -> None:
    page = Page()
    async with offline.get("/api/v1/docs") as response:
        assert response.content_type == "text/html"
        assert response.charset == "utf-8"
        page.feed(await response.text())
    assert not page.tags & {"script", "style", "iframe", "img", "object", "embed", "form"}
    assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
    for link in page.links:
        assert link.startswith(("#", "/api/v1/", "data:,")), link
        if link.startswith("/"):
            async with offline.get(link) as response:
                assert response.status == 200


async def test_the_style_sheet_asks_for_nothing(offline: Client) -> None:
    async with offline.get("/api/v1/docs.css") as response:
        assert (response.status, response.content_type) == (200, "text/css")
        text = await response.text()
    assert "url(" not in text
    assert "@import" not in text


async def test_the_page_shows_every_call_with_a_command(offline: Client, document: Document) -> None:
    async with offline.get("/api/v1/docs") as response:
        page = Page()
        page.feed(await response.text())
    for method, path, operation in operations(document):
        assert path in page.text
        assert curl_example(method.upper(), path, operation, "http://localhost:8000") in page.text


async def test_commands_make_the_call_they_stand_for(
    offline: Client, document: Document, away: Context
) -> None:
    for method, path, operation in operations(document):
        words = shlex.split(curl_example(method.upper(), path, operation, ""))
        headers = {}
        body = None
        for option, value in pairwise(words):
            if option == "-H":
                name, _, given = value.partition(": ")
                headers[name] = given.replace("$ADMIN_TOKEN", TOKEN)
            if option == "-d":
                body = value
        address = URL(words[-1], encoded=True)
        async with offline.request(method, address, headers=headers, data=body) as response:
            assert response.status in {200, 202, 503}, words
