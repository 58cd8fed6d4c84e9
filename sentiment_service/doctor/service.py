"""A service that runs already: what it says of itself."""

import asyncio
import errno
from collections.abc import Mapping
from typing import Any

import aiohttp

from sentiment_service.doctor.findings import Finding, Level
from sentiment_service.doctor.machine import address, addresses_of, port_is_free
from sentiment_service.settings import Settings

ASK_S = 3.0
HEALTH = "/api/v1/health"


async def health_at(site: str) -> Mapping[str, Any] | None:
    """What a service answers about its health; ``None`` when no service of ours answers there."""
    limit = aiohttp.ClientTimeout(total=ASK_S)
    try:
        async with aiohttp.ClientSession(timeout=limit) as http, http.get(site + HEALTH) as answer:
            body = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None
    ours = isinstance(body, dict) and {"status", "version", "process", "database"} <= body.keys()
    return body if ours else None


async def look_at_port(settings: Settings) -> tuple[list[Finding], Mapping[str, Any] | None]:
    """Whether the port can be had; when a service of ours has it, its health too."""
    host, port = settings.server.host, settings.server.port
    error = await asyncio.to_thread(port_is_free, settings.server)
    where = f"{host} port {port} (server.host, server.port)"
    if error is None:
        free = "a free port is taken at each start" if port == 0 else f"{where} is free"
        return [Finding("ok", "port", free)], None
    if error.errno != errno.EADDRINUSE:
        seen = f"{where} cannot be listened on, {error.strerror}"
        return [Finding("problem", "port", seen, "set server.host and server.port to others")], None
    health = await health_at(address(host, port))
    if health is None:
        advice = "set server.port to another, or stop that program"
        return [Finding("problem", "port", f"{where} is taken by another program", advice)], None
    return [Finding("ok", "port", f"{where} is taken by a running sentiment_service")], health


async def health_of(pid: int) -> Mapping[str, Any] | None:
    """The health of the service that is this process, wherever it listens."""
    for site in await asyncio.to_thread(addresses_of, pid):
        health = await health_at(site)
        if health is not None:
            return health
    return None


def findings_on(health: Mapping[str, Any]) -> list[Finding]:
    """What a running service says of itself."""
    pid, version = health["process"]["pid"], health["version"]
    status = health["status"]
    levels: dict[str, Level] = {"healthy": "ok", "degraded": "warning"}
    found = [
        Finding(
            levels.get(status, "problem"),
            "service",
            f"sentiment_service {version} runs as process {pid} and is {status}",
            "" if status == "healthy" else "see what it logs",
        )
    ]
    database, reddit, scoring = health["database"], health.get("reddit", {}), health.get("scoring", {})
    if database["connected"]:
        found.append(Finding("ok", "database", f"the service reads it in {database['latency_ms']} ms"))
    else:
        found.append(
            Finding(
                "problem", "database", "the service does not reach it", "check mongodb.uri and the server"
            )
        )
    if reddit.get("ok") is False:
        found.append(
            Finding("warning", "reddit", "the service's last request failed", "see last_error in /subreddits")
        )
    if not scoring.get("worker_alive", True):
        found.append(Finding("problem", "scoring", "the service's scoring worker does not run", "restart it"))
    return found
