"""What is fuzzed: from any bytes to one call, with what must hold afterwards."""

import json
from collections.abc import Callable, Mapping

from sentiment_service.models import Item, SetAside
from sentiment_service.scoring.clean import scorable_text
from sentiment_service.sources.things import ThingReader

LIMIT_CHARACTERS = 40_000
"""The longest text Reddit allows."""

MARKS = r"* ** _ ~~ ` ``` >! !< [ ]( ) ![ \ # | |--| --- === ^( ^ < &amp; &#x &#0;"
NAMES = "http://a.b/ /u/x r/y !!!! :) n't"
TEXT = ("\n", "\n\n", "    ", "\t", "> ", "- ", "1. ", "word ", "not ", "é", "中", "😀", "🇩")
HIDDEN = ("\x00", "\u200d", "\ufeff", "\ud800")
PIECES = (*MARKS.split(), *NAMES.split(), *TEXT, *HIDDEN)
"""What markdown is made of; bytes below 128 choose one, so that structure is likely."""

GOOD: Mapping[str, object] = {
    "name": "t3_abc",
    "subreddit": "Cursor",
    "author": "somebody",
    "title": "A title",
    "selftext": "A text",
    "body": "A comment",
    "url": "https://example.org/",
    "permalink": "/r/Cursor/comments/abc/",
    "created_utc": 1_790_000_000,
    "edited": False,
    "ups": 3,
    "score": 3,
    "num_comments": 1,
    "parent_id": "t3_abc",
    "link_id": "t3_abc",
}
FIELDS = (*GOOD, "id", "link_flair_text", "author_flair_text")
NUMBERS = (0, -1, 2**53, 2**64, -(2**70), 1.5, 1e308, -0.0, float("nan"), float("inf"))
WORDS = ("", "t3_", "t1_zz", "T3_ABC", "[deleted]", "\ud83d", "\x00", "a" * 5000, "//", "https://")
ODD: tuple[object, ...] = (None, True, False, *NUMBERS, *WORDS, [], {}, [[]])


def markdown_of(data: bytes) -> str:
    """Markdown from bytes: a piece for each low byte, and characters for the others."""
    return "".join(
        PIECES[byte % len(PIECES)] if byte < 192 else chr(byte * 37 + place)
        for place, byte in enumerate(data)
    )


def clean_markdown(data: bytes) -> None:
    """The cleaner never raises, and makes nothing longer than twice its text."""
    for text in (markdown_of(data), data.decode("utf-8", "surrogateescape")):
        cleaned = scorable_text(text)
        assert isinstance(cleaned, str)
        assert len(cleaned) <= 2 * len(text), "the text grew"


def thing_of(data: bytes) -> object:
    """A raw thing: a good one in which pairs of bytes replace fields with odd values."""
    fields = dict(GOOD)
    kind = ("t3", "t1", "t5", "more")[data[0] % 4] if data else "t3"
    if kind == "t1":
        fields["name"] = "t1_abc"
    for field, value in zip(data[1::2], data[2::2], strict=False):
        name = FIELDS[field % len(FIELDS)]
        if value == 255:
            fields.pop(name, None)
        elif value < 128:
            fields[name] = ODD[value % len(ODD)]
        else:
            fields[name] = data.decode("utf-8", "surrogateescape")
    return {"kind": kind, "data": fields}


def read_thing(data: bytes) -> None:
    """The parser never raises, whatever a thing holds; what it gives can be stored."""
    reader = ThingReader(["Cursor"])
    for thing in (thing_of(data), _json_of(data)):
        found = reader.read(thing)
        if isinstance(found, SetAside):
            assert found.error
        else:
            _assert_storable(found)


def _json_of(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data.decode("latin-1")


def _assert_storable(item: Item) -> None:
    for text in (item.fullname, item.subreddit, item.text, item.permalink):
        text.encode()


TARGETS: Mapping[str, Callable[[bytes], None]] = {"markdown": clean_markdown, "things": read_thing}
