import pytest

from sentiment_service.scoring.inline import plain_words


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**bold** and *slanted* and ***both***", "bold and slanted and both"),
        ("__bold__ and _slanted_", "bold and slanted"),
        ("~~struck~~ out", "struck out"),
        ("**a *b***", "a b"),
        ("***a* b**", "a b"),
        ("in*side*words", "insidewords"),
        ("snake_case_name and __init__", "snake_case_name and init"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("what the f*** is this", "what the f*** is this"),
        ("a lone *star", "a lone *star"),
        ("wink *) and ¯\\\\\\_(ツ)\\_/¯", "wink *) and ¯\\_(ツ)_/¯"),
        ("a^b and ^(small words) and ^^tiny", "ab and (small words) and tiny"),
        (":^) and ^_^ and ^", ":^) and ^_^ and ^"),
        (">!the end!< is sad", "the end is sad"),
        ("wow!<3 and a >!b", "wow!<3 and a >!b"),
        (r"\*not bold\* and \> and \q", r"*not bold* and > and \q"),
    ],
)
def test_marks_are_taken_off_only_where_they_are_marks(markdown: str, words: str) -> None:
    assert plain_words(markdown) == words


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("see [the docs](https://x.com/a_b_c) now", "see the docs now"),
        ('[a](/u "title") [b](<with space>) [c](x(y)z)', "a b c"),
        (r"[wiki](https://en.wikipedia.org/wiki/Foo_\(bar\))!", "wiki!"),
        ("[**bold** text](x)", "bold text"),
        ("[[nested](a)](b)", "nested"),
        ("[not a link] (x) and :[ and ]:", "[not a link] (x) and :[ and ]:"),
        ("[open](never closed", "[open](never closed"),
        ("](x)", "](x)"),
        ("[[a](x)", "[a"),
        ('[](/emote "Did someone?")', ""),
    ],
)
def test_a_link_keeps_its_text_and_loses_its_address(markdown: str, words: str) -> None:
    assert plain_words(markdown) == words


def test_an_image_is_left_out_with_its_text_and_the_marks_in_it() -> None:
    assert plain_words("look ![*gif](giphy|abc) at >!this![x >!](u) *now*").split() == [
        "look",
        "at",
        ">!this",
        "now",
    ]


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("see https://x.com/a?b=c&d, ok", "see  , ok"),
        ("(http://x.com/y).", "( )."),
        ("<https://x.com> and WWW.example.com/x", "  and  "),
        ("[https://x.com](https://x.com)", " "),
        ("xhttp://no and awww.cute", "xhttp://no and awww.cute"),
    ],
)
def test_addresses_are_left_out(markdown: str, words: str) -> None:
    assert plain_words(markdown) == words


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("run `rm -rf *` now*", "run   now*"),
        ("``a ` b`` c", "  c"),
        ("a ` b", "a ` b"),
        ("``a` b", "``a` b"),
        ("`[x](y` z)", "  z)"),
    ],
)
def test_inline_code_is_left_out(markdown: str, words: str) -> None:
    assert plain_words(markdown) == words
