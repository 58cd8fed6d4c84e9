"""The language model, when one is to be asked: whether it answers, and in the form that is needed."""

import asyncio
import time
from collections.abc import AsyncGenerator

from sentiment_service.doctor.findings import Finding
from sentiment_service.models import Label
from sentiment_service.scoring.llm_endpoint import ChatEndpoint, EndpointError, Failure
from sentiment_service.scoring.llm_prompt import request_body, verdicts_of
from sentiment_service.settings import LlmSettings

SENTENCE = "This is a wonderful tool, I love it."
ANSWER_S = 20.0
"""Seconds it gets at most, for one sentence."""
KEPT = "texts keep the score of scoring.scorer until it does"
ADVICE: dict[Failure, str] = {
    "timeout": f"check that the model is loaded, or raise llm.timeout_seconds; {KEPT}",
    "unreachable": f"check llm.base_url and that the program behind it runs; {KEPT}",
    "rate_limited": f"wait, or lower llm.max_concurrent_requests; {KEPT}",
    "server_error": f"look at the log of the program behind llm.base_url; {KEPT}",
    "refused": f"check llm.model, llm.api_key and llm.base_url; {KEPT}",
    "bad_answer": f"use a model that keeps to a JSON schema; {KEPT}",
}


async def look_at_language_model(settings: LlmSettings) -> AsyncGenerator[Finding]:
    """Ask about one sentence of our own, if a model is to be asked at all."""
    if not settings.enabled:
        return
    endpoint = ChatEndpoint(settings)
    try:
        yield await _asked(endpoint, settings)
    finally:
        await endpoint.close()


async def _asked(endpoint: ChatEndpoint, settings: LlmSettings) -> Finding:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(min(ANSWER_S, settings.timeout_seconds)):
            answer = await endpoint.complete(request_body(settings.model, [SENTENCE]))
        (verdict,) = verdicts_of(answer, 1)
    except TimeoutError:
        return _warning("it did not answer in time", "timeout")
    except EndpointError as error:
        return _warning(str(error), error.failure)
    except ValueError:
        return _warning("its answer is not what was asked for", "bad_answer")
    if verdict is None:
        return _warning("its answer has no verdict that can be believed", "bad_answer")
    took_s = time.perf_counter() - began
    seen = f"{settings.model} calls '{SENTENCE}' {verdict.label.value}, in {took_s:.1f} s"
    if verdict.label is not Label.POSITIVE:
        return Finding("warning", "llm", seen, "use a model that is better at this")
    return Finding("ok", "llm", seen)


def _warning(seen: str, failure: Failure) -> Finding:
    return Finding("warning", "llm", seen, ADVICE[failure])
