from itertools import islice

from hypothesis import example, given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

from sentiment_service.scoring.fast_vader import FastVader
from tests.data import needs_data
from tests.faults.nightly import nightly
from tests.scoring.labelled import DEV, TRAIN, comments

PACKAGE = SentimentIntensityAnalyzer()
FAST = FastVader()

STRETCHES = (
    "not never so this no nor or without doubt very REALLY extremely kind of sort just "
    "enough good BAD great awful love HATE isn't don't the a , . ! !!! ? ??? ... :) :( ;) "
    "<3 ok least at but BUT 😡😡 😍 x shit bomb bad ass yeah right kiss death to die for "
    "beating heart badass fucking most good! nope bus stop"
)


def assert_equal_to_the_package(text: str) -> None:
    expected = PACKAGE.polarity_scores(text)
    assert FAST.read(text) == (expected["compound"], expected["pos"], expected["neg"], expected["neu"])


@given(
    st.lists(
        st.tuples(st.sampled_from(STRETCHES.split(" ")), st.sampled_from([" ", " ", "", "\n", "😍"])),
        max_size=30,
    )
)
@example([("no", " "), ("least", " "), ("good", " "), ("but", " "), ("good", "")])
def test_words_negations_phrases_and_emoji_read_as_the_package_reads_them(
    parts: list[tuple[str, str]],
) -> None:
    assert_equal_to_the_package("".join(stretch + gap for stretch, gap in parts))


@given(st.text(st.characters(), max_size=200))
def test_any_characters_read_as_the_package_reads_them(text: str) -> None:
    assert_equal_to_the_package(text)


@needs_data
def test_some_thousand_labelled_comments_read_as_the_package_reads_them() -> None:
    for text in islice(comments(DEV), 0, None, 2):
        assert_equal_to_the_package(text)


@needs_data
@nightly
def test_all_labelled_comments_read_as_the_package_reads_them() -> None:
    for file in (TRAIN, DEV):
        for text in comments(file):
            assert_equal_to_the_package(text)
