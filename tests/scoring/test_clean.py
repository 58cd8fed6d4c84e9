from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textblob import TextBlob  # type: ignore[import-untyped]

from sentiment_service.models import Comment, Post
from sentiment_service.scoring.clean import MAX_CHARACTERS, scorable_text, text_of
from tests.data import RECORDED, needs_data, rows

AT = datetime(2026, 11, 23, tzinfo=UTC)
POST = Post("t3_a", "Cursor", "ann", "A title", "A body", "u", "p", None, AT, None, 1, 1, 0)
COMMENT = Comment("t1_a", "t3_a", "t3_a", "Cursor", "bob", "A body", "p", None, AT, None, 1, 1)

MARKDOWN = st.lists(
    st.sampled_from(
        [*"ab .!\n\t*_~`[]()<>#|\\^-+&;:=1\"'", "😀", "\ud83d", "\x00", "é", "    ", "```", "http://"]
    ),
    max_size=100,
).map("".join)
PROSE = "not never very good bad isn't love , . ! ? :( ;) it's I a"


def test_a_post_is_its_title_and_its_body() -> None:
    assert text_of(POST) == "A title\n\nA body"
    assert text_of(replace(POST, text="")) == "A title"
    assert text_of(replace(POST, title="")) == "A body"
    assert text_of(COMMENT) == "A body"


@pytest.mark.parametrize("gone", ["[deleted]", "[removed]", "[ Removed by Reddit ]", " [removed]\n"])
def test_a_placeholder_is_no_text(gone: str) -> None:
    assert text_of(replace(COMMENT, text=gone)) == ""
    assert text_of(replace(POST, text=gone)) == "A title"
    assert text_of(replace(POST, title="[deleted by user]", text=gone)) == ""
    assert scorable_text(gone) == ""


@pytest.mark.parametrize(
    "title", [">100k tokens is a lie", "~~~ broken", "```why", "[a]: https://b", "#1 tool", "|a|"]
)
def test_a_title_is_not_read_as_markdown_of_a_block(title: str) -> None:
    assert scorable_text(text_of(replace(POST, title=title))).endswith("A body")
    assert (
        len(scorable_text(title := text_of(replace(POST, title=title, text=""))).split())
        >= len(title.split()) - 1
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        " \n\t\r\n",
        "```\ncode\n```",
        "    code",
        "`code`",
        "https://example.com/a",
        "[](/emote)",
        "![gif](giphy|abc)",
        "> only quoted",
        "...?!",
        "---",
        "\ud83d",
        "&#x200B;",
    ],
)
def test_nothing_is_left_when_there_is_nothing_to_score(markdown: str) -> None:
    assert scorable_text(markdown) == ""


@pytest.mark.parametrize("text", ["ok", "7", "😀", "♥", ":)", ":-(", "(:", "<3", "да", "好", "¯\\_(ツ)_/¯"])
def test_a_word_an_emoji_or_a_face_is_something_to_score(text: str) -> None:
    assert scorable_text(text) != ""


def test_what_people_wrote_stays() -> None:
    text = "I don't, I can’t even… it isn't NOT bad!!! 😡😡 :( \n\nBut -- \"fine\" & <3 at 3*4, C++ > C."
    assert scorable_text(text) == text.replace(" \n", "\n")


def test_a_whole_answer_becomes_its_prose() -> None:
    markdown = (
        "# Verdict\n&gt; is it good?\n\nYes, **really** [good](https://x.com)!\n\n* fast\n* cheap\n\n"
        "```\nnot_prose()\n```\n&amp; use `it`.\n"
    )
    assert scorable_text(markdown) == "Verdict\n\nYes, really good!\n\nfast\n\ncheap\n\n& use ."


def test_long_rows_of_one_mark_are_cut_and_long_words_broken_up() -> None:
    assert scorable_text("good" + "!" * 1000) == "good" + "!" * 24
    assert max(map(len, scorable_text("good" * 1000).split())) == 200
    assert scorable_text("a" * (MAX_CHARACTERS + 1)).replace(" ", "") == "a" * MAX_CHARACTERS


def test_cutting_a_row_of_exclamation_marks_leaves_the_polarity() -> None:
    shouted = "a rather usual day" + "!" * 500
    assert TextBlob(scorable_text(shouted)).sentiment == TextBlob(shouted).sentiment


@given(st.lists(st.sampled_from(PROSE.split())))
def test_plain_prose_scores_the_same_before_and_after(words: list[str]) -> None:
    text = " ".join(["so", *words])
    assert TextBlob(scorable_text(text)).sentiment == TextBlob(text).sentiment


@given(st.one_of(MARKDOWN, st.text(st.characters(), max_size=300)))
@example("&#" + "9" * 5000 + ";")
@example("[" * 100 + "](" * 100)
def test_any_text_gives_clean_text_of_bounded_length(text: str) -> None:
    out = scorable_text(text)
    out.encode()
    assert len(out) <= 2 * len(text)
    assert out == out.strip()


@given(MARKDOWN)
def test_no_code_or_quotation_gets_through(noise: str) -> None:
    out = scorable_text(
        f"> secret {noise.replace(chr(10), ' ')}\n\n```\nsecret\n{noise.replace('`', '')}\n```\nhello"
    )
    assert "secret" not in out
    assert "hello" in out


HOSTILE = {
    "brackets": "[" * 40_000,
    "images": "![" * 20_000,
    "links never closed": "[a](" * 10_000,
    "titles never closed": '](a "' * 8_000,
    "links in links": "[" * 10_000 + "a" + "](b)" * 7_500,
    "images in images": "![" * 8_000 + "a" + "](b)" * 6_000,
    "parentheses": "[](" + "(a)" * 13_000,
    "backslashes in an address": "[](" + "\\." * 19_990,
    "emphasis never closed": "*a" * 20_000,
    "emphasis opened and closed": "**a " * 10_000,
    "underscores": "_a " * 13_000,
    "strikes": "~~" * 20_000,
    "backticks": "`" * 40_000,
    "backticks of all lengths": "".join("`" * (length % 280) + " " for length in range(280)),
    "carets": "^" * 40_000,
    "superscripts": "^(" * 20_000,
    "spoilers": ">!a" * 13_000,
    "addresses": "http://" * 5_700,
    "addresses in angles": "<http:" * 6_600,
    "entities": "&#1" * 13_000,
    "quotes": ">" * 40_000,
    "list marks": "- " * 20_000,
    "lines": "\n" * 40_000,
    "indented lines": (" " * 100 + "x\n") * 390,
    "tabs": "\t" * 40_000,
    "pipes": "|" * 40_000,
    "tables": "a|b\n-|-|-\n" * 3_600,
    "emoji": "😀" * 10_000,
    "emoji apart": "😀 " * 10_000,
    "rows just below the limit": ("!" * 23 + "?" * 23) * 800,
    "prose": "the quick brown fox is really not bad at all. " * 850,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_of_any_length_does_not_hang(text: str) -> None:
    longest = (text * (MAX_CHARACTERS // len(text) + 2))[: MAX_CHARACTERS + 1]
    assert len(scorable_text(longest)) <= 2 * len(longest)


@needs_data
def test_recorded_texts_come_out_clean() -> None:
    for row in rows(RECORDED):
        text = row["data"].get("body") or row["data"].get("selftext") or ""
        out = scorable_text(text)
        assert "](" not in out
        assert "http://" not in out.lower()
        assert len(out) <= 2 * len(text)
