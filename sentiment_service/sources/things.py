"""From one raw Reddit *thing*, ``{"kind": "t3", "data": {…}}``, to a post or comment.

A thing that cannot be used becomes a ``SetAside`` with its id and the class of its error; it never spoils
the page it came on. Unknown fields are ignored. Texts are kept byte for byte: requests ask with
``raw_json=1``, so nothing is escaped. The one exception is half a surrogate pair, which no UTF-8 text can
hold: it becomes U+FFFD.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sentiment_service.models import Comment, Item, Page, Post, SetAside, utc_now

HOME = "https://www.reddit.com"
UNKNOWN = "unknown"
"""Stands for the fullname of a thing without a usable one."""

_EARLIEST = datetime(2005, 6, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(days=1)
_LARGEST_COUNT = 2**53
_FULLNAME = re.compile(r"t[13]_[0-9a-z]{1,20}")

Spelling = Mapping[str, str]
"""Names of watched subreddits as the settings spell them, by the name in lower case."""


class MalformedThingError(ValueError):
    """A thing lacks a field, or a field holds what it must not.

    :param error: the class of the error: ``MissingField``, ``WrongType``, ``OutOfRange`` or ``UnknownKind``.
    """

    def __init__(self, error: str, detail: str) -> None:
        self.error = error
        super().__init__(detail)


class ThingReader:
    """Turns raw things into items.

    :param subreddits: watched subreddits as the settings spell them; other names stay as Reddit spells them.
    :param now: the clock that tells an absurd creation time.
    """

    def __init__(self, subreddits: Sequence[str] = (), *, now: Callable[[], datetime] = utc_now) -> None:
        self._spelling: Spelling = {name.lower(): name for name in subreddits}
        self._now = now

    def page(self, things: Sequence[object], *, after: str | None = None) -> Page:
        """All things of one answer, in their order; never raises for what they hold."""
        items: list[Item] = []
        set_aside: list[SetAside] = []
        latest = self._now() + _CLOCK_SKEW
        for thing in things:
            read = self._read(thing, latest)
            if isinstance(read, SetAside):
                set_aside.append(read)
            else:
                items.append(read)
        return Page(items=tuple(items), set_aside=tuple(set_aside), after=after, raw_count=len(things))

    def read(self, thing: object) -> Item | SetAside:
        """One thing; never raises for what it holds."""
        return self._read(thing, self._now() + _CLOCK_SKEW)

    def _read(self, thing: object, latest: datetime) -> Item | SetAside:
        try:
            kind, data = _kind_and_data(thing)
            if kind == "t3":
                return _post(data, self._spelling, latest)
            return _comment(data, self._spelling, latest)
        except MalformedThingError as error:
            return SetAside(fullname=_name_of(thing), error=error.error, detail=str(error), stage="parse")


def _post(data: dict[str, Any], spelling: Spelling, latest: datetime) -> Post:
    score = _count(data, "score")
    return Post(
        fullname=_fullname(data, "t3"),
        subreddit=_subreddit(data, spelling),
        author=_author(data),
        title=_text(data, "title"),
        text=_text(data, "selftext"),
        url=_absolute(_text(data, "url")),
        permalink=_absolute(_text(data, "permalink")),
        flair=_optional_text(data, "link_flair_text"),
        created_at=_created_at(data, latest),
        edited_at=_edited_at(data, latest),
        upvotes=_count(data, "ups") if "ups" in data else score,
        score=score,
        comment_count=_count(data, "num_comments", least=0),
    )


def _comment(data: dict[str, Any], spelling: Spelling, latest: datetime) -> Comment:
    score = _count(data, "score")
    fullname = _fullname(data, "t1")
    parent_id = _reference(data, "parent_id")
    # A comment in its message form lacks link_id; one that answers the post itself still names it.
    post_id = parent_id if "link_id" not in data and parent_id[:3] == "t3_" else _reference(data, "link_id")
    if post_id[:3] != "t3_":
        raise MalformedThingError("OutOfRange", "link_id: expected the fullname of a post")
    subreddit = _subreddit(data, spelling)
    return Comment(
        fullname=fullname,
        post_id=post_id,
        parent_id=parent_id,
        subreddit=subreddit,
        author=_author(data),
        text=_text(data, "body"),
        permalink=_absolute(
            _text(data, "permalink")
            if "permalink" in data
            else f"/r/{subreddit}/comments/{post_id[3:]}/_/{fullname[3:]}/"
        ),
        flair=_optional_text(data, "author_flair_text"),
        created_at=_created_at(data, latest),
        edited_at=_edited_at(data, latest),
        upvotes=_count(data, "ups") if "ups" in data else score,
        score=score,
    )


def _kind_and_data(thing: object) -> tuple[str, dict[str, Any]]:
    if not isinstance(thing, dict):
        raise MalformedThingError("WrongType", f"thing: expected an object, got {_type(thing)}")
    kind, data = thing.get("kind"), thing.get("data")
    if not isinstance(data, dict):
        raise MalformedThingError("WrongType", f"data: expected an object, got {_type(data)}")
    if kind not in ("t1", "t3"):
        raise MalformedThingError("UnknownKind", "kind: expected t1 or t3")
    return kind, data


def _name_of(thing: object) -> str:
    """The fullname of a thing however broken it is, for its record."""
    if not isinstance(thing, dict) or not isinstance(data := thing.get("data"), dict):
        return UNKNOWN
    for name in (data.get("name"), f"{thing.get('kind')}_{data.get('id')}"):
        if isinstance(name, str) and _FULLNAME.fullmatch(name):
            return name
    return UNKNOWN


def _fullname(data: dict[str, Any], kind: str) -> str:
    name = data["name"] if "name" in data else f"{kind}_{_text(data, 'id')}"
    if not isinstance(name, str):
        raise MalformedThingError("WrongType", f"name: expected text, got {_type(name)}")
    if not name.startswith(kind) or not _FULLNAME.fullmatch(name):
        raise MalformedThingError("OutOfRange", f"name: expected a fullname of kind {kind}")
    return name


def _reference(data: dict[str, Any], key: str) -> str:
    name = _text(data, key)
    if not _FULLNAME.fullmatch(name):
        raise MalformedThingError("OutOfRange", f"{key}: expected a fullname")
    return name


def _subreddit(data: dict[str, Any], spelling: Spelling) -> str:
    name = _text(data, "subreddit")
    if not name:
        raise MalformedThingError("OutOfRange", "subreddit: expected a name, got nothing")
    return spelling.get(name.lower(), name)


def _author(data: dict[str, Any]) -> str | None:
    name = _optional_text(data, "author")
    return None if name == "[deleted]" else name


def _text(data: dict[str, Any], key: str) -> str:
    if key not in data:
        raise MalformedThingError("MissingField", f"{key}: missing")
    value = data[key]
    if not isinstance(value, str):
        raise MalformedThingError("WrongType", f"{key}: expected text, got {_type(value)}")
    return _encodable(value)


def _optional_text(data: dict[str, Any], key: str) -> str | None:
    return None if data.get(key) is None else _text(data, key) or None


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _absolute(address: str) -> str:
    return HOME + address if address.startswith("/") else address


def _count(data: dict[str, Any], key: str, *, least: int = -_LARGEST_COUNT) -> int:
    if key not in data:
        raise MalformedThingError("MissingField", f"{key}: missing")
    value = data[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedThingError("WrongType", f"{key}: expected an integer, got {_type(value)}")
    if not least <= value <= _LARGEST_COUNT:
        raise MalformedThingError("OutOfRange", f"{key}: not a plausible count")
    return value


def _created_at(data: dict[str, Any], latest: datetime) -> datetime:
    if "created_utc" not in data:
        raise MalformedThingError("MissingField", "created_utc: missing")
    return _moment(data, "created_utc", latest)


def _edited_at(data: dict[str, Any], latest: datetime) -> datetime | None:
    """When it was edited; ``None`` when never, and for old edits, marked ``true`` without a time."""
    return None if data.get("edited") in (None, False, True) else _moment(data, "edited", latest)


def _moment(data: dict[str, Any], key: str, latest: datetime) -> datetime:
    value = data[key]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise MalformedThingError("WrongType", f"{key}: expected seconds since 1970, got {_type(value)}")
    if not _EARLIEST.timestamp() <= value <= latest.timestamp():
        raise MalformedThingError("OutOfRange", f"{key}: not a time at which Reddit was there")
    return datetime.fromtimestamp(int(value), UTC)


def _type(value: object) -> str:
    return "null" if value is None else type(value).__name__
