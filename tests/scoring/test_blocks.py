import pytest

from sentiment_service.scoring.blocks import paragraphs


def blocks(markdown: str) -> list[str]:
    return list(paragraphs(markdown))


def test_a_blank_line_ends_a_paragraph_and_a_line_break_does_not() -> None:
    assert blocks("one\ntwo\n\n  \n three") == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    "code",
    [
        "```\nbad()\n```",
        "```python\nbad()\n````",
        "~~~\nbad()\n```\n~~~",
        "\n    bad()\n\n    worse()\n",
        "\n\tbad()\n",
    ],
)
def test_code_blocks_are_left_out(code: str) -> None:
    assert blocks(f"before\n{code}\nafter") == ["before", "after"]


def test_an_unclosed_fence_reaches_to_the_end() -> None:
    assert blocks("before\n```\nbad()\n\nbad()") == ["before"]


def test_three_backticks_around_words_of_one_line_are_no_fence() -> None:
    assert blocks("```x``` is fine\nreally") == ["```x``` is fine\nreally"]


def test_an_indented_line_within_a_paragraph_is_no_code() -> None:
    assert blocks("one\n    two") == ["one\ntwo"]


def test_an_indented_paragraph_of_a_list_item_is_no_code() -> None:
    assert blocks("- item\n\n    more of it\n\n        code()\n\nafter\n\n    code()") == [
        "item",
        "more of it",
        "after",
    ]


def test_quoted_lines_are_left_out_and_the_answer_below_is_kept() -> None:
    assert blocks("> you are wrong\n>> no, you\nI am not\n\n>also quoted") == ["I am not"]


@pytest.mark.parametrize("line", [">:(", ">:D", ">;]", ">.>", ">!spoiler!<"])
def test_an_angry_face_or_a_spoiler_is_no_quotation(line: str) -> None:
    assert blocks(line) == [line]


def test_headings_stand_alone_without_their_marks() -> None:
    assert blocks("intro\n## The good ##\ntext\n#No space\n# I love C#") == [
        "intro",
        "The good",
        "text",
        "No space",
        "I love C#",
    ]


def test_underlines_and_rules_are_left_out() -> None:
    assert blocks("Title\n=====\ntext\n* * *\nmore\n---") == ["Title", "text", "more"]


def test_each_list_item_stands_alone_without_its_mark() -> None:
    assert blocks("* one\n+ two\n  - three\n12. four\n5) five\n-not an item") == [
        "one",
        "two",
        "three",
        "four",
        "five\n-not an item",
    ]


def test_a_table_becomes_its_words() -> None:
    assert blocks("Tool|Verdict\n:--|--:\nCursor|great\n\na|b") == ["Tool\nVerdict\nCursor\ngreat", "a|b"]


def test_a_straight_face_is_no_table() -> None:
    assert blocks("hm\n:-|") == ["hm\n:-|"]


def test_definitions_of_links_are_left_out_but_not_edit_notes() -> None:
    assert blocks("text\n[1]: https://example.com\n[edit]: I was wrong") == ["text", "[edit]: I was wrong"]
