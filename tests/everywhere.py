"""Everything the API tells: each reading call, in each form that shows something of its own."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from sentiment_service.models import utc_now

Api = TestClient[web.Request, web.Application]

QUESTIONS = ("What do people say about Cursor?", "What is trending?")
ENDLESS = "/api/v1/events"
"""A stream, which names no item."""


def values() -> dict[str, tuple[str, ...]]:
    """By the name of a parameter, what it is asked with: the widest there is, or all there are."""
    now = utc_now()
    return {
        "hours": ("2160",),
        "time_range": ("30d",),
        "start": (f"{now - timedelta(days=30):%Y-%m-%dT%H:00:00Z}",),
        "end": (f"{now:%Y-%m-%dT%H:00:00Z}",),
        "kind": ("posts", "comments", "trends"),
        "format": ("csv", "ndjson"),
        "q": ("turbo",),
        "tool_ids": ("cursor,claude-code",),
    }


async def answers(api: Api, headers: Mapping[str, str], ids: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What every reading call says, by its address, headers of the answer included.

    :param ids: by the beginning of a path without a prefix, what stands for its id.
    """
    document = await (await api.get("/api/v1/openapi.json")).json()
    found: dict[str, str] = {}
    for path, calls in document["paths"].items():
        if "get" not in calls or path == ENDLESS:
            continue
        for address in _addresses(path, ids):
            for query in _queries(calls["get"].get("parameters", ())):
                async with api.get(address + query, headers=headers) as answer:
                    found[address + query] = f"{answer.headers} {await answer.text(errors='replace')}"
    if "/api/v1/ai/query" in document["paths"]:
        for question in QUESTIONS:
            async with api.post("/api/v1/ai/query", json={"question": question}) as answer:
                found[question] = await answer.text()
    return found


def _addresses(path: str, ids: Mapping[str, Sequence[str]]) -> list[str]:
    start, brace, rest = path.partition("{")
    if not brace:
        return [path]
    (known,) = (of_path for prefix, of_path in ids.items() if start.endswith(prefix))
    return [f"{start}{one}{rest.partition('}')[2]}" for one in known]


def _queries(parameters: Sequence[Mapping[str, Any]]) -> list[str]:
    """The call without a query, if it has to have none, and with everything at its widest."""
    given = [each for each in parameters if each["in"] == "query"]
    pairs = [
        [f"{each['name']}={value}" for value in chosen] for each in given if (chosen := _values_of(each))
    ]
    wide = ["?" + "&".join(chosen) for chosen in itertools.product(*pairs)] if pairs else []
    return wide if any(each.get("required") for each in given) else ["", *wide]


def _values_of(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    if parameter["name"] == "limit":
        return (str(parameter["schema"]["maximum"]),)
    return values().get(parameter["name"], ())
