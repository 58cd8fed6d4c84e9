"""Words of a text, and whether a text has those that are sought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.store.words import SoughtWords, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Claude Code's rate-limits", ["claude", "code", "s", "rate", "limits"]),
        (
            "**bold** _it_ [link](https://a.example/b_c)",
            ["bold", "it", "link", "https", "a", "example", "b", "c"],
        ),
        ("ＧＰＴ－５ ﬁne STRASSE Straße", ["gpt", "5", "fine", "strasse", "strasse"]),
        ("Crème CRE\u0300ME हिन्दी", ["crème", "crème", "हिन्दी"]),
        ("日本語 works", ["日", "本", "語", "works"]),
        ("…!? 🔥 --", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits_in_one_spelling(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("sought", "text", "found"),
    [
        ("rate limit", "The limit of the RATE", True),
        ("rate limit", "rate limits", False),
        ("limit", "unlimited", False),
        ("limit", "(limit)", True),
        ("東京", "東京タワー", True),
        ("大阪", "東京タワー", False),
        ("straße", "STRASSE", True),
        ("don't", "I don’t", True),
        ("half", "half \ud83d of a pair", True),
    ],
)
def test_all_words_have_to_be_there_as_whole_words(sought: str, text: str, found: bool) -> None:
    assert SoughtWords(sought).are_in(text) is found


@given(st.text(max_size=200), st.data())
def test_any_words_of_a_text_are_found_in_it(text: str, data: st.DataObject) -> None:
    words = words_of(text)
    chosen = data.draw(st.lists(st.sampled_from(words), max_size=5)) if words else []
    assert SoughtWords(" ".join(chosen)).are_in(text)


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
