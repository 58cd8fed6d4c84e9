"""Tools beside each other: who is ahead, by how much, and whether it means anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pydantic import Field

from sentiment_service.api.context import Context
from sentiment_service.api.dates import PeriodQuery, period_of
from sentiment_service.api.problems import FieldError, invalid, invalid_all
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer
from sentiment_service.api.scopes import tool_counted
from sentiment_service.api.significance import SIGNIFICANT_BELOW, Welch, holm, label_test, welch_test
from sentiment_service.api.statistics import (
    PERCENT_DIGITS,
    Interval,
    percentage,
    rounded_polarity,
)
from sentiment_service.api.tools import ToolSentiment, coverage_of, sentiment_answer
from sentiment_service.models import Tally
from sentiment_service.tools import Catalogue, Tool

MIN_TOOLS = 2
MAX_TOOLS = 10
P_VALUE_DIGITS = 4
"""Significant ones: a small p-value is not rounded to nothing."""

routes = Routes(tag="Tools")


class CompareQuery(PeriodQuery):
    tool_ids: str = Field(max_length=2000, examples=["cursor,github-copilot"])
    """Two to ten ids or slugs, separated by commas."""


@dataclass(frozen=True, slots=True)
class Delta(Answer):
    """How two tools differ: the first minus the second."""

    tool_a_id: str
    tool_b_id: str
    positive_delta: float
    """Percentage points."""
    negative_delta: float
    """Percentage points."""
    sentiment_delta: float
    """Of the mean polarities."""
    significant: bool
    """Whether ``p_value`` is below 0.05; never with a low sample."""
    p_value: float | None
    """Of ``sentiment_delta`` by Welch's test, adjusted by Holm's method for the pairs compared; null with a
    low sample."""
    sentiment_interval_95: Interval | None
    """95 % interval of ``sentiment_delta``, of this pair alone; null with a low sample."""
    labels_p_value: float | None
    """Of the counts by label by the chi-square test, adjusted likewise; null with a low sample."""
    labels_significant: bool
    """Whether ``labels_p_value`` is below 0.05."""
    low_sample: bool
    """Whether either tool has fewer than 10 mentions."""


@dataclass(frozen=True, slots=True)
class CompareAnswer(Answer):
    """Tools beside each other."""

    tools: tuple[ToolSentiment, ...]
    """In the order asked for."""
    deltas: tuple[Delta, ...]
    """One for each pair."""


@routes.get("/tools/compare", summary="Tools beside each other", errors=(503,), kept="hour")
async def compare_tools(context: Context, query: CompareQuery) -> CompareAnswer:
    """The figures of two to ten tools, and how each pair differs.

    Means are compared by Welch's test and counts by label by the chi-square test, both adjusted by Holm's
    method for the number of pairs. Below 10 mentions nothing is called significant.
    """
    window = period_of(query, context.now())
    chosen = _chosen(await context.store.tools.catalogue(), query.tool_ids)
    tallies = await context.store.rollups.tools(window, {tool.id for tool in chosen})
    coverage = await coverage_of(context, window)
    return CompareAnswer(
        tools=tuple(
            sentiment_answer(tool, tallies.get(tool.id, Tally()), window, coverage) for tool in chosen
        ),
        deltas=_deltas(chosen, tallies),
    )


def _chosen(catalogue: Catalogue, listed: str) -> list[Tool]:
    names = [name.strip() for name in listed.split(",")] if listed.strip() else []
    if not MIN_TOOLS <= len(names) <= MAX_TOOLS:
        raise invalid("tool_ids", f"should name {MIN_TOOLS} to {MAX_TOOLS} tools, not {len(names)}")
    wrong: list[str] = []
    chosen: dict[str, Tool] = {}
    for name in names:
        tool = tool_counted(catalogue, name)
        if tool is None:
            wrong.append(f"{name[:100]!r} is no tool tracked here")
        elif tool.id in chosen:
            wrong.append(f"{name!r} names {tool.name} again")
        else:
            chosen[tool.id] = tool
    if wrong:
        raise invalid_all([FieldError("tool_ids", message) for message in wrong])
    return list(chosen.values())


def _deltas(chosen: Sequence[Tool], tallies: Mapping[str, Tally]) -> tuple[Delta, ...]:
    pairs = [
        ((a, tallies.get(a.id, Tally())), (b, tallies.get(b.id, Tally()))) for a, b in combinations(chosen, 2)
    ]
    fit = [index for index, ((_, a), (_, b)) in enumerate(pairs) if not (a.low_sample or b.low_sample)]
    tests = {index: welch_test(pairs[index][0][1], pairs[index][1][1]) for index in fit}
    of_means = dict(zip(fit, holm([tests[index].p_value for index in fit]), strict=True))
    of_labels = dict(
        zip(fit, holm([label_test(pairs[index][0][1], pairs[index][1][1]) for index in fit]), strict=True)
    )
    return tuple(
        _delta(*pair, tests.get(index), of_means.get(index), of_labels.get(index))
        for index, pair in enumerate(pairs)
    )


def _delta(
    first: tuple[Tool, Tally],
    second: tuple[Tool, Tally],
    test: Welch | None,
    p_value: float | None,
    labels_p_value: float | None,
) -> Delta:
    (tool_a, a), (tool_b, b) = first, second
    interval = None if test is None else test.interval_95
    return Delta(
        tool_a_id=tool_a.id,
        tool_b_id=tool_b.id,
        positive_delta=_points(a.positive, a, b.positive, b),
        negative_delta=_points(a.negative, a, b.negative, b),
        sentiment_delta=rounded_polarity(a.avg_sentiment - b.avg_sentiment),
        significant=p_value is not None and p_value < SIGNIFICANT_BELOW,
        p_value=_told(p_value),
        sentiment_interval_95=interval and (rounded_polarity(interval[0]), rounded_polarity(interval[1])),
        labels_p_value=_told(labels_p_value),
        labels_significant=labels_p_value is not None and labels_p_value < SIGNIFICANT_BELOW,
        low_sample=test is None,
    )


def _told(p_value: float | None) -> float | None:
    return None if p_value is None else float(f"{p_value:.{P_VALUE_DIGITS}g}")


def _points(part_a: int, a: Tally, part_b: int, b: Tally) -> float:
    return round(percentage(part_a, a.total) - percentage(part_b, b.total), PERCENT_DIGITS)
