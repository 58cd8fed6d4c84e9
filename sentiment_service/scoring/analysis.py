"""From one text to everything that is read from it: its score, and what it says of the tools it names."""

import re
from typing import Any, cast

from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.frames import PartTuple, ScoreTuple
from sentiment_service.scoring.scorer import Score, Scorer
from sentiment_service.tools import Catalogue

EXCERPT_CHARACTERS = 200


def catalogue_frame(catalogue: Catalogue) -> object:
    """What the scoring process needs to know of the tools."""
    return [(tool.id, [tool.name, *tool.aliases]) for tool in catalogue.found]


class Analyst:
    """Reads texts one after the other.

    :param scorer: what gives the scores.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def look_for(self, tools: object) -> None:
        """Look for these tools from now on.

        :param tools: what :func:`catalogue_frame` made.
        """
        self._names = {
            name.lower(): tool_id
            for tool_id, names in cast("list[tuple[str, list[str]]]", tools)
            for name in names
        }
        names = sorted(self._names, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
            if names
            else None
        )

    def analyse(self, markdown: str, subreddit: str | None) -> ScoreTuple | None:
        """Read one text of raw Reddit markdown; ``None`` when there is nothing in it to score.

        :param subreddit: where it was written, as far as known.
        """
        text = scorable_text(markdown)
        if not text:
            return None
        score = self._scorer.score(text)
        language = cast("str | None", getattr(cast("Any", score), "language", None))
        return (
            score.polarity,
            score.subjectivity,
            str(score.label),
            score.confidence,
            language,
            self._parts(text, score),
        )

    def _parts(self, text: str, score: Score) -> list[PartTuple]:
        if self._pattern is None:
            return []
        found = dict.fromkeys(self._names[match[0].lower()] for match in self._pattern.finditer(text))
        return [
            (tool_id, score.polarity, str(score.label), text[:EXCERPT_CHARACTERS].strip())
            for tool_id in found
        ]
