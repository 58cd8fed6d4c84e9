"""What of a language model's answer is believed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.models import Label
from sentiment_service.scoring.llm_prompt import Verdict, request_body, verdicts_of
from tests.scoring.language_model import completion, item


def answer(*items: object) -> bytes:
    return json.dumps(completion({"items": items})).encode()


GOOD = Verdict(Label.POSITIVE, 0.75, 0.5, 0.875)


def test_verdicts_come_in_the_order_of_the_texts() -> None:
    items = [item(1, label="negative", polarity=-1), item(0)]
    assert verdicts_of(answer(*items), 2) == [GOOD, Verdict(Label.NEGATIVE, -1.0, 0.5, 0.875)]


@pytest.mark.parametrize(
    "wrong",
    [
        item(0, label="great"),
        item(0, label="Positive"),
        item(0, label=None),
        item(0, polarity=1.01),
        item(0, polarity="0.5"),
        item(0, polarity=True),
        item(0, polarity=-0.5),
        item(0, polarity=0),
        item(0, label="negative"),
        item(0, subjectivity=-0.1),
        item(0, confidence=1.5),
        item(0, reason="because"),
        item(0, id="0"),
        item(0, id=0.5),
        {"id": 0, "label": "positive"},
        "positive",
        None,
        [0, "positive"],
    ],
)
def test_an_item_that_is_not_as_asked_for_is_no_verdict(wrong: object) -> None:
    assert verdicts_of(answer(wrong, item(1)), 2) == [None, GOOD]


def test_an_item_that_is_there_twice_is_no_verdict() -> None:
    assert verdicts_of(answer(item(0), item(0), item(1)), 2) == [None, GOOD]


def test_items_that_nobody_asked_for_are_ignored() -> None:
    assert verdicts_of(answer(item(5), item(-1), item(0)), 1) == [GOOD]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_number_spoils_the_answer(number: str) -> None:
    content = json.dumps({"items": [item(0)]}).replace("0.75", number)
    with pytest.raises(ValueError, match="not the JSON"):
        verdicts_of(json.dumps(completion(content)).encode(), 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["items", "id", "label", "polarity", "choices", "message", "content"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_answer_is_read_or_refused(value: Any) -> None:
    for body in (json.dumps(value).encode(), json.dumps(completion(value)).encode(), answer(value)):
        try:
            verdicts = verdicts_of(body, 3)
        except ValueError:
            continue
        assert len(verdicts) == 3
        assert all(verdict is None or -1 <= verdict.polarity <= 1 for verdict in verdicts)


def test_a_request_quotes_texts_as_json_under_numbers() -> None:
    body: Any = request_body("tiny", ['a "quoted"\nline', "🦊"])
    quoted = json.loads(body["messages"][1]["content"])
    assert quoted == [{"id": 0, "text": 'a "quoted"\nline'}, {"id": 1, "text": "🦊"}]
    assert body["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
