"""Reddit: whether it lets us in, and what a refusal means."""

import time
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from sentiment_service.doctor.database import clock
from sentiment_service.doctor.findings import Finding, Level
from sentiment_service.errors import SourceError, SourceErrorKind, StartupError
from sentiment_service.models import Listing
from sentiment_service.resources import open_reddit
from sentiment_service.settings import RedditSettings
from sentiment_service.sources.reddit import RedditSource

ATTEMPT_S = 3.0
DEADLINE_S = 4.0
CLOCK_S = 2.0
FEW_REQUESTS = 20
DEMO = ("--posts", "20", "--comments", "20", "--new-per-minute", "0")

APPROVAL = (
    "create a script app at https://www.reddit.com/prefs/apps and set reddit.client_id and "
    "reddit.client_secret; Reddit requires approval of API access beforehand (its Responsible Builder "
    "Policy); without any, try serve --demo"
)
ADVICE: dict[SourceErrorKind, str] = {
    "private": "take it out of reddit.subreddits, or wait until it opens again; the others are not affected",
    "banned": "take it out of reddit.subreddits; the others are not affected",
    "not_found": "check its spelling in reddit.subreddits; the others are not affected",
    "quarantined": "take it out of reddit.subreddits; the others are not affected",
    "unauthorized": "copy id and secret again from https://www.reddit.com/prefs/apps; if they are right, the "
    "app lacks Reddit's approval (Responsible Builder Policy) or was revoked",
    "rate_limited": "wait some minutes; if another program uses the same app, give each its own",
    "unavailable": "check this machine's network, proxy and firewall, and https://www.redditstatus.com",
    "timeout": "check this machine's network, proxy and firewall, and https://www.redditstatus.com",
    "bad_answer": "something between here and Reddit may answer instead of it (a proxy, a sign-in page); "
    "check reddit.oauth_url and reddit.reddit_url",
}
PASSING: frozenset[SourceErrorKind] = frozenset(
    {"private", "banned", "not_found", "quarantined", "rate_limited"}
)
"""What concerns one subreddit, or a while."""


async def look_at_reddit(settings: RedditSettings, *, demo: bool) -> AsyncGenerator[Finding]:
    """Get a token and one post; two or three requests.

    :param demo: look at the built-in look-alike instead.
    """
    if not demo and not settings.client_id.get_secret_value():
        yield Finding("problem", "reddit", "no credentials are set", APPROVAL)
        return
    quick = settings.model_copy(
        update={
            "request_timeout_seconds": min(ATTEMPT_S, settings.request_timeout_seconds),
            "request_deadline_seconds": min(DEADLINE_S, settings.request_deadline_seconds),
        }
    )
    try:
        async with open_reddit(quick, DEMO if demo else None) as source:
            yield await _listing(source, settings.subreddits, "the look-alike" if demo else "Reddit")
    except StartupError as error:
        yield Finding("problem", "reddit", str(error))
    if demo:
        return
    if settings.username == "unknown":
        advice = "set reddit.username to your account's name, as Reddit's rules for user agents ask"
        yield Finding("warning", "reddit", "the user agent names no account", advice)
    ahead_s = await _clock_ahead_s(settings.oauth_url)
    if ahead_s is not None:
        yield clock("Reddit", ahead_s)


async def _listing(source: RedditSource, subreddits: Sequence[str], who: str) -> Finding:
    name = subreddits[0]
    began = time.perf_counter()
    try:
        await source.listing([name], Listing.POSTS, limit=1)
    except SourceError as error:
        level: Level = "warning" if error.kind in PASSING else "problem"
        return Finding(level, "reddit", error.detail, ADVICE[error.kind])
    took_ms = (time.perf_counter() - began) * 1000
    left = source.usage.rate_limit_remaining
    seen = f"{who} gave a token and a post of r/{name} in {took_ms:.0f} ms"
    if left is None:
        return Finding("ok", "reddit", seen)
    seen += f", {left:.0f} requests are left in {source.usage.rate_limit_reset_s or 0:.0f} s"
    if left < FEW_REQUESTS:
        return Finding("warning", "reddit", seen, ADVICE["rate_limited"])
    return Finding("ok", "reddit", seen)


async def _clock_ahead_s(site: str) -> float | None:
    """How far the clock of a site is ahead of ours, to half a second; ``None`` when it does not say."""
    limit = aiohttp.ClientTimeout(total=CLOCK_S)
    asked = time.time()
    try:
        async with aiohttp.ClientSession(timeout=limit) as http, http.head(site) as answer:
            said = answer.headers.get("Date", "")
        theirs = parsedate_to_datetime(said).astimezone(UTC)
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None
    halfway = datetime.fromtimestamp((asked + time.time()) / 2, UTC)
    # The header is cut to whole seconds, so the truth is half a second later on average.
    return (theirs - halfway).total_seconds() + 0.5
