"""The command line of the look-alike: ``demo-reddit --port P …``."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sentiment_service.demo.faults import MEANINGS, Fault, parse_fault
from sentiment_service.demo.lookalike import LookalikeOptions
from sentiment_service.settings import DEFAULT_SUBREDDITS

_USUAL = LookalikeOptions()

_EPILOG = """\
examples:
  demo-reddit --port 8010
  demo-reddit --port 8010 --corpus things.ndjson.gz --corpus more.ndjson --keep-times
  demo-reddit --port 8010 --latency-ms 150 --fault 503:every=20 --fault hang:next=1,path=/comments
  curl -X POST localhost:8010/_control/faults -d '{{"fault": "429:next=5", "latency_ms": 300}}'

Use the printed address as both reddit.reddit_url and reddit.oauth_url; any client id and secret are good
unless --client-id is given.

faults, each KIND[:next=N][,every=N][,path=TEXT][,seconds=S]; next: it hits so many requests and is over,
every: it hits each so many-th, path: only requests whose path and query contain the text; without any it
hits all. KIND is one of
{kinds}

control calls, from this machine only: GET /_control/stats; GET, POST, DELETE /_control/faults;
POST /_control/subreddits {{"name", "access"}}; POST /_control/things {{"fullname", "ending" | "edit"}};
POST /_control/tokens/revoke
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the look-alike's options to a parser; :func:`options_from` reads them."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG.format(kinds="\n".join(f"  {kind:<12}{text}" for kind, text in MEANINGS.items()))
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=_whole(0, 65535),
        default=0,
        metavar="P",
        help="port to listen on; 0 takes a free one (default)",
    )
    _add_content(parser.add_argument_group("content"))
    _add_access(parser.add_argument_group("who gets what"))
    _add_trouble(parser.add_argument_group("trouble"))


def options_from(arguments: argparse.Namespace) -> LookalikeOptions:
    """The options that were given on the command line."""
    usual = {name.lower() for name in DEFAULT_SUBREDDITS}
    extra = tuple(name for name in arguments.subreddit if name.lower() not in usual)
    return LookalikeOptions(
        seed=arguments.seed,
        subreddits=DEFAULT_SUBREDDITS + extra,
        posts=arguments.posts,
        comments=arguments.comments,
        new_per_minute=arguments.new_per_minute,
        epoch=arguments.epoch,
        corpus=tuple(arguments.corpus),
        keep_times=arguments.keep_times,
        depth=arguments.depth,
        private=tuple(arguments.private),
        banned=tuple(arguments.banned),
        quarantined=tuple(arguments.quarantined),
        rate_limit=arguments.rate_limit,
        rate_window_s=arguments.rate_window,
        rate_retry_after=arguments.rate_retry_after,
        client_id=arguments.client_id,
        client_secret=arguments.client_secret,
        token_lifetime_s=arguments.token_lifetime,
        latency_ms=arguments.latency_ms,
        jitter_ms=arguments.jitter_ms,
        faults=tuple(arguments.fault),
    )


