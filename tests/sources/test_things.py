import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.models import Comment, Post, SetAside
from sentiment_service.sources.things import UNKNOWN, ThingReader

NOW = datetime(2026, 11, 23, 16, 0, 0, tzinfo=UTC)
CREATED = datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "data" / "reddit_recorded.ndjson.gz"

POST: dict[str, Any] = {
    "id": "abc1",
    "name": "t3_abc1",
    "subreddit": "cursor",
    "author": "ada",
    "title": "Fish & chips <3",
    "selftext": "a\u200bb\r\n\x00 \U0001f600 &amp; as typed",
    "url": "https://example.com/x",
    "permalink": "/r/cursor/comments/abc1/fish/",
    "link_flair_text": "Bug",
    "created_utc": CREATED.timestamp(),
    "edited": False,
    "ups": 7,
    "score": 5,
    "num_comments": 3,
    "never_heard_of": {"x": [1]},
}
COMMENT: dict[str, Any] = {
    "id": "def2",
    "name": "t1_def2",
    "link_id": "t3_abc1",
    "parent_id": "t1_zzz",
    "subreddit": "elsewhere",
    "author": "bob",
    "body": "fine",
    "permalink": "/r/elsewhere/comments/abc1/_/def2/",
    "author_flair_text": "",
    "created_utc": 1323313370.0,
    "edited": 1323313999.0,
    "ups": -2,
    "score": -2,
}


def read(kind: object, data: object) -> Post | Comment | SetAside:
    return ThingReader(("Cursor",), now=lambda: NOW).read({"kind": kind, "data": data})


def test_a_post_is_read_byte_for_byte() -> None:
    assert read("t3", POST) == Post(
        fullname="t3_abc1",
        subreddit="Cursor",
        author="ada",
        title="Fish & chips <3",
        text="a\u200bb\r\n\x00 \U0001f600 &amp; as typed",
        url="https://example.com/x",
        permalink="https://www.reddit.com/r/cursor/comments/abc1/fish/",
        flair="Bug",
        created_at=CREATED,
        edited_at=None,
        upvotes=7,
        score=5,
        comment_count=3,
    )


def test_a_comment_is_read() -> None:
    assert read("t1", COMMENT) == Comment(
        fullname="t1_def2",
        post_id="t3_abc1",
        parent_id="t1_zzz",
        subreddit="elsewhere",
        author="bob",
        text="fine",
        permalink="https://www.reddit.com/r/elsewhere/comments/abc1/_/def2/",
        flair=None,
        created_at=datetime(2011, 12, 8, 3, 2, 50, tzinfo=UTC),
        edited_at=datetime(2011, 12, 8, 3, 13, 19, tzinfo=UTC),
        upvotes=-2,
        score=-2,
    )


