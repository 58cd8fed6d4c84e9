"""Which tools a text mentions, and where.

All names of all tools are searched for at once (:mod:`sentiment_service.scoring.phrases`); the longest name
at a place wins, so ``Claude Code`` is no mention of Claude. A name that means nothing but the tool counts as
it is. An ambiguous one, such as ``cursor``, needs signs that the tool is meant
(:mod:`sentiment_service.scoring.signs`); what they say together is the find's confidence.

Time is linear in the length of the text.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from sentiment_service.scoring.mention_rules import MentionRules, rules_from_plain
from sentiment_service.scoring.names_table import NamesTable, Searched, searched
from sentiment_service.scoring.phrases import Words, lower, plain_words, words_of
from sentiment_service.scoring.signs import Misreadings, Place, SignReader
from sentiment_service.tools import Tool

MOST_OF_ONE_TOOL = 20
"""Places of one tool that are looked at in one text; the first of them tell what there is to tell."""

Frame = dict[str, object]
"""A catalogue with rules as plain dicts, lists, strings and numbers."""


class Find(NamedTuple):
    """A tool's name in a text."""

    tool_id: str
    start: int
    """Index of its first character in the text."""
    end: int
    """Index after its last character."""
    confidence: float
    """From 0 to 1."""


class MentionFinder:
    """Finds tools in texts.

    :param tools: those to search for; of a name that two of them have, the first has it.
    :param rules: what to go by.
    """

    def __init__(self, tools: Sequence[Tool | Searched], rules: MentionRules) -> None:
        wanted = [searched(tool) for tool in tools]
        self._names = NamesTable(wanted)
        self._signs = SignReader(wanted, rules)
        self._thresholds = {tool.id: tool.threshold for tool in wanted}

    def find(self, text: str, subreddit: str) -> list[Find]:
        """The mentions in a text, in the order of their places; none overlaps another.

        :param text: as :func:`~sentiment_service.scoring.clean.scorable_text` gives it; any string will do.
        """
        lowered = lower(text)
        if self._names.first_words.isdisjoint(plain_words(lowered)):
            return []
        words = words_of(text, lowered)
        misread = self._signs.misreadings(words)
        places = self._places(words, misread)
        sure = self._signs.confidences(words, places, misread, subreddit.lower())
        return [
            Find(place.name.tool_id, words.starts[place.first], words.ends[place.after - 1], value)
            for place, value in zip(places, sure, strict=True)
            if value >= self._thresholds[place.name.tool_id]
        ]

    def _places(self, words: Words, misread: Misreadings) -> list[Place]:
        places: list[Place] = []
        counts: Counter[str] = Counter()
        after = 0
        for first, word in enumerate(words.words):
            if first < after or word not in self._names.first_words:
                continue
            matches = self._names.at(words, first)
            found = next((match for match in matches if not misread.cover(match)), None)
            if found is not None and counts[found.value.tool_id] < MOST_OF_ONE_TOOL:
                counts[found.value.tool_id] += 1
                places.append(Place(found.value, found.first, found.after))
                after = found.after
        return places


def catalogue_frame(tools: Sequence[Tool], rules: MentionRules) -> Frame:
    """What :func:`finder_from_frame` makes a finder of; fit for ``marshal``."""
    return {"tools": [list(searched(tool)) for tool in tools], "rules": rules.plain()}


def finder_from_frame(frame: Mapping[str, object]) -> MentionFinder:
    """A finder from a :func:`catalogue_frame`."""
    tools = [Searched(*each) for each in cast("list[list[Any]]", frame["tools"])]
    return MentionFinder(tools, rules_from_plain(cast("dict[str, object]", frame["rules"])))
