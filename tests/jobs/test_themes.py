from collections import Counter

import pytest

from sentiment_service.jobs.themes import Themes
from sentiment_service.settings import DEFAULT_THEMES


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("The PRICE is too high", {"pricing"}),
        ("priceless pricey enterprise", set()),
        ("Rate  limit reached, want a refund", {"limits", "pricing"}),
        ("c++ job", {"careers"}),
        ("it is (down)!", {"outages"}),
        ("", set()),
    ],
)
def test_whole_words_of_a_theme_make_it(text: str, themes: set[str]) -> None:
    assert set(Themes(DEFAULT_THEMES).words_in(text)) == themes


def test_words_are_counted_and_the_longest_wins() -> None:
    themes = Themes({"a": ("rate limit", "limit"), "b": ("LIMIT", " ", "c++")})
    assert themes.words_in("rate limit, limit, limit, c++ and C++x") == {
        "a": Counter({"rate limit": 1, "limit": 2}),
        "b": Counter({"limit": 2, "c++": 1}),
    }


def test_without_words_nothing_is_found() -> None:
    assert Themes({}).words_in("anything") == {}
    assert Themes({"empty": ()}).words_in("anything") == {}
