"""From one text to everything that is read from it: its score, and what it says of the tools it names."""

from collections.abc import Mapping

from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.frames import PartTuple, ScoreTuple
from sentiment_service.scoring.mention_sentiment import mention_parts
from sentiment_service.scoring.mentions import MentionFinder, finder_from_frame
from sentiment_service.scoring.scorer import Scorer
from sentiment_service.tools import LabelOf


class Analyst:
    """Reads texts one after the other.

    :param scorer: what gives the scores.
    :param label_of: the label of a polarity.
    """

    def __init__(self, scorer: Scorer, label_of: LabelOf) -> None:
        self._scorer = scorer
        self._label_of = label_of
        self._finder: MentionFinder | None = None

    def look_for(self, tools: Mapping[str, object]) -> None:
        """Look for these tools from now on.

        :param tools: what :func:`~sentiment_service.scoring.mentions.catalogue_frame` made.
        """
        self._finder = finder_from_frame(tools)

    def analyse(self, markdown: str, subreddit: str | None) -> ScoreTuple | None:
        """Read one text of raw Reddit markdown; ``None`` when there is nothing in it to score.

        :param subreddit: where it was written, as far as known.
        """
        text = scorable_text(markdown)
        if not text:
            return None
        score = self._scorer.score(text)
        return (
            score.polarity,
            score.subjectivity,
            str(score.label),
            score.confidence,
            score.language,
            self._parts(text, subreddit or ""),
        )

    def _parts(self, text: str, subreddit: str) -> list[PartTuple]:
        if self._finder is None:
            return []
        finds = self._finder.find(text, subreddit)
        if not finds:
            return []
        parts = mention_parts(text, finds, self._scorer, self._label_of)
        return [(part.tool_id, part.polarity, str(part.label), part.excerpt) for part in parts]
