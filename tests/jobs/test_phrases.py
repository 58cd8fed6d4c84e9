import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.jobs.phrases import (
    Phrase,
    count_phrases,
    frequent_phrases,
    names_in,
    sentences_of,
    standouts,
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Cursor's new price: twice as high!", [["cursor", "new", "price"], ["twice", "as", "high"]]),
        ("GPT-5.1 and C++ aren’t “cheap”.", [["gpt-5.1", "and", "c++", "aren't"], ["cheap"]]),
        ("one - two/three\nfour", [["one"], ["two"], ["three"], ["four"]]),
        ("日本語 über 😀", [["日本語", "über"]]),
        ("...", []),
    ],
)
def test_words_stay_together_up_to_the_next_mark(text: str, sentences: list[list[str]]) -> None:
    assert sentences_of(text) == sentences


def test_phrases_neither_begin_nor_end_with_stop_words_but_may_hold_one() -> None:
    texts = {number: [["out", "of", "memory", "error", "at", "the"]] for number in range(3)}
    assert set(frequent_phrases(texts, min_posts=3)) == {("memory",), ("error",), ("memory", "error")}
    inner = {number: [["terms", "of", "service"]] for number in range(2)}
    assert ("terms", "of", "service") in frequent_phrases(inner, min_posts=2)


def test_numbers_and_single_letters_are_no_phrases() -> None:
    assert frequent_phrases({0: [["2026", "ab", "x"]]}, min_posts=1).keys() == {
        ("2026", "ab"),
        ("ab", "x"),
        ("2026", "ab", "x"),
    }


SENTENCES = st.lists(
    st.lists(st.sampled_from(["price", "rise", "of", "cursor", "credits"]), max_size=6), max_size=3
)


@given(st.lists(SENTENCES, max_size=8), st.integers(1, 4))
def test_frequent_phrases_are_those_of_enough_texts(texts: list[list[list[str]]], min_posts: int) -> None:
    found = frequent_phrases(dict(enumerate(texts)), min_posts=min_posts)
    places: dict[tuple[str, ...], set[int]] = {}
    for key, sentences in enumerate(texts):
        for words in sentences:
            for length in (1, 2, 3):
                for start in range(len(words) - length + 1):
                    places.setdefault(tuple(words[start : start + length]), set()).add(key)
    expected = {
        phrase: keys
        for phrase, keys in places.items()
        if len(keys) >= min_posts and "of" not in (phrase[0], phrase[-1])
    }
    assert found == expected
    assert count_phrases(texts, expected) == Counter({phrase: len(keys) for phrase, keys in expected.items()})


def test_names_are_words_usually_written_with_a_capital_inside_a_sentence() -> None:
    texts = [
        "Today I love Cursor, Claude Code and the new API",
        "Sadly cursor is slow, but my Cursor’s fine, so is Claude Code and its api and GPT-5.1",
        "The api of Claude Code. Nobody knows GPT-5.1",
    ]
    assert names_in(texts) == {"claude", "code", "cursor", "gpt-5.1"}


AUTHORS = [f"a{number}" for number in range(100)]


def significance(here: int, of_here: int, there: int, of_there: int) -> float:
    found = standouts(
        {("phrase",): set(range(here))}, of_here, {("phrase",): there}, of_there, min_posts=1, authors=AUTHORS
    )
    return found[0].likelihood_ratio if found else 0.0


def test_significance_is_the_log_likelihood_ratio() -> None:
    expected_here, expected_there = 100 * 12 / 1000, 900 * 12 / 1000
    ratio = 2 * (10 * math.log(10 / expected_here) + 2 * math.log(2 / expected_there))
    assert significance(10, 100, 2, 900) == pytest.approx(ratio)
    assert significance(10, 100, 0, 900) == pytest.approx(20 * math.log(10))


@pytest.mark.parametrize(
    ("here", "of_here", "there", "of_there"),
    [
        pytest.param(10, 100, 90, 900, id="as frequent as before"),
        pytest.param(80, 100, 450, 900, id="significant but not twice as frequent"),
        pytest.param(2, 100, 3, 900, id="twice as frequent but it may be chance"),
        pytest.param(50, 100, 0, 0, id="nothing to compare with"),
    ],
)
def test_what_does_not_stand_out(here: int, of_here: int, there: int, of_there: int) -> None:
    assert significance(here, of_here, there, of_there) == 0.0


def test_one_author_repeating_something_is_no_topic() -> None:
    said: dict[Phrase, set[int]] = {("spam",): {0, 1, 2, 3, 4}, ("news",): {5, 6, 7, 8, 9}}
    found = standouts(said, 100, {}, 900, min_posts=3, authors=["bot"] * 5 + AUTHORS)
    assert [each.phrase for each in found] == [("news",)]
