"""Scoring texts on request, without storing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from sentiment_service.api.context import Context, Scorer
from sentiment_service.api.mentions import MentionAnswer, mention_answers
from sentiment_service.api.problems import Problem
from sentiment_service.api.routing import Routes
from sentiment_service.api.schema import Answer, Body
from sentiment_service.errors import ScoringError
from sentiment_service.models import Label
from sentiment_service.tools import Analysis, mentions_of

MAX_TEXTS = 100
MAX_TEXT_CHARACTERS = 40_000
BODY_LIMIT = 16 * 1024 * 1024
"""Bytes: room for as many and as long texts as are allowed, at four bytes a character in UTF-8."""
MAX_QUEUED_TEXTS = 2_000
"""Texts under way above which requests are turned away, so that collection is not starved."""

routes = Routes(tag="Sentiment")


class ScoreBody(Body):
    """Texts to score."""

    texts: list[Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]] = Field(
        max_length=MAX_TEXTS, examples=[["I love how fast this is", "It broke again, what a waste"]]
    )
    """Reddit markdown or plain text."""


@dataclass(frozen=True, slots=True)
class Score(Answer):
    """The score of one text."""

    polarity: float | None
    """From -1 (negative) to 1 (positive); null without a score."""
    subjectivity: float | None
    """From 0 (objective) to 1 (subjective)."""
    label: Label | None
    confidence: float | None
    """From 0 to 1: how sure the scorer is of the label."""
    scorer: str | None
    """``name@version``."""
    language: str | None
    """``en``, ``other``, or ``und`` when there is too little to tell; null where the scorer does not look."""
    mentions: tuple[MentionAnswer, ...]
    reason: Literal["no_text", "failed"] | None
    """Why there is no score: nothing but code, links or a placeholder, or the scorer failed on it."""


@dataclass(frozen=True, slots=True)
class ScoresAnswer(Answer):
    """One score for each text, in the order of the texts."""

    scores: tuple[Score, ...]


@routes.post(
    "/sentiment/score",
    summary="Score texts without storing them",
    errors=(429, 503),
    body_limit=BODY_LIMIT,
    per_minute=lambda server: server.score_per_minute,
)
async def score_texts(context: Context, body: ScoreBody) -> ScoresAnswer:
    """The scores that collected texts would get."""
    _turn_away_when_busy(context.scorer, body.texts)
    results = await context.scorer.score(body.texts) if body.texts else []
    targets = context.store.tools.known.targets()
    return ScoresAnswer(tuple(_score(result, context, targets) for result in results))


def _turn_away_when_busy(scorer: Scorer, texts: Sequence[str]) -> None:
    if scorer.queued + len(texts) > MAX_QUEUED_TEXTS:
        raise Problem(429, "Too many texts are waiting to be scored.", headers={"Retry-After": "2"})


def _score(result: Analysis | ScoringError | None, context: Context, targets: Mapping[str, str]) -> Score:
    if isinstance(result, Analysis):
        sentiment = result.sentiment
        mentions = mentions_of(result.parts, targets, context.settings.scoring.label_of)
        return Score(
            polarity=sentiment.polarity,
            subjectivity=sentiment.subjectivity,
            label=sentiment.label,
            confidence=sentiment.confidence,
            scorer=sentiment.scorer,
            language=result.language,
            mentions=mention_answers(mentions),
            reason=None,
        )
    reason: Literal["no_text", "failed"] = "no_text" if result is None else "failed"
    return Score(None, None, None, None, scorer=None, language=None, mentions=(), reason=reason)
