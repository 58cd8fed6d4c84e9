"""All checks in order, each with a limit."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from sentiment_service.config import LoadedSettings
from sentiment_service.doctor.database import look_at_database
from sentiment_service.doctor.findings import Finding
from sentiment_service.doctor.language_model import look_at_language_model
from sentiment_service.doctor.machine import holder_of, look_at_disk
from sentiment_service.doctor.reddit import look_at_reddit
from sentiment_service.doctor.scoring import look_at_scoring
from sentiment_service.doctor.service import findings_on, health_of, look_at_port
from sentiment_service.settings import Settings

SCORING_S = 10.0
LLM_S = 21.0
REDDIT_S = 11.0
DEMO_S = 45.0
"""For the look-alike, which is a program that has to start first, however busy the machine is."""
DATABASE_S = 11.0
CLOSING_S = 4.0
"""Seconds a check that ran out of time gets to take down what it put up, before it is cut off."""


async def examine(loaded: LoadedSettings, *, demo: bool) -> AsyncIterator[Finding]:
    """Check everything; takes a few seconds when all is well.

    Half a minute at most, and longer where a language model or a look-alike has to be waited for.

    :param demo: whether the look-alike stands for Reddit.
    """
    settings = loaded.settings
    for finding in _settings(loaded):
        yield finding
    found, health = await look_at_port(settings)
    for finding in found:
        yield finding
    embedded = not settings.mongodb.uri.get_secret_value()
    if embedded:
        yield await asyncio.to_thread(look_at_disk, settings.storage.data_dir)
    holder = await asyncio.to_thread(holder_of, settings.storage.data_dir) if embedded else None
    if holder is not None:
        for finding in await _running(settings, holder, health):
            yield finding
    elif health is not None:
        yield findings_on(health)[0]
    for finding in await _limited("scoring", look_at_scoring(settings.scoring), SCORING_S):
        yield finding
    checks = [_limited("reddit", look_at_reddit(settings.reddit, demo=demo), DEMO_S if demo else REDDIT_S)]
    checks.append(_limited("llm", look_at_language_model(settings.llm), LLM_S))
    if holder is None:
        checks.insert(0, _limited("database", look_at_database(settings), DATABASE_S))
    for found in await asyncio.gather(*checks):
        for finding in found:
            yield finding


async def _running(settings: Settings, holder: int, health: Mapping[str, Any] | None) -> list[Finding]:
    """What can be told of a service that has the data folder, and with it the database."""
    if health is None or health["process"]["pid"] != holder:
        health = await health_of(holder) if holder else None
    if health is not None:
        return findings_on(health)
    seen = f"{settings.storage.data_dir} is in use by process {holder or 'unknown'}, which answers nothing"
    return [Finding("warning", "service", seen, "wait if it is starting, otherwise stop it")]


def _settings(loaded: LoadedSettings) -> list[Finding]:
    settings = loaded.settings
    origins = sorted(set(loaded.origins.values()) - {"default"})
    found = [Finding("ok", "settings", f"from {', '.join(origins)}" if origins else "all are the defaults")]
    if not settings.admin.token.get_secret_value():
        found.append(Finding("ok", "settings", "admin calls are switched off (admin.token is empty)"))
    if settings.server.host not in {"127.0.0.1", "::1", "localhost"}:
        seen = f"the API is open to whoever reaches {settings.server.host} (server.host), without TLS"
        found.append(Finding("warning", "settings", seen, "put a proxy with TLS before it"))
    return found


async def _limited(subject: str, findings: AsyncGenerator[Finding], limit_s: float) -> list[Finding]:
    """What a check finds within its time; running out of it is a finding too."""
    found: list[Finding] = []
    try:
        async with (
            asyncio.timeout(limit_s + CLOSING_S),
            asyncio.timeout(limit_s),
            aclosing(findings),
        ):
            async for finding in findings:
                found.append(finding)  # noqa: PERF401 - what is found before the limit counts
    except TimeoutError:
        advice = "try again when the machine is less busy; if it stays, look at what hangs there"
        found.append(Finding("problem", subject, f"the check took more than {limit_s:g} s", advice))
    return found