@pytest.mark.parametrize(
    ("kind", "change", "field", "expected"),
    [
        ("t3", {"author": "[deleted]"}, "author", None),
        ("t3", {"author": None}, "author", None),
        ("t3", {"edited": True}, "edited_at", None),
        ("t3", {"created_utc": 1790000000}, "created_at", datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        ("t3", {"url": "/r/x/comments/1/_/"}, "url", "https://www.reddit.com/r/x/comments/1/_/"),
        ("t3", {"selftext": "half \ud83d pair"}, "text", "half \ufffd pair"),
        ("t3", {"selftext": "whole \ud83d\ude00 pair"}, "text", "whole \U0001f600 pair"),
        ("t3", {"subreddit": "CURSOR"}, "subreddit", "Cursor"),
    ],
)
def test_what_reddit_writes_in_several_ways(
    kind: str, change: dict[str, Any], field: str, expected: object
) -> None:
    assert getattr(read(kind, POST | change), field) == expected


@pytest.mark.parametrize(
    ("kind", "data", "lacking", "field", "expected"),
    [
        ("t3", POST, "author", "author", None),
        ("t3", POST, "ups", "upvotes", 5),
        ("t3", POST, "edited", "edited_at", None),
        ("t3", POST, "link_flair_text", "flair", None),
        ("t3", POST, "name", "fullname", "t3_abc1"),
        ("t1", COMMENT, "permalink", "permalink", "https://www.reddit.com/r/elsewhere/comments/abc1/_/def2/"),
        ("t1", COMMENT | {"parent_id": "t3_abc1"}, "link_id", "post_id", "t3_abc1"),
    ],
)
def test_what_reddit_sometimes_leaves_out(
    kind: str, data: dict[str, Any], lacking: str, field: str, expected: object
) -> None:
    rest = {key: value for key, value in data.items() if key != lacking}
    assert getattr(read(kind, rest), field) == expected


@pytest.mark.parametrize(
    "lacking", ["subreddit", "title", "selftext", "url", "permalink", "created_utc", "score", "num_comments"]
)
def test_a_post_that_lacks_a_field_is_set_aside(lacking: str) -> None:
    rest = {key: value for key, value in POST.items() if key != lacking}
    assert read("t3", rest) == SetAside("t3_abc1", "MissingField", f"{lacking}: missing", "parse")


@pytest.mark.parametrize(
    ("kind", "change", "error"),
    [
        ("t3", {"score": "many"}, "WrongType"),
        ("t3", {"score": True}, "WrongType"),
        ("t3", {"score": 1.5}, "WrongType"),
        ("t3", {"score": 10**400}, "OutOfRange"),
        ("t3", {"num_comments": -1}, "OutOfRange"),
        ("t3", {"title": 7}, "WrongType"),
        ("t3", {"selftext": None}, "WrongType"),
        ("t3", {"author": 5}, "WrongType"),
        ("t3", {"subreddit": ""}, "OutOfRange"),
        ("t3", {"created_utc": "1790000000"}, "WrongType"),
        ("t3", {"created_utc": True}, "WrongType"),
        ("t3", {"created_utc": -1}, "OutOfRange"),
        ("t3", {"created_utc": 1e18}, "OutOfRange"),
        ("t3", {"created_utc": 10**400}, "OutOfRange"),
        ("t3", {"created_utc": float("nan")}, "OutOfRange"),
        ("t3", {"edited": "yes"}, "WrongType"),
        ("t1", {"link_id": "t1_zzz"}, "OutOfRange"),
        ("t1", {"parent_id": "../x"}, "OutOfRange"),
        ("t1", {"body": {}}, "WrongType"),
    ],
)
def test_a_field_that_holds_nonsense_sets_the_item_aside(
    kind: str, change: dict[str, Any], error: str
) -> None:
    data = (POST if kind == "t3" else COMMENT) | change
    aside = read(kind, data)
    assert isinstance(aside, SetAside)
    assert (aside.fullname, aside.error) == (f"{kind}_{data['id']}", error)
    assert next(iter(change)) in aside.detail


@pytest.mark.parametrize(
    ("thing", "fullname", "error"),
    [
        (None, UNKNOWN, "WrongType"),
        ("t3", UNKNOWN, "WrongType"),
        ({"kind": "t3"}, UNKNOWN, "WrongType"),
        ({"kind": "t3", "data": {}}, UNKNOWN, "MissingField"),
        ({"kind": "t5", "data": {"name": "t5_x"}}, UNKNOWN, "UnknownKind"),
        ({"kind": [], "data": {"name": "t3_x"}}, "t3_x", "UnknownKind"),
        ({"kind": "t3", "data": POST | {"name": 4}}, "t3_abc1", "WrongType"),
        ({"kind": "t1", "data": POST}, "t3_abc1", "OutOfRange"),
        ({"kind": "t3", "data": POST | {"name": "t3_../x", "id": None}}, UNKNOWN, "OutOfRange"),
    ],
)
def test_a_thing_that_is_none_is_set_aside(thing: object, fullname: str, error: str) -> None:
    aside = ThingReader(now=lambda: NOW).read(thing)
    assert isinstance(aside, SetAside)
    assert (aside.fullname, aside.error) == (fullname, error)


def test_one_broken_thing_does_not_spoil_its_page() -> None:
    things = [{"kind": "t3", "data": POST}, 17, {"kind": "t1", "data": COMMENT}]
    page = ThingReader(now=lambda: NOW).page(things, after="t3_abc1")
    assert [item.fullname for item in page.items] == ["t3_abc1", "t1_def2"]
    assert (len(page.set_aside), page.raw_count, page.after) == (1, 3, "t3_abc1")


def test_what_is_set_aside_never_tells_what_was_written() -> None:
    aside = read("t3", POST | {"title": {"secret words": 1}, "selftext": "more secret words"})
    assert "secret" not in repr(aside)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_json_makes_reading_fail(thing: object) -> None:
    assert isinstance(ThingReader(now=lambda: NOW).read(thing), SetAside)


@given(
    st.sampled_from(["t1", "t3"]),
    st.dictionaries(st.sampled_from(sorted(POST.keys() | COMMENT.keys())), JSON, max_size=4),
)
def test_no_value_of_a_known_field_makes_reading_fail(kind: str, change: dict[str, Any]) -> None:
    read_thing = read(kind, POST | COMMENT | {"name": f"{kind}_abc1"} | change)
    if not isinstance(read_thing, SetAside):
        read_thing.text.encode()
        assert read_thing.created_at <= NOW.replace(day=24)


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded things are not here")
def test_every_recorded_thing_is_read_unharmed() -> None:
    with gzip.open(RECORDED) as lines:
        things = [json.loads(line) for line in lines]
    page = ThingReader(now=lambda: NOW).page(things)
    assert page.set_aside == ()
    for thing, item in zip(things, page.items, strict=True):
        data = thing["data"]
        assert item.fullname == data["name"]
        assert item.text == (data["selftext"] if isinstance(item, Post) else data["body"])
        assert item.author == (None if data["author"] == "[deleted]" else data["author"])
        assert item.created_at.timestamp() == data["created_utc"]
        assert item.permalink.startswith("https://www.reddit.com/r/")
