import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.scoring.clauses import MAX_SENTENCE, mask, split_clauses, split_sentences
from tests.scoring.comparative_sentences import find_names


def sentences_of(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in split_sentences(text)]


def clauses_of(text: str) -> list[str]:
    finds = find_names(text)
    sentence = mask(text, (0, len(text)), finds, [found.start for found in finds])
    return [
        clause.masked.translate({0xE000 + at: chr(0x41 + at) for at in range(26)})
        for clause in split_clauses(sentence)
    ]


def test_sentences_end_at_full_stops_marks_and_paragraphs() -> None:
    text = (
        "I tried Cursor. It is terrible!! Really? A title\n\nthe next one, e.g. version 3.5 of v0.dev. 👍 yes"
    )
    assert sentences_of(text) == [
        "I tried Cursor.",
        "It is terrible!!",
        "Really?",
        "A title",
        "the next one, e.g. version 3.5 of v0.dev.",
        "👍 yes",
    ]


@given(st.text(alphabet=st.sampled_from("ab .!?\n\"'“”«(,👍\ud800\ue000é"), max_size=1500))
def test_sentences_are_in_order_bounded_and_leave_out_only_blanks(text: str) -> None:
    at = 0
    for start, end in split_sentences(text):
        assert text[at:start].strip() == ""
        assert 0 < end - start <= MAX_SENTENCE
        at = end
    assert text[at:].strip() == ""


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("love Cursor, Copilot is a mess", ["love A", "B is a mess"]),
        ("I like Cursor and Copilot is a mess", ["I like A", "and B is a mess"]),
        ("Cursor, Windsurf and Cline are all great", ["A, B and C are all great"]),
        ("Cursor rocks; Copilot doesn't", ["A rocks", "B doesn't"]),
        ("Cursor rocks – Copilot doesn't", ["A rocks", "B doesn't"]),
        ("While Cursor is nice, Copilot is not", ["While A is nice", "B is not"]),
        ("Cursor is fast, cheap and fun", ["A is fast, cheap and fun"]),
        ("Compared to Cursor, Copilot is fine", ["Compared to A, B is fine"]),
        ("Once in a while Cursor fails", ["Once in a while A fails"]),
        ("zed vs cursor: zed wins", ["A vs B", "C wins"]),
        ("I think Cursor and Zed are great", ["I think A and B are great"]),
        ("Cursor is well-made", ["A is well-made"]),
        ("but", []),
    ],
)
def test_clauses_come_apart_where_another_tool_is_spoken_of(text: str, clauses: list[str]) -> None:
    assert clauses_of(text) == clauses


def test_a_clause_knows_its_tools_and_what_leads_up_to_it() -> None:
    text = "Cursor is fine but Zed and Aider are better"
    finds = find_names(text)
    clauses = split_clauses(mask(text, (0, len(text)), finds, [found.start for found in finds]))
    assert [clause.tools for clause in clauses] == [("cursor",), ("zed", "aider")]
    assert [clause.after_contrast for clause in clauses] == [False, True]


def test_a_mark_in_the_text_is_no_tool() -> None:
    text = "\ue000\ue001 Cursor \uf8ff"
    finds = find_names(text)
    sentence = mask(text, (0, len(text)), finds, [found.start for found in finds])
    assert sentence.masked == "   \ue000  "
    assert sentence.tools_in(sentence.masked) == ("cursor",)


def test_of_overlapping_names_the_first_counts() -> None:
    text = "Claude Code is fun"
    finds = [*find_names(text), *find_names(text[:6])]
    finds.sort(key=lambda found: found.start)
    sentence = mask(text, (0, len(text)), finds, [found.start for found in finds])
    assert sentence.masked == "\ue000 is fun"
