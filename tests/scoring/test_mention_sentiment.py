"""What is said of which tool; with labels that a person gave in ``comparative_sentences.tsv``."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.models import Label
from sentiment_service.scoring.mention_sentiment import (
    MAX_CLAUSES,
    MAX_EXCERPT,
    MAX_OPINIONS,
    excerpt_around,
    mention_parts,
)
from sentiment_service.scoring.scorer import SCORERS, Score, Scorer, Thresholds, create_scorer
from tests.data import needs_data
from tests.scoring.comparative_sentences import (
    Found,
    Sentence,
    find_names,
    held_out,
    sentences,
    share_right,
    tuned,
    unfamiliar,
    unfamiliar_seen,
    whole_text_share_right,
)
from tests.scoring.real_titles import titles_held_back, titles_looked_at

THRESHOLDS = Thresholds(0.1, -0.1)
LOCAL_SCORERS = sorted({"textblob", "reddit"} & set(SCORERS))


class CountingScorer:
    """Knows *good* and *bad*, and what it was asked."""

    name = "counting@1"

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def score(self, text: str) -> Score:
        self.asked[text] += 1
        polarity = 0.5 * (("good" in text) - ("bad" in text))
        return Score(polarity, 0.5, THRESHOLDS.label_of(polarity), 0.5)


@pytest.fixture(scope="module", params=LOCAL_SCORERS)
def scorer(request: pytest.FixtureRequest) -> Scorer:
    return create_scorer(request.param, THRESHOLDS)


def labels_of(text: str, scorer: Scorer) -> dict[str, Label]:
    return {part.tool_id: part.label for part in mention_parts(text, find_names(text), scorer)}


def test_there_are_enough_sentences_and_each_names_what_it_labels() -> None:
    assert len({sentence.text for sentence in sentences()}) == len(sentences()) >= 200
    for sentence in (*sentences(), *unfamiliar(), *unfamiliar_seen()):
        assert {found.tool_id for found in sentence.finds} == set(sentence.labels), sentence.text


@pytest.mark.parametrize("chosen", [sentences, tuned, held_out])
def test_four_of_five_mentions_are_labelled_as_a_person_would(
    chosen: Callable[[], Sequence[Sentence]], scorer: Scorer
) -> None:
    assert share_right(chosen(), scorer) >= 0.8


def test_sentences_worded_unlike_the_rules_are_read_better_than_by_one_score_for_the_whole_text() -> None:
    scorer = create_scorer("reddit", THRESHOLDS)
    for chosen in (unfamiliar(), unfamiliar_seen()):
        assert share_right(chosen, scorer) >= whole_text_share_right(chosen, scorer) + 0.1


@needs_data
def test_two_of_three_mentions_in_real_titles_are_labelled_as_a_person_would() -> None:
    scorer = create_scorer("reddit", THRESHOLDS)
    for chosen in (titles_held_back(), titles_looked_at()):
        assert all({found.tool_id for found in title.finds} == set(title.labels) for title in chosen)
        assert share_right(chosen, scorer) >= 0.66


@pytest.mark.parametrize(
    "text",
    [
        "How do I use Cursor with a local model",
        "Best Cursor alternative for Python",
        "Looking for more members to join our Claude plan, great price",
    ],
)
def test_a_question_without_its_mark_is_no_opinion(text: str, scorer: Scorer) -> None:
    assert set(labels_of(text, scorer).values()) == {Label.NEUTRAL}


@pytest.mark.parametrize(
    ("text", "stands_against"),
    [
        ("Zed is bad. Aider opened the folder.", Label.POSITIVE),
        ("Zed is good. Aider opened the folder.", Label.NEGATIVE),
        ("Zed is a word. Aider opened the folder.", Label.NEUTRAL),
        ("Zed is bad. Yesterday I opened Aider.", Label.NEUTRAL),
    ],
)
def test_a_tool_that_nothing_is_said_of_stands_against_the_one_before(
    text: str, stands_against: Label
) -> None:
    assert labels_of(text, CountingScorer())["aider"] is stands_against


class LeaningScorer:
    """Takes every text for neutral with this probability, and leans the same way."""

    name = "leaning@1"

    def __init__(self, neutral: float) -> None:
        self._probabilities = (0.9 - neutral, neutral, 0.1)

    def score(self, text: str) -> Score:
        polarity = self._probabilities[2] - self._probabilities[0]
        return Score(polarity, 0.5, Label.NEUTRAL, 0.5, self._probabilities)


@pytest.mark.parametrize(
    ("text", "neutral", "said"),
    [
        ("Zed opened the folder.", 0.55, Label.NEGATIVE),
        ("Zed opened the folder.", 0.65, Label.NEUTRAL),
        ("Zed opened the folder", 0.55, Label.NEUTRAL),
        ("Has Zed opened the folder? Anyone.", 0.55, Label.NEUTRAL),
        ("Yesterday I opened Zed. Aider is great.", 0.55, Label.NEUTRAL),
    ],
)
def test_where_nothing_is_said_of_any_tool_a_whole_sentence_is_less_easily_neutral(
    text: str, neutral: float, said: Label
) -> None:
    assert labels_of(text, LeaningScorer(neutral))["zed"] is said


def test_one_score_for_a_whole_text_is_right_for_fewer_than_three_mentions_of_five(scorer: Scorer) -> None:
    assert whole_text_share_right(sentences(), scorer) <= 0.6


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("love Cursor, Copilot is a mess", {"cursor"}, {"copilot"}),
        ("Cursor is better than Copilot", {"cursor"}, {"copilot"}),
        ("Copilot can't hold a candle to Claude Code", {"claude-code"}, {"copilot"}),
        ("switched from Cursor to Zed", {"zed"}, {"cursor"}),
        ("Cursor > Zed", {"cursor"}, {"zed"}),
        ("ditched Copilot for Aider", {"aider"}, {"copilot"}),
        ("Codex beats Gemini", {"codex"}, {"gemini"}),
        ("Gemini is not as good as Codex", {"codex"}, {"gemini"}),
        ("I prefer Zed over Cursor", {"zed"}, {"cursor"}),
        ("Cursor is no worse than Zed", set(), set()),
        ("Is Cursor better than Zed?", set(), set()),
        ("I tried Cursor. It is terrible.", set(), {"cursor"}),
        ("Cursor, Windsurf and Cline are all great", {"cursor", "windsurf", "cline"}, set()),
    ],
)
def test_a_comparison_has_a_direction(
    text: str, positive: set[str], negative: set[str], scorer: Scorer
) -> None:
    found = labels_of(text, scorer)
    assert {tool for tool, label in found.items() if label is Label.POSITIVE} == positive
    assert {tool for tool, label in found.items() if label is Label.NEGATIVE} == negative


def test_no_find_means_no_part_and_no_scoring() -> None:
    counting = CountingScorer()
    assert mention_parts("this is good, that is bad", [], counting) == []
    assert counting.asked == Counter()


def test_parts_come_in_the_order_of_the_text_one_for_each_tool() -> None:
    text = "Zed is good. Aider is bad. Zed is bad."
    parts = mention_parts(text, reversed(find_names(text)), CountingScorer())
    assert [part.tool_id for part in parts] == ["zed", "aider"]


def test_sentences_without_a_name_are_about_the_last_one_named() -> None:
    text = "Yesterday Zed came up. Aider too. That one is bad." + " And so on." * 10 + " The weather is good."
    parts = mention_parts(text, find_names(text), CountingScorer())
    assert [(part.tool_id, part.label) for part in parts] == [
        ("zed", Label.NEUTRAL),
        ("aider", Label.NEGATIVE),
    ]


def test_a_short_text_with_one_tool_is_about_it_from_the_beginning() -> None:
    text = "This is good\n\nI mean Zed."
    assert labels_of(text, CountingScorer()) == {"zed": Label.POSITIVE}


def test_what_comes_after_but_counts_more() -> None:
    text = "Zed is good but it is bad"
    assert labels_of(text, CountingScorer()) == {"zed": Label.NEGATIVE}


def test_the_same_words_are_scored_once_and_not_more_than_there_is_room_for() -> None:
    counting = CountingScorer()
    text = "".join(f"Zed is thing {number // 2}. " for number in range(100))
    mention_parts(text, find_names(text), counting)
    assert set(counting.asked.values()) == {1}
    assert len(counting.asked) == MAX_OPINIONS / 2


def test_many_tools_share_a_bound() -> None:
    counting = CountingScorer()
    text = "".join(f"tool{number % 120} is thing {number}. " for number in range(1200))
    finds = [
        Found(f"tool{number % 120}", at := text.index(f"tool{number % 120} is thing {number}."), at + 4)
        for number in range(1200)
    ]
    assert len(mention_parts(text, finds, counting)) == 120
    assert counting.asked.total() <= MAX_CLAUSES


def test_an_excerpt_is_cut_at_words_around_the_mention() -> None:
    text = "before " * 60 + "Cursor" + " behind" * 60
    start = text.index("Cursor")
    excerpt = excerpt_around(text, start, start + 6)
    assert len(excerpt) <= MAX_EXCERPT
    assert set(excerpt.split()) == {"before", "Cursor", "behind"}
    assert excerpt_around("Use Cursor\n\n now", 4, 10) == "Use Cursor now"


@given(
    st.lists(
        st.sampled_from(
            [
                "Cursor",
                "zed",
                "but",
                "than",
                "better",
                ",",
                ".",
                "?",
                "\n\n",
                "not",
                "«",
                "\ud800",
                "\ue000",
                "x" * 300,
            ]
        ),
        max_size=60,
    )
)
def test_any_text_gives_one_bounded_part_for_each_tool(words: list[str]) -> None:
    text = " ".join(words)
    finds = find_names(text)
    parts = mention_parts(text, finds, CountingScorer())
    assert [part.tool_id for part in parts] == list(dict.fromkeys(found.tool_id for found in finds))
    for part in parts:
        assert -1 <= part.polarity <= 1
        assert 0 < len(part.excerpt) <= MAX_EXCERPT
