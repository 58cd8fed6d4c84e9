from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textblob import TextBlob  # type: ignore[import-untyped]

from sentiment_service.scoring.fast_textblob import FastTextBlob
from sentiment_service.scoring.textblob_package import load_textblob
from tests.data import RECORDED, needs_data, rows
from tests.faults.nightly import nightly
from tests.scoring.labelled import DEV, TRAIN, comments

FAST = FastTextBlob(load_textblob())

STRETCHES = (
    "not never no very really extremely awfully slowly good bad great awful love n't isn't "
    "don't a the , . ! !!! ? ... :) :( ;) <3 < 3 :-D : - D (!) ( ! ) “ ” ’ ' \" 😡 ok e.g. "
    "U.S. Mr. Brr. :c) :o ) o . O X x 8 =/ = / >:D | ^ * .. _ END-OF-SENTENCE "
    "(END-OF-SENTENCE."
)
GAPS = [" ", "", "\n", "\n\n", "\r\n", "\t", "\x1c", "\u2003"]


def assert_equal_to_textblob(text: str) -> None:
    reading, expected = FAST.read(text), TextBlob(text).sentiment_assessments
    assert reading.polarity == pytest.approx(expected.polarity, abs=1e-12)
    assert reading.subjectivity == pytest.approx(expected.subjectivity, abs=1e-12)
    assert reading.evidence == len(expected.assessments)


@given(st.lists(st.tuples(st.sampled_from(STRETCHES.split(" ")), st.sampled_from(GAPS)), max_size=40))
@example([("=", "\n\n"), (")", "")])
@example([("very", " "), ("very", " "), ("not", " "), ("good", "")])
def test_words_marks_and_emoticons_read_as_textblob_reads_them(parts: list[tuple[str, str]]) -> None:
    assert_equal_to_textblob("".join(stretch + gap for stretch, gap in parts))


@given(st.text(st.characters(), max_size=200))
def test_any_characters_read_as_textblob_reads_them(text: str) -> None:
    assert_equal_to_textblob(text)


@needs_data
def test_some_thousand_labelled_comments_read_as_textblob_reads_them() -> None:
    for text in islice(comments(DEV), 0, None, 2):
        assert_equal_to_textblob(text)


@needs_data
@nightly
def test_all_labelled_comments_read_as_textblob_reads_them() -> None:
    for file in (TRAIN, DEV):
        for text in comments(file):
            assert_equal_to_textblob(text)


@needs_data
def test_recorded_things_read_as_textblob_reads_them() -> None:
    for row in rows(RECORDED):
        data = row["data"]
        assert_equal_to_textblob(data.get("body") or f"{data.get('title', '')}\n\n{data.get('selftext', '')}")


def test_the_same_everywhere_means_the_longest_emoticon() -> None:
    """TextBlob reads ``:c)`` as a taunt in some processes and as a frown in others."""
    assert FastTextBlob(load_textblob(), same_everywhere=True).read(":c)").polarity == 0.75
