"""What moves the number of a tool: phrases, by what they contributed to its change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Hours, Input
from sentiment_service.api.scopes import ToolPath, tool_at
from sentiment_service.api.statistics import Interval, interval_of, rounded_polarity
from sentiment_service.api.tools import TimePeriod
from sentiment_service.api.windows import window_of
from sentiment_service.drivers import Driver, Said
from sentiment_service.models import Label, Span, Tally
from sentiment_service.tools import Tool

routes = Routes(tag="Tools")


class DriversQuery(Input):
    hours: Hours = 168
    """Length of the window, which ends with the running hour; it is compared with as many hours before it."""


# ``from`` is no name that a class could have as a field.
AverageChange = TypedDict(
    "AverageChange",
    {
        "from": Annotated[float | None, Field(description="Mean polarity before; null without mentions.")],
        "to": Annotated[float | None, Field(description="Mean polarity now; null without mentions.")],
        "delta": Annotated[float | None, Field(description="`to` less `from`; null when one of them is.")],
    },
)


@dataclass(frozen=True, slots=True)
class ThemeExample(Answer):
    """A mention that says the phrase."""

    id: str
    excerpt: str
    """The words around the tool's name, at most 200 characters."""
    permalink: str
    polarity: float
    """How it speaks of the tool, from -1 (negative) to 1 (positive)."""
    label: Label


@dataclass(frozen=True, slots=True)
class ThemeAnswer(Answer):
    """A phrase whose mentions moved the mean."""

    phrase: str
    mentions: int
    """Mentions in the window that say it and count for no phrase above it."""
    avg_sentiment: float
    """Their mean polarity; 0 without mentions: what is said no more moves the mean too."""
    avg_interval_95: Interval | None
    """95 % interval of ``avg_sentiment``; null below two mentions."""
    low_sample: bool
    """Fewer than 10 mentions in both windows together."""
    contribution: float
    """Part of ``delta`` that its mentions made, those before and those in the window together."""
    mentions_before: int
    """The same as ``mentions`` in the stretch before."""
    avg_sentiment_before: float
    avg_interval_95_before: Interval | None
    examples: tuple[ThemeExample, ...]
    """At most three by different authors, the clearest first."""


@dataclass(frozen=True, slots=True)
class DriversAnswer(Answer):
    """What moved the mean of one tool between two stretches of the same length."""

    tool_id: str
    tool_name: str
    change: AverageChange
    positive_themes: tuple[ThemeAnswer, ...]
    """What raised it, the largest contribution first; at most eight."""
    negative_themes: tuple[ThemeAnswer, ...]
    """What lowered it, the largest contribution first; at most eight."""
    other_contribution: float | None
    """Part of ``delta`` that no phrase here explains; null when ``delta`` is."""
    mentions: int
    """Mentions in the window."""
    mentions_before: int
    avg_interval_95: Interval | None
    """95 % interval of ``to``; null below two mentions."""
    avg_interval_95_before: Interval | None
    low_sample: bool
    """Fewer than 10 mentions in one of the stretches: too few to trust the change."""
    time_period: TimePeriod
    time_period_before: TimePeriod


@routes.get(
    "/tools/{id}/drivers", summary="What moves the number of a tool", errors=(503,), kept="hour", ahead=False
)
async def tool_drivers(context: Context, path: ToolPath, query: DriversQuery) -> DriversAnswer:
    """The phrases whose mentions moved a tool's mean against the same number of hours before.

    A mention contributes by how far it is from the mean before, divided by the number of mentions of its
    stretch. All of them together are the change; each counts for one phrase only. Phrases are said by three
    authors at least and significant by themselves; of a stretch with more than 1,600 mentions, so many from
    all over it are read.
    """
    tool = await tool_at(context, path.id)
    window = window_of(context.now(), query.hours)
    before = Span(window.start - (window.end - window.start), window.start)
    tally, tally_before = [
        (await context.store.rollups.tools(span)).get(tool.id, Tally()) for span in (window, before)
    ]
    found = await context.drivers.find(tool.id, await _names(context, tool), before, window)
    change = change_of(tally_before, tally)
    themes = (*found.raised, *found.lowered)
    delta = change["delta"]
    return DriversAnswer(
        tool_id=tool.id,
        tool_name=tool.name,
        change=change,
        positive_themes=tuple(_theme(each) for each in found.raised),
        negative_themes=tuple(_theme(each) for each in found.lowered),
        other_contribution=None
        if delta is None
        else rounded_polarity(delta - sum(each.contribution for each in themes)),
        mentions=tally.total,
        mentions_before=tally_before.total,
        avg_interval_95=interval_of(tally),
        avg_interval_95_before=interval_of(tally_before),
        low_sample=tally.low_sample or tally_before.low_sample,
        time_period=TimePeriod(window.start, window.end),
        time_period_before=TimePeriod(before.start, before.end),
    )


def change_of(before: Tally, after: Tally) -> AverageChange:
    """How far a mean moved."""
    earlier = rounded_polarity(before.avg_sentiment) if before.total else None
    later = rounded_polarity(after.avg_sentiment) if after.total else None
    both = before.total and after.total
    delta = rounded_polarity(after.avg_sentiment - before.avg_sentiment) if both else None
    return {"from": earlier, "to": later, "delta": delta}


async def _names(context: Context, tool: Tool) -> Sequence[str]:
    """All names under which something counts for the tool, the longest first."""
    catalogue = await context.store.tools.catalogue()
    targets = catalogue.targets()
    counted = (each for each in catalogue.tools if targets.get(each.id) == tool.id)
    names = {name.lower() for each in counted for name in (each.name, *each.aliases)}
    return sorted(names, key=lambda name: (-len(name), name))


def _theme(driver: Driver) -> ThemeAnswer:
    return ThemeAnswer(
        phrase=driver.phrase,
        mentions=driver.after.total,
        avg_sentiment=rounded_polarity(driver.after.avg_sentiment),
        avg_interval_95=interval_of(driver.after),
        low_sample=(driver.before + driver.after).low_sample,
        contribution=rounded_polarity(driver.contribution),
        mentions_before=driver.before.total,
        avg_sentiment_before=rounded_polarity(driver.before.avg_sentiment),
        avg_interval_95_before=interval_of(driver.before),
        examples=tuple(_example(said) for said in driver.examples),
    )


def _example(said: Said) -> ThemeExample:
    return ThemeExample(
        said.fullname, said.excerpt, said.permalink, rounded_polarity(said.polarity), said.label
    )
