"""What the look-alike lists, read by a client of its own, and its controls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp

from tests.serving import Served

Kind = Literal["posts", "comments"]

_PATHS: dict[Kind, str] = {"posts": "new", "comments": "comments"}
_GONE = frozenset({"[deleted]", "[deleted by user]", "[removed]", "[ Removed by Reddit ]"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing that a listing shows."""

    fullname: str
    subreddit: str
    """In lower case."""
    kind: Kind
    created_at: datetime


async def listed(reddit: Served, subreddits: tuple[str, ...]) -> dict[str, Listed]:
    """Everything the listings of these subreddits show, by fullname, without placeholders of what is gone."""
    grant = {"grant_type": "client_credentials"}
    login = {"Authorization": aiohttp.BasicAuth("recount", "secret").encode()}
    async with reddit.http.post(f"{reddit.url}/api/v1/access_token", data=grant, headers=login) as answer:
        token = (await answer.json())["access_token"]
    found: dict[str, Listed] = {}
    for name in subreddits:
        for kind in _PATHS:
            found |= await _listing(reddit, name, kind, {"Authorization": f"bearer {token}"})
    return found


async def _listing(reddit: Served, name: str, kind: Kind, headers: Mapping[str, str]) -> dict[str, Listed]:
    found: dict[str, Listed] = {}
    after = ""
    while True:
        query = {"limit": "100"} | ({"after": after} if after else {})
        where = f"{reddit.url}/r/{name}/{_PATHS[kind]}"
        async with reddit.http.get(where, params=query, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            page = (await answer.json())["data"]
        for thing in (child["data"] for child in page["children"]):
            if not _is_gone(thing):
                created = datetime.fromtimestamp(thing["created_utc"], UTC)
                found[thing["name"]] = Listed(thing["name"], name.lower(), kind, created)
        after = page["after"]
        if not after:
            return found


def _is_gone(thing: Mapping[str, Any]) -> bool:
    text = str(thing.get("selftext", thing.get("body", ""))).strip()
    written = {text, str(thing.get("title", "")).strip()}
    return bool(written & _GONE) or (thing["author"] == "[deleted]" and not text)


async def strike(reddit: Served, fault: str) -> None:
    """Put a fault of the look-alike in force."""
    async with reddit.http.post(f"{reddit.url}/_control/faults", json={"fault": fault}) as answer:
        assert answer.status == 200, await answer.text()


async def heal(reddit: Served) -> None:
    """End all faults of the look-alike."""
    async with reddit.http.delete(f"{reddit.url}/_control/faults") as answer:
        assert answer.status == 200


async def delete(reddit: Served, fullname: str) -> None:
    """Let its author delete a post or comment."""
    change = {"fullname": fullname, "ending": "DELETED"}
    async with reddit.http.post(f"{reddit.url}/_control/things", json=change) as answer:
        assert answer.status == 200, await answer.text()


async def revoke_tokens(reddit: Served) -> None:
    """Make every token bad, as if all had expired."""
    async with reddit.http.post(f"{reddit.url}/_control/tokens/revoke") as answer:
        assert answer.status == 200


async def requests(reddit: Served) -> int:
    """Requests that came in so far."""
    async with reddit.http.get(f"{reddit.url}/_control/stats") as answer:
        return int((await answer.json())["requests"])
