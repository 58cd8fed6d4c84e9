"""The search for tools: how right it is on labelled sentences, and each of its rules."""

import marshal
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment_service.scoring.mention_rules import MentionRules
from sentiment_service.scoring.mentions import (
    MOST_OF_ONE_TOOL,
    MentionFinder,
    catalogue_frame,
    finder_from_frame,
)
from tests.scoring.finders import RULES, TOOLS, calls_made, counts, default_finder, rates, tools_in
from tests.scoring.mention_sentences import (
    ABOUT_TOOLS,
    CHOSEN_ON,
    HELD_BACK,
    SENTENCES,
    WITHOUT_TOOLS,
    Sentence,
)

FINDER = default_finder()
BY_ID = {tool.id: tool for tool in TOOLS}


def test_there_are_enough_sentences_and_half_of_them_are_traps() -> None:
    assert len({sentence.text for sentence in SENTENCES}) == len(SENTENCES) >= 400
    assert 0.45 <= len(WITHOUT_TOOLS) / len(SENTENCES) <= 0.55
    assert set().union(*(sentence.tools for sentence in ABOUT_TOOLS)) == BY_ID.keys()


@pytest.mark.parametrize("sentences", [CHOSEN_ON, HELD_BACK], ids=["chosen on", "held back"])
def test_nine_of_ten_finds_are_right_and_at_most_one_of_seven_mentions_is_missed(
    sentences: Sequence[Sentence],
) -> None:
    precision, recall, _ = rates(list(counts(FINDER, sentences).values()))
    assert (precision >= 0.90, recall >= 0.85) == (True, True), (precision, recall)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I use GitHub Copilot", {"github-copilot"}),
        ("I use github-copilot", {"github-copilot"}),
        ("I use github_copilot", {"github-copilot"}),
        ("I use GitHubCopilot", {"github-copilot"}),
        ("ChatGPT's answer", {"chatgpt"}),
        ("ChatGPT’s answer", {"chatgpt"}),
        ("two ChatGPTs arguing", {"chatgpt"}),
        ("asked chat-gpt and ChatGTP", {"chatgpt"}),
        ("GPT-5, gpt4o and GPT 4.1", {"chatgpt"}),
        ("made in v0.dev", {"v0"}),
        ("v0. dev team is small", set()),
        ("Amazon Q is slow", {"amazon-q"}),
        ("Amazon Q4 numbers", set()),
        ("Amazon Q&A session", set()),
        ("xChatGPT or ChatGPTx", set()),
        ("the subreddit r/ChatGPT", set()),
        ("ask u/Windsurf", set()),
        ("ТChatGPT", set()),
        ("ChatGPT, obviously", {"chatgpt"}),
        ("(ChatGPT)", {"chatgpt"}),
    ],
)
def test_names_are_found_as_words_of_their_own_however_they_are_put_together(
    text: str, found: set[str]
) -> None:
    assert tools_in(FINDER, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Claude Code is great for coding", {"claude-code"}),
        ("Claude and Claude Code both write code", {"claude", "claude-code"}),
        ("claude codes better than my team with any prompt", {"claude"}),
        ("I let Claude code my app with one prompt", {"claude"}),
        ("Codex CLI is neat", {"codex"}),
        ("ChatGPT Codex is neat", {"codex"}),
    ],
)
def test_the_longest_name_at_a_place_wins(text: str, found: set[str]) -> None:
    assert tools_in(FINDER, text) == found


@pytest.mark.parametrize(
    ("subreddit", "text", "found"),
    [
        ("programming", "cursor is what I look at", set()),
        ("Cursor", "cursor is what I look at", {"cursor"}),
        ("CURSOR", "cursor is what I look at", {"cursor"}),
        ("Cursor", "mouse cursor is what I look at", set()),
        ("programming", "cursor is my editor for every repo", {"cursor"}),
        ("programming", "we tried cursor and GitHub Copilot", {"cursor", "github-copilot"}),
        ("programming", "cursor vs windsurf, which editor", {"cursor", "windsurf"}),
        ("programming", "cursor " + "word " * 30 + "my editor for every repo", set()),
        ("programming", "Cursor AI is out. " + "word " * 30 + "and cursor again", {"cursor"}),
        ("ClaudeAI", "cursor is slow, any model?", {"cursor"}),
    ],
)
def test_an_ambiguous_name_needs_a_home_or_company_or_context_nearby(
    subreddit: str, text: str, found: set[str]
) -> None:
    assert tools_in(FINDER, text, subreddit) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("last week I opened Zed for the first time, a new editor with agents", {"zed"}),
        ("Zed opened it for the first time, what a prompt", set()),
        ("He did it. Zed opened it, what a prompt", set()),
        ("yesterday Zed Miller opened it, what a prompt", set()),
        ("Why Every Zed Story Needs Another Great Prompt", set()),
        ("so I gave CC another prompt to work with", set()),
        ("Gemini 2.5 answers", {"gemini"}),
        ("gemini 2 days ago", set()),
    ],
)
def test_capitals_and_versions_are_signs_but_not_those_of_sentences_headlines_and_people(
    text: str, found: set[str]
) -> None:
    assert tools_in(FINDER, text, "pics") == found


