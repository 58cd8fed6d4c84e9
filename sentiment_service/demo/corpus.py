"""Files of recorded things: newline-delimited JSON, plain or ``.gz``, in two shapes.

- ``{"kind": "t3" | "t1", "data": {…}}``: a thing as Reddit's API sent it, served with its whole data.
- ``{"subreddit", "title", "url", "id", "date", "score"}``: a post known by its headline; it gets an empty
  text, a time within its date and, where ``id`` is null, a made-up id, the same every time.
"""

import gzip
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from sentiment_service.demo.dice import Dice, base36, key_of
from sentiment_service.demo.events import DAY_S
from sentiment_service.demo.things import Comment, Post, Words
from sentiment_service.demo.world import World
from sentiment_service.errors import StartupError


def load_corpus(world: World, files: Iterable[Path], *, newest_at: float | None) -> None:
    """Fill a world from files.

    :param newest_at: Unix seconds to which all times are shifted so that the newest thing is from then;
        ``None`` keeps them.
    :raises StartupError: when a file cannot be read, naming file and line.
    """
    things: dict[str, Post | Comment] = {}
    for file in files:
        for number, row in _rows(file):
            try:
                thing = _thing(world, row, things)
            except (KeyError, TypeError, ValueError) as error:
                raise StartupError(f"{file}, line {number}: not a thing this can serve: {error!r}") from error
            things.setdefault(thing.fullname, thing)
    in_order = sorted(things.values(), key=_created)
    _shift(in_order, newest_at)
    for thing in in_order:
        if isinstance(thing, Comment) and thing.raw is not None:
            world.hang(thing, things)
        world.include(thing)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    row = orjson.loads(line)
                    if not isinstance(row, dict):
                        raise StartupError(f"{file}, line {number}: not a JSON object")
                    yield number, row
    except orjson.JSONDecodeError as error:
        raise StartupError(f"{file}: a line is no JSON: {error}") from error
    except (OSError, EOFError) as error:
        raise StartupError(f"{file} cannot be read: {error}") from error


def _thing(world: World, row: dict[str, Any], taken: Container[str]) -> Post | Comment:
    if "kind" in row:
        return _recorded(world, row)
    return _headline(world, row, taken)


def _recorded(world: World, row: dict[str, Any]) -> Post | Comment:
    data = row["data"]
    kind, thing_id = str(row["kind"]), str(data["id"])
    community = world.open_community(
        str(data["subreddit"]), subscribers=int(data.get("subreddit_subscribers") or 1000)
    )
    created = float(data["created_utc"])
    if kind == "t3":
        return Post(thing_id, created, community, key_of(kind, thing_id), raw=data)
    if kind == "t1":
        return Comment(thing_id, created, community, key_of(kind, thing_id), raw=data)
    raise ValueError(f"kind {kind!r} is neither t3 nor t1")


def _headline(world: World, row: dict[str, Any], taken: Container[str]) -> Post:
    name, title, url = str(row["subreddit"]), str(row["title"]), str(row["url"])
    key = key_of("headline", name, title, url, row["date"])
    thing_id = row.get("id")
    if not thing_id or f"/r/{name}/comments/" not in url or f"t3_{thing_id}" in taken:
        thing_id = base36(36**6 + key % (30 * 36**6))
    day = datetime.combine(date.fromisoformat(str(row["date"])), datetime.min.time(), UTC)
    created = float(int(day.timestamp() + Dice(key).unit() * DAY_S))
    link = None if f"/comments/{thing_id}/" in url else url
    words = Words(title, "", f"poster_{key % 5000}", None, link, int(row["score"]))
    return Post(str(thing_id), created, world.open_community(name), key, words=words)


def _shift(things: Sequence[Post | Comment], newest_at: float | None) -> None:
    if newest_at is None or not things:
        return
    shift = int(newest_at) - max(thing.created for thing in things)
    for thing in things:
        thing.created += shift
        if thing.raw is not None:
            later = {
                field: thing.raw[field] + shift
                for field in ("created_utc", "created", "edited")
                if isinstance(thing.raw.get(field), int | float) and not isinstance(thing.raw[field], bool)
            }
            thing.raw = {**thing.raw, **later}


def _created(thing: Post | Comment) -> float:
    return thing.created
