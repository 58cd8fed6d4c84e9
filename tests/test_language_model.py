"""The service with a language model: it scores what is collected and what is asked for, within its budget."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.resources import open_scorer
from sentiment_service.scoring.llm import LlmScorer
from sentiment_service.scoring.worker import ScoringWorker
from sentiment_service.settings import LlmSettings, ScoringSettings
from tests.api.test_metrics import COUNTS_OF_NOW, UNITS, parsed
from tests.plugins.lookalike import StartLookalike
from tests.scoring.language_model import LanguageModel
from tests.serving import Served, environment, serving

BUDGET = 40
KEY = "key-of-the-language-model"


@pytest.fixture
async def model() -> AsyncIterator[LanguageModel]:
    """A language model that agrees."""
    made = LanguageModel()
    await made.server.start_server()
    yield made
    await made.server.close()


async def figures_of(service: Served) -> tuple[dict[str, float], str]:
    """The figures about the language model by name and reason, and all of ``/metrics``."""
    async with service.http.get(f"{service.url}/metrics") as response:
        text = await response.text()
    found = parsed(text)
    assert all(name.endswith(UNITS) or name in COUNTS_OF_NOW | {"llm_budget_left_texts"} for name, _ in found)
    return {
        " ".join([name, *(value for _, value in labels)]): count
        for (name, labels), count in found.items()
        if name.startswith("llm_")
    }, text


async def test_it_scores_collected_and_given_texts_until_its_budget_is_spent(
    tmp_path: Path, lookalike: StartLookalike, model: LanguageModel
) -> None:
    reddit = await lookalike(LookalikeOptions(posts=40, comments=60, new_per_minute=0))
    env = environment(
        reddit__subreddits="Cursor",
        reddit__oauth_url=reddit.url,
        reddit__reddit_url=reddit.url,
        reddit__client_id="id",
        reddit__client_secret="secret",
        schedule__collect_on_start_seconds=0.1,
        storage__data_dir=tmp_path / "data",
        server__port=0,
        llm__enabled="true",
        llm__base_url=model.url,
        llm__model="tiny",
        llm__api_key=KEY,
        llm__mode="all",
        llm__texts_per_day=BUDGET,
    )
    async with serving("serve", env=env, cwd=tmp_path) as service:
        cycle = await service.settled()
        assert cycle["status"] == "completed"
        status, trends = await service.get("sentiment/trends?hours=2160&granularity=weekly")
        assert status == 200
        scorers = {name for bucket in trends["trend_data"] for name in bucket["scorers"]}
        assert "llm:tiny@1" in scorers
        assert len(scorers) == 2
        figures, text = await figures_of(service)
        assert figures["llm_texts_total"] == len(model.texts) == BUDGET
        assert figures["llm_fallbacks_total budget"] == trends["statistics"]["total"] - BUDGET > 0
        assert figures["llm_fallbacks_total timeout"] == figures["llm_budget_left_texts"] == 0
        assert figures["llm_requests_total"] == len(model.requests)
        assert KEY not in text
        assert model.url not in text
        _, answer = await service.post("sentiment/score", json={"texts": ["I love this", "> quoted"]})
        loved, nothing = answer["scores"]
        assert (loved["label"], loved["scorer"] in scorers - {"llm:tiny@1"}) == ("positive", True)
        assert nothing["reason"] == "no_text"
        again, _ = await figures_of(service)
        assert again["llm_fallbacks_total budget"] == figures["llm_fallbacks_total budget"] + 1
        assert await service.stop() == 0
    assert KEY not in service.log.read_text()


async def test_a_language_model_is_asked_only_where_one_is_enabled() -> None:
    worker = ScoringWorker(ScoringSettings())
    async with open_scorer(LlmSettings(), worker) as scorer:
        assert scorer is worker
    async with open_scorer(LlmSettings(enabled=True, model="tiny"), worker) as scorer:
        assert isinstance(scorer, LlmScorer)
    await worker.close()
