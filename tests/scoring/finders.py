"""A finder as the default settings make it, and how right it is on labelled sentences."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType

from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.mention_settings import rules_of
from sentiment_service.scoring.mentions import MentionFinder
from sentiment_service.settings import ToolsSettings
from sentiment_service.tool_seeds import tool_of
from sentiment_service.tools import Tool
from tests.scoring.mention_sentences import Sentence

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
SETTINGS = ToolsSettings()
RULES = rules_of(SETTINGS)
TOOLS: tuple[Tool, ...] = tuple(tool_of(seed, MADE_AT) for seed in SETTINGS.seeds)


def default_finder() -> MentionFinder:
    """What a new service searches with."""
    return MentionFinder(TOOLS, RULES)


def tools_in(finder: MentionFinder, text: str, subreddit: str = "programming") -> set[str]:
    """Ids of the tools that a Reddit text mentions."""
    return {find.tool_id for find in finder.find(scorable_text(text), subreddit)}


def counts(finder: MentionFinder, sentences: Sequence[Sentence]) -> dict[str, tuple[int, int, int]]:
    """By tool, mentions rightly found, wrongly found, and missed."""
    found: dict[str, list[int]] = {tool.id: [0, 0, 0] for tool in TOOLS}
    for sentence in sentences:
        got = tools_in(finder, sentence.text, sentence.subreddit)
        for tool in got | sentence.tools:
            found[tool][0 if tool in got & sentence.tools else 1 if tool in got else 2] += 1
    return {tool: (right, wrong, missed) for tool, (right, wrong, missed) in found.items()}


def rates(found: Sequence[tuple[int, int, int]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over counts of right, wrong and missed; 1 where there is nothing."""
    right, wrong, missed = (sum(each[index] for each in found) for index in range(3))
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def calls_made(finder: MentionFinder, text: str) -> int:
    """Calls that a search makes: a measure of work that no other program changes."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        finder.find(text, "programming")
    finally:
        sys.setprofile(before)
    return count
