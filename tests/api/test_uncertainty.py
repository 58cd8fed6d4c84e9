"""Every average and share of every answer has its interval, its count, and whether little is behind it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from sentiment_service.api.openapi import openapi_document
from sentiment_service.api.setup import AREAS

MEANS = {"avg_sentiment": "avg_interval_95", "sentiment_avg": "avg_interval_95"}
SHARES = {
    f"{label}_{word}": f"{label}_interval_95"
    for label in ("positive", "negative", "neutral")
    for word in ("percentage", "percent")
}
COUNTS = {"total", "total_mentions", "mentions", "positive_count"}
PARENTS = {"HotDistribution": "HotTopic"}
"""Parts of an answer whose ``low_sample`` stands beside them."""


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """By name, the fields of each answer."""
    document = openapi_document([each for area in AREAS for each in area.endpoints], version="1")
    found: dict[str, dict[str, Any]] = document["components"]["schemas"]
    return {name: schema.get("properties", {}) for name, schema in found.items()}


def figures() -> Iterator[tuple[str, str, str]]:
    """Answer, figure, and the name of its interval."""
    for name, fields in schemas().items():
        for figure, interval in (MEANS | SHARES).items():
            if figure in fields:
                yield name, figure, interval


def test_there_are_figures() -> None:
    assert len({name for name, _, _ in figures()}) >= 8


@pytest.mark.parametrize(("name", "figure", "interval"), list(figures()))
def test_a_figure_has_its_count_its_interval_and_whether_it_is_a_low_sample(
    name: str, figure: str, interval: str
) -> None:
    fields = schemas()
    assert interval in fields[name], figure
    assert COUNTS & fields[name].keys(), figure
    assert "low_sample" in fields[PARENTS.get(name, name)], figure
