"""The rules of the search for tools, from the settings."""

from dataclasses import fields

from sentiment_service.scoring.mention_rules import MentionRules, Signs
from sentiment_service.settings import ToolsSettings


def rules_of(settings: ToolsSettings) -> MentionRules:
    """What the settings say, as plain values."""
    return MentionRules(
        context_words=settings.context_words,
        context_distance=settings.context_distance,
        signs=Signs(**{each.name: getattr(settings.evidence, each.name) for each in fields(Signs)}),
        alone=settings.alone,
        misleading=settings.misleading,
        related_subreddits=settings.related_subreddits,
    )