def _add_content(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--corpus",
        action="append",
        default=[],
        type=_file,
        metavar="F",
        help="serve the things of this file instead of invented ones: one JSON object a line, plain or .gz, "
        "either Reddit's kind and data, or subreddit, title, url, id, date and score; may be repeated",
    )
    group.add_argument(
        "--keep-times",
        action="store_true",
        help="keep a corpus's times; without it they are shifted so that the newest thing is from now",
    )
    group.add_argument(
        "--seed",
        type=int,
        default=_USUAL.seed,
        metavar="N",
        help="seed of the invented content (default: %(default)s)",
    )
    group.add_argument(
        "--subreddit",
        action="append",
        default=[],
        type=_name,
        metavar="NAME",
        help="another subreddit with invented content, besides the 14 watched by default; may be repeated",
    )
    group.add_argument(
        "--posts",
        type=_whole(0, 100_000),
        default=_USUAL.posts,
        metavar="N",
        help="posts in each subreddit's 30 days of history (default: %(default)s)",
    )
    group.add_argument(
        "--comments",
        type=_whole(0, 100_000),
        default=_USUAL.comments,
        metavar="N",
        help="comments in each subreddit's 30 days of history (default: %(default)s)",
    )
    group.add_argument(
        "--new-per-minute",
        type=_number(0, 60_000),
        default=_USUAL.new_per_minute,
        metavar="X",
        help="new posts and comments a minute in all subreddits together, 0 for none (default: %(default)s)",
    )
    group.add_argument(
        "--epoch",
        type=_moment,
        metavar="TIME",
        help="when the history ends and new things begin to arrive, such as 2026-11-23T12:00:00Z; the same "
        "seed and epoch give the same world at every start (default: now)",
    )
    group.add_argument(
        "--depth",
        type=_whole(1, 1_000_000),
        default=_USUAL.depth,
        metavar="N",
        help="things after which a listing ends (default: %(default)s, as on Reddit)",
    )


def _add_access(group: "argparse._ArgumentGroup") -> None:
    for name, meaning in (
        ("private", "answers 403 with the reason private"),
        ("banned", "answers 404 with the reason banned"),
        ("quarantined", "answers 403 with the reason quarantined"),
    ):
        group.add_argument(
            f"--{name}",
            action="append",
            default=[],
            type=_name,
            metavar="NAME",
            help=f"a subreddit that {meaning}, and is left out of joined listings; may be repeated",
        )
    group.add_argument(
        "--rate-limit",
        type=_whole(1, 100_000_000),
        default=_USUAL.rate_limit,
        metavar="N",
        help="requests a client may make in one window (default: %(default)s, as on Reddit)",
    )
    group.add_argument(
        "--rate-window",
        type=_whole(1, 86_400),
        default=_USUAL.rate_window_s,
        metavar="SECONDS",
        help="length of a window (default: %(default)s, as on Reddit)",
    )
    group.add_argument(
        "--rate-retry-after", action="store_true", help="send Retry-After with the 429 of a spent rate limit"
    )
    group.add_argument(
        "--client-id", default="", metavar="ID", help="the only client id that gets a token (default: any)"
    )
    group.add_argument(
        "--client-secret", default="", metavar="S", help="the only secret that is good (default: any)"
    )
    group.add_argument(
        "--token-lifetime",
        type=_whole(1, 10_000_000),
        default=_USUAL.token_lifetime_s,
        metavar="SECONDS",
        help="how long a token is good (default: %(default)s)",
    )


def _add_trouble(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--latency-ms",
        type=_number(0, 600_000),
        default=0.0,
        metavar="N",
        help="milliseconds every answer takes at least (default: 0)",
    )
    group.add_argument(
        "--jitter-ms",
        type=_number(0, 600_000),
        default=0.0,
        metavar="N",
        help="milliseconds added at random, up to this (default: 0)",
    )
    group.add_argument(
        "--fault",
        action="append",
        default=[],
        type=_fault,
        metavar="FAULT",
        help="something that goes wrong, see below; may be repeated, the first that matches hits",
    )


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        if not re.fullmatch(r"-?\d{1,12}", written) or not least <= int(written) <= most:
            raise argparse.ArgumentTypeError(f"{written!r} is not a whole number from {least} to {most}")
        return int(written)

    return read


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(written: str) -> float:
        if not re.fullmatch(r"-?\d{1,12}(\.\d+)?", written) or not least <= float(written) <= most:
            raise argparse.ArgumentTypeError(f"{written!r} is not a number from {least} to {most}")
        return float(written)

    return read


def _name(written: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]{1,20}", written):
        raise argparse.ArgumentTypeError(
            f"{written!r} is not a subreddit's name: 2 to 21 letters, digits, underscores"
        )
    return written


def _file(written: str) -> Path:
    path = Path(written)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {written!r}")
    return path


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{written!r} is not a time in ISO 8601") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _fault(written: str) -> Fault:
    try:
        return parse_fault(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
