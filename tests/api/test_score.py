"""Scoring texts on request."""

import io
import json
from dataclasses import replace
from datetime import datetime

from sentiment_service.api.context import Context
from sentiment_service.api.score import MAX_QUEUED_TEXTS
from sentiment_service.errors import ScoringError
from sentiment_service.models import Label, Sentiment
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.tools import Analysis, Catalogue, MentionPart
from tests.api.conftest import Client, MakeClient, Scores
from tests.store.test_tools import tool

PATH = "/api/v1/sentiment/score"


async def test_each_text_gets_its_score_or_the_reason_why_not(
    offline: Client, away: Context, now: datetime
) -> None:
    assert isinstance(away.scorer, Scores)
    away.store.tools._catalogue = Catalogue(1, (tool("Cursor"),))
    away.scorer.results = [
        Analysis(
            Sentiment(Label.NEGATIVE, -0.4, 0.6, 0.8, "textblob@0", now),
            (MentionPart("cursor", -0.5, Label.NEGATIVE, "so bad"),),
            "en",
        ),
        None,
        ScoringError("it hangs"),
    ]
    async with offline.post(PATH, json={"texts": ["bad", "`code`", "poison"]}) as response:
        assert response.status == 200
        scores = (await response.json())["scores"]
    assert scores[0] == {
        "polarity": -0.4,
        "subjectivity": 0.6,
        "label": "negative",
        "confidence": 0.8,
        "scorer": "textblob@0",
        "mentions": [
            {"tool_id": "cursor", "polarity": -0.5, "label": "negative", "excerpt": "so bad"},
        ],
        "language": "en",
        "reason": None,
    }
    missing = ("polarity", "subjectivity", "label", "confidence", "scorer", "language")
    nothing = dict.fromkeys(missing) | {"mentions": []}
    assert scores[1:] == [nothing | {"reason": "no_text"}, nothing | {"reason": "failed"}]
    assert away.scorer.asked == ["bad", "`code`", "poison"]


async def test_no_texts_get_no_scores(offline: Client, away: Context) -> None:
    async with offline.post(PATH, json={"texts": []}) as response:
        assert await response.json() == {"scores": []}


async def test_texts_at_the_limits_are_accepted(offline: Client, away: Context) -> None:
    assert isinstance(away.scorer, Scores)
    away.scorer.results = [None] * 100
    body = io.BytesIO(json.dumps({"texts": ["ü" * 40_000] * 100}, ensure_ascii=False).encode())
    async with offline.post(PATH, data=body) as response:
        assert response.status == 200
        assert len((await response.json())["scores"]) == 100
    assert away.scorer.asked[99] == "ü" * 40_000


async def test_too_many_waiting_texts_turn_requests_away(offline: Client, away: Context) -> None:
    assert isinstance(away.scorer, Scores)
    away.scorer.queued = MAX_QUEUED_TEXTS
    async with offline.post(PATH, json={"texts": ["x"]}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "2")
    assert away.scorer.asked == []


async def test_real_texts_get_real_scores(away: Context, make_client: MakeClient) -> None:
    worker = ScoringWorker(away.settings.scoring)
    client = await make_client(replace(away, scorer=worker))
    try:
        async with client.post(PATH, json={"texts": ["This is great", "", "This is terrible"]}) as response:
            scores = (await response.json())["scores"]
    finally:
        await worker.close()
    assert [score["label"] for score in scores] == ["positive", None, "negative"]
    assert scores[1]["reason"] == "no_text"
