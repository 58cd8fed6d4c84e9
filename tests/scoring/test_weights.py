"""Texts weighed word by word come to what their grams and pieces come to."""

from collections.abc import Iterable, Mapping
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.scoring.features import grams, is_word, pieces, words
from sentiment_service.scoring.language import Languages
from sentiment_service.scoring.model import Row, read_model
from sentiment_service.scoring.weights import Weights
from tests.data import needs_data
from tests.scoring.labelled import DEV, comments

MODEL = read_model()
WEIGHTS = Weights(MODEL, Languages())

STRETCHES = (
    "not never don't can't good bad the The THE a [NAME] 12 1,000 , . ! ?! :) x don’t @you r/a https://a.b "
    "😡 né"
)


def summed(rows: Mapping[str, Row], names: Iterable[str]) -> tuple[Row, int]:
    known = [rows[name] for name in names if name in rows]
    negative, neutral, positive = (sum(row[each] for row in known) for each in range(3))
    return (negative, neutral, positive), len(known)


def assert_weighed_as_in_training(text: str) -> None:
    found, weighed = words(text), WEIGHTS.weigh(text)
    assert (weighed.grams, weighed.grams_known) == summed(MODEL.grams, grams(found))
    every_piece = [piece for word in set(found) for piece in pieces(word)]
    assert (weighed.pieces, weighed.pieces_known) == summed(MODEL.pieces, every_piece)
    written = {word for word in found if is_word(word)}
    assert weighed.words_known == len(MODEL.grams.keys() & set(found))
    assert weighed.counts.different == len(written)
    assert weighed.counts.known == len(MODEL.grams.keys() & written)
    assert weighed.counts.letters == sum(map(len, written))


@given(
    st.lists(
        st.tuples(st.sampled_from(STRETCHES.split(" ")), st.sampled_from([" ", " ", "", "\n", "\x1c"])),
        max_size=40,
    )
)
def test_words_pairs_and_negated_words_weigh_as_in_training(parts: list[tuple[str, str]]) -> None:
    assert_weighed_as_in_training("".join(stretch + gap for stretch, gap in parts))


@given(st.text(st.characters(), max_size=200))
def test_any_characters_weigh_as_in_training(text: str) -> None:
    assert_weighed_as_in_training(text)


def test_only_the_beginning_of_a_long_text_is_weighed() -> None:
    assert_weighed_as_in_training("not a good day, " * 1000)


@needs_data
def test_labelled_comments_weigh_as_in_training() -> None:
    for text in islice(comments(DEV), 0, None, 10):
        assert_weighed_as_in_training(text)
