"""Tools that are proposed: names seen often that nobody tracks yet."""

from dataclasses import dataclass
from datetime import datetime

from sentiment_service.api.context import Context
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer
from sentiment_service.api.tool_answers import ToolAnswer, tool_answer
from sentiment_service.models import StoredComment, StoredPost
from sentiment_service.scoring.clean import scorable_text, text_of
from sentiment_service.store.lookups import look_up
from sentiment_service.store.proposals import Figures

routes = Routes(tag="Admin")

EXCERPT = 200
BEFORE = 60
"""Characters of an excerpt before the name."""


@dataclass(frozen=True, slots=True)
class SampleMention(Answer):
    """A post or comment that holds the name."""

    id: str
    excerpt: str
    """At most 200 characters around the name."""
    permalink: str


@dataclass(frozen=True, slots=True)
class PendingTool(ToolAnswer):
    """A proposed tool, and how often it was named."""

    mention_count_7d: int
    """Posts and comments that hold the name, of the last `tools.pending_days` days, when they were counted
    last."""
    first_detected: datetime
    """When the oldest post or comment was written that was seen to hold it."""
    sample_mentions: tuple[SampleMention, ...]
    """Up to five; read from what is stored now, so that what is deleted is not shown."""


@dataclass(frozen=True, slots=True)
class PendingTools(Answer):
    """All proposed tools, those named most first."""

    tools: tuple[PendingTool, ...]
    count: int


@routes.get("/admin/tools/pending", summary="Proposed tools", errors=(503,), admin=True)
async def pending_tools(context: Context) -> PendingTools:
    """Approve or reject them; what is rejected is not proposed again."""
    store = context.store
    pending = [tool for tool in (await store.tools.catalogue()).tools if tool.status == "pending"]
    figures = await store.proposals.read([tool.id for tool in pending])
    samples = [id_ for each in figures.values() for id_ in each.samples]
    stored = await look_up(store.database, samples)
    answers = []
    for tool in pending:
        shown, counted = tool_answer(tool), figures.get(tool.id)
        answers.append(
            PendingTool(
                **{name: getattr(shown, name) for name in ToolAnswer.__dataclass_fields__},
                mention_count_7d=counted.mentions if counted else 0,
                first_detected=counted.first_at if counted else tool.created_at,
                sample_mentions=_samples(counted, stored) if counted else (),
            )
        )
    answers.sort(key=lambda each: (-each.mention_count_7d, each.name))
    return PendingTools(tuple(answers), len(answers))


def _samples(figures: Figures, stored: dict[str, StoredPost | StoredComment]) -> tuple[SampleMention, ...]:
    samples = []
    for id_ in figures.samples:
        if (found := stored.get(id_)) is not None:
            item = found.post if isinstance(found, StoredPost) else found.comment
            excerpt = _around(scorable_text(text_of(item)), figures.spellings)
            if excerpt:  # empty when the text is not kept, or no longer holds the name
                samples.append(SampleMention(id_, excerpt, item.permalink))
    return tuple(samples)


def _around(text: str, spellings: tuple[str, ...]) -> str:
    places = [place for spelling in spellings if (place := text.find(spelling)) >= 0]
    if not places:
        return ""
    start = max(0, min(places) - BEFORE)
    return " ".join(text[start : start + EXCERPT].split())
