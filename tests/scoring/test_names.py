"""Names that may be those of untracked tools: read from texts, and proposed when they come up often."""

import marshal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment_service.scoring.mentions import catalogue_frame
from sentiment_service.scoring.names import MOST_NAMES, NameReader, Proposal, propose, reader_from_frame
from tests.scoring.finders import RULES, TOOLS

READER = reader_from_frame(marshal.loads(marshal.dumps(catalogue_frame(TOOLS, RULES))))  # noqa: S302


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("last week we moved to Antigravity and never looked back", ["Antigravity"]),
        ("has anyone tried Warp AI, or Augment Code?", ["Warp AI", "Augment Code"]),
        ("running Qwen Coder 3 locally", ["Qwen Coder"]),
        ("running Qwen3 locally", ["Qwen"]),
        ("DeepSeek is cheap. OpenRouter too", ["DeepSeek", "OpenRouter"]),
        ("Warp AI is my terminal now", ["Warp AI"]),
        ("I like Lovable. I like Lovable a lot", ["Lovable"]),
        ("the new GLM 4.6 is good", ["GLM"]),
        ("made with Lovable.dev, or Trae.", ["Lovable", "Trae"]),
    ],
)
def test_capitalised_names_and_what_looks_like_a_product_are_read(text: str, names: list[str]) -> None:
    assert READER.names_in(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Honestly nobody knows. Everything breaks. - Sometimes",
        "we met on Monday in Germany and spoke English",
        "Sam Altman and Dario Amodei said so, Elon disagrees",
        "the API of the LLM is on AWS, PRs and GPUs welcome",
        "I use Python and TypeScript on Windows with Docker",
        "see r/LocalLLaMA and u/Somebody and #Hashtag and @Person",
        "Why Does Every Headline Look Like Some Bookish Thing",
        "THIS IS SHOUTING AND MEANS NOTHING",
        "the tunnel id is SzBI2Tfb2jc",
        "it found the bug in App.tsx and in Foobar.py, not in Widget.test.ts",
        "Open AI and Google did it",
        "it's all lower case here, antigravity or not",
    ],
)
def test_what_is_capitalised_for_another_reason_is_not(text: str) -> None:
    assert READER.names_in(text) == []


@pytest.mark.parametrize(
    "text",
    ["we use Cursor here", "we use Claude Opus 4", "the ClaudeCode way"],
)
def test_whatever_holds_a_tracked_name_is_not(text: str) -> None:
    assert READER.names_in(text) == []
    assert NameReader([]).names_in(text) != []


def test_a_text_gives_a_bounded_number_of_names() -> None:
    text = " ".join(f"use Xy{'abcdefghij'[n // 10 % 10]}{'klmnopqrst'[n % 10]}Tool, and" for n in range(100))
    assert len(READER.names_in(text)) == MOST_NAMES


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read_and_gives_each_name_once(text: str) -> None:
    names = READER.names_in(text)
    assert len({name.lower() for name in names}) == len(names)


def test_names_are_proposed_from_the_minimum_on_most_frequent_first() -> None:
    found = propose({"Lovable": 50, "Bolt": 49, "Trae": 80}, known=[], minimum=50)
    assert found == [Proposal("Trae", 80, ("Trae",)), Proposal("Lovable", 50, ("Lovable",))]


def test_spellings_of_one_name_count_together() -> None:
    found = propose({"Open Router": 20, "OpenRouter": 30, "Openrouter": 5}, known=[], minimum=50)
    assert found == [Proposal("Open Router", 55, ("Open Router", "OpenRouter", "Openrouter"))]


def test_a_part_of_a_longer_name_counts_for_the_longer_one() -> None:
    counts = {"Augment": 40, "Augment Code": 30, "Bolt": 90, "Bolt Agent": 20}
    assert propose(counts, known=[], minimum=60) == [
        Proposal("Bolt", 90, ("Bolt",)),
        Proposal("Augment Code", 70, ("Augment", "Augment Code")),
    ]


def test_what_any_tool_is_called_is_not_proposed() -> None:
    assert propose({"Claude Code": 99, "ClaudeCode": 99, "Bolt": 60}, known=["claude-code"], minimum=50) == [
        Proposal("Bolt", 60, ("Bolt",))
    ]
