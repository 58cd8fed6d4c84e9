"""What decides whether a name in a text is a mention of a tool, as plain values that can go to a process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Signs:
    """How much each sign says that an ambiguous name means the tool; the settings describe each."""

    alone: float = 0.2
    home_subreddit: float = 0.45
    related_subreddit: float = 0.3
    clear_mention: float = 0.25
    company: float = 0.15
    listed: float = 0.25
    context_word: float = 0.15
    capital: float = 0.15
    version: float = 0.35
    article: float = 0.2
    misleading: float = 0.6


@dataclass(frozen=True, slots=True)
class MentionRules:
    """How texts are searched for tools. Names, words and subreddits are compared in lower case."""

    context_words: tuple[str, ...] = ()
    context_distance: int = 12
    """Words on either side that count as near."""
    signs: Signs = field(default_factory=Signs)
    alone: Mapping[str, float] = field(default_factory=dict)
    """By name, what it says by itself where that is not ``signs.alone``."""
    misleading: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By name, words near it, or phrases around it, that say that something else is meant."""
    related_subreddits: tuple[str, ...] = ()
    """Where tools are talked about, besides their home subreddits."""

    def plain(self) -> dict[str, object]:
        """As dicts, lists, strings and numbers; :func:`rules_from_plain` reads them back."""
        return {
            "context_words": list(self.context_words),
            "context_distance": self.context_distance,
            "signs": {each.name: getattr(self.signs, each.name) for each in fields(Signs)},
            "alone": dict(self.alone),
            "misleading": {name: list(words) for name, words in self.misleading.items()},
            "related_subreddits": list(self.related_subreddits),
        }


def rules_from_plain(plain: Mapping[str, object]) -> MentionRules:
    """What :meth:`MentionRules.plain` gave."""
    values = cast("dict[str, Any]", plain)
    return MentionRules(
        context_words=tuple(values["context_words"]),
        context_distance=values["context_distance"],
        signs=Signs(**values["signs"]),
        alone=values["alone"],
        misleading=values["misleading"],
        related_subreddits=tuple(values["related_subreddits"]),
    )
