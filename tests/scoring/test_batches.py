from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.scoring.batches import batches


def test_batches_are_cut_by_texts_and_by_characters() -> None:
    texts = ["a", "b", "c", "dddd", "ee", "f"]
    assert list(batches(texts, max_texts=2, max_characters=5)) == [["a", "b"], ["c", "dddd"], ["ee", "f"]]


def test_a_text_beyond_the_limit_is_a_batch_of_its_own() -> None:
    assert list(batches(["a", "bbbb", "c"], max_texts=9, max_characters=3)) == [["a"], ["bbbb"], ["c"]]


@given(st.lists(st.text(max_size=9)), st.integers(1, 5), st.integers(1, 20))
def test_every_text_is_in_one_batch_in_order(texts: list[str], most: int, characters: int) -> None:
    found = list(batches(texts, max_texts=most, max_characters=characters))
    assert [text for batch in found for text in batch] == texts
    assert all(1 <= len(batch) <= most for batch in found)
    assert all(len(batch) == 1 or sum(map(len, batch)) <= characters for batch in found)
