import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.api.cursors import decode_cursor, encode_cursor, item_position
from sentiment_service.api.problems import Problem

POSITION = "2026-11-23T16:00:00Z|t3_abc"
FILTERS = {"subreddit": "Cursor", "hours": 24}


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=3), st.text(max_size=100))
def test_a_cursor_gives_its_position_back(call: str, filters: dict[str, str], position: str) -> None:
    cursor = encode_cursor(call, filters, position)
    assert decode_cursor(call, filters, cursor, str) == position


def test_a_cursor_fits_into_an_address() -> None:
    assert set(encode_cursor("x", {}, "ÿÿÿ???" * 20)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    )


GOOD = encode_cursor("posts", FILTERS, POSITION)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!!", "é", "AAAA" * 5, GOOD[:-2], GOOD[1:], GOOD + "AA", "A" * 600, GOOD.swapcase()],
)
def test_a_broken_cursor_is_bad_input(cursor: str) -> None:
    with pytest.raises(Problem) as caught:
        decode_cursor("posts", FILTERS, cursor, item_position)
    assert caught.value.status == 422
    assert caught.value.errors[0].field == "cursor"


@pytest.mark.parametrize(
    ("call", "filters"),
    [("comments", FILTERS), ("posts", FILTERS | {"hours": 25}), ("posts", {}), ("posts", FILTERS | {"a": 1})],
)
def test_a_cursor_of_another_call_or_filter_is_bad_input(call: str, filters: dict[str, object]) -> None:
    with pytest.raises(Problem, match="422"):
        decode_cursor(call, filters, GOOD, item_position)


@pytest.mark.parametrize(
    "position",
    [
        "",
        "x",
        "2026-11-23T16:00:00Z",
        "2026-02-30T16:00:00Z|t3_a",
        "2026-11-23|t3_a",
        "2026-11-23T16:00:00Z|t3_A",
    ],
)
def test_a_made_up_position_is_bad_input(position: str) -> None:
    with pytest.raises(Problem, match="422"):
        decode_cursor("posts", FILTERS, encode_cursor("posts", FILTERS, position), item_position)


def test_bytes_that_are_no_text_are_bad_input() -> None:
    raw = hashlib.blake2b(b"", digest_size=8).digest() + b"\xff\xfe"
    with pytest.raises(Problem, match="422"):
        decode_cursor("posts", {}, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), item_position)