@pytest.mark.parametrize(
    "text",
    [
        "conn.cursor() in python code with a model",
        "cursor.execute fails in python code with a model",
        "the cursor_id in python code with a model",
        "Claude Monet would have used a better model and code",
    ],
)
def test_code_and_phrases_that_mean_something_else_are_no_mentions(text: str) -> None:
    assert tools_in(FINDER, text) == set()


def test_a_find_says_where_and_how_sure_it_is() -> None:
    text = "İß 😀 I like Claude Code's plans, cursor too"
    found = [(text[find.start : find.end], find.tool_id) for find in FINDER.find(text, "Cursor")]
    assert found == [("Claude Code", "claude-code"), ("cursor", "cursor")]
    assert all(0.5 <= find.confidence <= 1 for find in FINDER.find(text, "Cursor"))


def test_a_tools_own_threshold_decides_what_counts() -> None:
    strict = MentionFinder([replace(BY_ID["cursor"], detection_threshold=0.97)], RULES)
    lax = MentionFinder([replace(BY_ID["cursor"], detection_threshold=0.0)], RULES)
    assert tools_in(strict, "Cursor AI is nice") == set()
    assert tools_in(lax, "the cursor is nice") == {"cursor"}


def test_a_name_of_two_tools_is_the_firsts_and_a_given_name_comes_before_a_made_one() -> None:
    first = replace(BY_ID["zed"], id="first", name="Open Draw", aliases=(), ambiguous=())
    second = replace(first, id="second", name="Other", aliases=("Open Draw", "OpenDraw"))
    finder = MentionFinder([first, second], MentionRules())
    assert tools_in(finder, "Open Draw") == {"first"}
    assert tools_in(finder, "OpenDraw") == {"second"}


def test_nothing_is_found_without_tools_or_text() -> None:
    assert MentionFinder([], RULES).find("Cursor AI and ChatGPT", "Cursor") == []
    assert FINDER.find("", "Cursor") == []


def test_a_frame_goes_to_another_process_and_finds_the_same() -> None:
    frame = marshal.loads(marshal.dumps(catalogue_frame(TOOLS, RULES)))  # noqa: S302
    other = finder_from_frame(frame)
    for sentence in SENTENCES:
        assert other.find(sentence.text, sentence.subreddit) == FINDER.find(sentence.text, sentence.subreddit)


_PIECES = st.one_of(
    st.sampled_from(
        ["cursor", "Claude", " Code", "claude-code", "v0", ".dev", "GPT", "-4o", "\ud800", "😀", "'s"]
    ),
    st.sampled_from([" ", "\n\n", ". ", ", ", " vs ", "r/", "İ", "ß", "_", "mouse ", "agent "]),
    st.text(max_size=5),
)


@given(st.lists(_PIECES, max_size=40).map("".join), st.sampled_from(["Cursor", "programming", ""]))
@settings(max_examples=300, deadline=None)
def test_whatever_the_text_finds_are_in_it_in_order_and_apart(text: str, subreddit: str) -> None:
    after = 0
    for find in FINDER.find(text, subreddit):
        assert after <= find.start < find.end <= len(text)
        assert 0.5 <= find.confidence <= 1
        after = find.end


@pytest.mark.parametrize(
    "unit",
    [
        "cursor ",
        "cursor, zed, ",
        "jules verne ",
        "claude code ",
        "gpt4",
        "😀",
        "\ud800cursor ",
        "İcursor ",
        "a",
        "1a",
        "-",
    ],
    ids=ascii,
)
def test_the_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    """Counted in calls rather than in seconds, which depend on who else is computing."""
    short, long = (calls_made(FINDER, unit * (length // len(unit))) for length in (4_000, 40_000))
    assert long <= 15 * short


def test_a_text_full_of_one_name_gives_the_first_of_it_and_others_still() -> None:
    found = FINDER.find("ChatGPT " * 1000 + "and Tabnine", "programming")
    assert [find.tool_id for find in found] == ["chatgpt"] * MOST_OF_ONE_TOOL + ["tabnine"]


def test_all_names_are_searched_for_at_once() -> None:
    dice = random.Random(1)
    many = [
        replace(TOOLS[0], id=f"t{n}", name=f"Tool{dice.getrandbits(40):x}", aliases=(), ambiguous=())
        for n in range(1000)
    ]
    text = "some words about nothing in particular " * 20
    for_few, for_many = (calls_made(MentionFinder(tools, RULES), text) for tools in (many[:10], many))
    assert for_many <= for_few + 20
