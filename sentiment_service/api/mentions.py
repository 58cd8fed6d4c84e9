"""What is said of tools, as the API shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sentiment_service.api.schema import Answer
from sentiment_service.models import Label
from sentiment_service.tools import Mention


@dataclass(frozen=True, slots=True)
class MentionAnswer(Answer):
    """A tool that a text speaks of, and how."""

    tool_id: str
    polarity: float
    """From -1 (negative) to 1 (positive)."""
    label: Label
    excerpt: str
    """The words it was read from, at most 200 characters; empty when the text is not kept."""


def mention_answers(mentions: Iterable[Mention]) -> tuple[MentionAnswer, ...]:
    """Mentions, in the order in which they come up."""
    return tuple(
        MentionAnswer(mention.tool_id, mention.polarity, mention.label, mention.excerpt)
        for mention in mentions
    )
