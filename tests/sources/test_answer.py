from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.sources.answer import Answer, decode, headers_for_client, retry_after_s

NOW = datetime(2026, 11, 23, 16, 0, 0, tzinfo=UTC)


def answer(body: bytes, status: int = 403) -> Answer:
    return Answer(status, headers_for_client(status, {}), body, None, for_token=False)


@pytest.mark.parametrize(
    ("value", "expected_s"),
    [
        ("7", 7.0),
        ("2.5", 2.5),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 16:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2026 15:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 16:01:30 -0000", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e400", None),
        ("99999999999", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, expected_s: float | None) -> None:
    assert retry_after_s({"retry-after": value}, NOW) == expected_s


@given(st.text())
def test_no_retry_after_header_is_an_error(value: str) -> None:
    waited_s = retry_after_s({"retry-after": value}, NOW)
    assert waited_s is None or waited_s >= 0


def test_half_a_surrogate_pair_does_not_kill_a_page() -> None:
    assert decode(rb'{"a": "x\ud83d y", "b": "\ud83d\ude00"}') == {"a": "x\ud83d y", "b": "\U0001f600"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a": 1',
        b"\xff",
        rb'["\ud800", NaN]',
        rb'["\ud800"',
        b'["\\ud800",' + b"[" * 100_000,
    ],
)
def test_what_is_not_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        decode(body)


async def test_asyncprawcore_sees_neither_the_rate_limit_nor_an_unknown_token_error() -> None:
    headers = headers_for_client(
        401, {"x-ratelimit-remaining": "1", "www-authenticate": 'Bearer error="odd"', "location": "/x"}
    )
    assert dict(headers) == {
        "location": "/x",
        "www-authenticate": 'Bearer realm="reddit", error="invalid_token"',
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b'{"reason": "private"}', "private"), (b'{"reason": 1}', None), (b"[]", None), (b"<html>", None)],
)
def test_the_reason_of_a_refusal_is_read_from_its_body(body: bytes, reason: str | None) -> None:
    assert answer(body).reason == reason


async def test_an_answer_reads_like_a_response() -> None:
    assert await answer(b'{"a": 1}').json(content_type=None) == {"a": 1}
    assert await answer(b"\xffhi").text() == "\ufffdhi"
