"""Whether a tool is meant where its name stands: the signs, and what they say together."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from sentiment_service.scoring.mention_rules import MentionRules
from sentiment_service.scoring.names_table import Name, Searched
from sentiment_service.scoring.phrases import Match, PhraseTree, Words, words_of
from sentiment_service.scoring.spelling import has_article, has_telling_capital, has_version

CLEAR = 0.95
"""Confidence of a name that means nothing but the tool."""

ENOUGH = 0.5
"""Confidence from which an ambiguous name speaks for other names as well."""

MOST_CONTEXT_WORDS = 2

_JOINING = frozenset(
    {"and", "or", "vs", "versus", "to", "than", "from", "over", "with", "nor", "plus", "into"}
)
_JOINING_SIGNS = frozenset(",/+|>&=<")


class Place(NamedTuple):
    """A name where it stands in a text."""

    name: Name
    first: int
    """Index of its first word."""
    after: int
    """Index of the word after its last."""


class Misreadings(NamedTuple):
    """Where a text says that something else is meant."""

    covered: set[tuple[str, int]]
    """Names with their first word's index, within a phrase that means something else."""
    near: dict[str, list[int]]
    """By name, the indices of words that speak against it."""

    def cover(self, match: Match[Name]) -> bool:
        """Whether the name is part of a phrase that means something else."""
        return (match.value.key, match.first) in self.covered


class _Against(NamedTuple):
    """What a misleading phrase says."""

    near: list[str]
    """Names that it speaks against from nearby."""
    around: list[tuple[str, int]]
    """Names that it holds, each with the index of the word where it begins."""


class SignReader:
    """Weighs the signs.

    :param tools: those that are searched for.
    :param rules: what to go by.
    """

    def __init__(self, tools: Sequence[Searched], rules: MentionRules) -> None:
        self._signs, self._distance, self._alone = rules.signs, rules.context_distance, rules.alone
        self._context = frozenset(each.lower() for each in rules.context_words)
        self._misleading = _misleading_tree(rules)
        self._homes = {tool.id: frozenset(each.lower() for each in tool.home_subreddits) for tool in tools}
        self._related = frozenset(each.lower() for each in rules.related_subreddits)

    def misreadings(self, words: Words) -> Misreadings:
        """Where something else is meant."""
        found = Misreadings(set(), {})
        for match in self._misleading.all(words):
            for key in match.value.near:
                found.near.setdefault(key, []).append(match.first)
            found.covered.update((key, match.first + offset) for key, offset in match.value.around)
        return found

    def confidences(
        self, words: Words, places: Sequence[Place], misread: Misreadings, subreddit: str
    ) -> list[float]:
        """How sure it is of each place, in [0, 1], that the tool is meant.

        First each by itself; then those that are not sure are helped by those that are.

        :param places: in the order of the text.
        :param subreddit: in lower case.
        """
        against = [self._speaks_against(place, misread) for place in places]
        if all(not place.name.ambiguous for place in places):
            return [_limited(CLEAR - less) for less in against]
        context = self._context_words(words, places)
        first = [
            (self._of_itself(words, place, context, subreddit) if place.name.ambiguous else CLEAR) - less
            for place, less in zip(places, against, strict=True)
        ]
        helped = _Company(words, places, first, self._distance)
        signs = self._signs
        return [
            _limited(
                value
                + signs.company * helped.has_company(index)
                + signs.listed * helped.is_listed(index)
                + signs.clear_mention * helped.has_clear_mention(index)
            )
            if place.name.ambiguous
            else _limited(value)
            for index, (place, value) in enumerate(zip(places, first, strict=True))
        ]

    def _of_itself(self, words: Words, place: Place, context: list[int], subreddit: str) -> float:
        signs, name = self._signs, place.name
        value = self._alone.get(name.key, signs.alone)
        if subreddit in self._homes[name.tool_id]:
            value += signs.home_subreddit
        elif subreddit in self._related:
            value += signs.related_subreddit
        near = _count(context, place.first - self._distance, place.after + self._distance)
        value += signs.context_word * min(MOST_CONTEXT_WORDS, near)
        if has_telling_capital(words, place.first, place.after, name.spelled):
            value += signs.capital
        value += signs.version * has_version(words, place.after)
        return value - signs.article * has_article(words, place.first)

    def _speaks_against(self, place: Place, misread: Misreadings) -> float:
        near = misread.near.get(place.name.key, [])
        before = _count(near, place.first - self._distance, place.first)
        return self._signs.misleading * bool(
            before or _count(near, place.after, place.after + self._distance)
        )

    def _context_words(self, words: Words, places: Sequence[Place]) -> list[int]:
        """Indices of context words, those left out that are part of a name."""
        taken = {index for place in places for index in range(place.first, place.after)}
        return [
            index for index, word in enumerate(words.words) if word in self._context and index not in taken
        ]


class _Company:
    """What the names in a text say for each other."""

    def __init__(
        self, words: Words, places: Sequence[Place], confidences: Sequence[float], distance: int
    ) -> None:
        self._words, self._places, self._distance = words, places, distance
        self._clear = [value >= ENOUGH for value in confidences]
        self._firsts = [place.first for place in places]
        self._clear_tools = {
            place.name.tool_id for place, clear in zip(places, self._clear, strict=True) if clear
        }

    def has_clear_mention(self, index: int) -> bool:
        """Whether the tool is mentioned beyond doubt anywhere, or another one nearby."""
        if self._clear[index] or self._places[index].name.tool_id in self._clear_tools:
            return True
        return any(self._clear[other] for other in self._near(index))

    def has_company(self, index: int) -> bool:
        """Whether a name of another tool is nearby."""
        return bool(self._near(index))

    def is_listed(self, index: int) -> bool:
        """Whether another tool's name is right before or after: ``X, Y``, ``X vs Y``, ``from X to Y``."""
        places, mine = self._places, self._places[index].name.tool_id
        pairs = [(index - 1, index)] * (index > 0) + [(index, index + 1)] * (index + 1 < len(places))
        return any(
            mine != places[left + right - index].name.tool_id
            and _joined(self._words, places[left], places[right])
            for left, right in pairs
        )

    def _near(self, index: int) -> list[int]:
        """Places of other tools nearby; at most as many as there are words nearby."""
        place = self._places[index]
        low = bisect_left(self._firsts, place.first - self._distance)
        high = bisect_left(self._firsts, place.after + self._distance)
        mine = place.name.tool_id
        return [other for other in range(low, high) if self._places[other].name.tool_id != mine]


def _joined(words: Words, left: Place, right: Place) -> bool:
    between = words.words[left.after : right.first]
    if len(between) > 1:
        return False
    signs = words.lowered[words.ends[left.after - 1] : words.starts[right.first]]
    if "\n\n" in signs or "." in signs:
        return False
    return between[0] in _JOINING if between else any(each in _JOINING_SIGNS for each in signs)


def _count(indices: Sequence[int], low: int, high: int) -> int:
    """How many of the sorted indices are in [low, high)."""
    return bisect_left(indices, high) - bisect_left(indices, low)


def _limited(value: float) -> float:
    return min(1.0, max(0.0, round(value, 4)))


def _misleading_tree(rules: MentionRules) -> PhraseTree[_Against]:
    tree: PhraseTree[_Against] = PhraseTree()
    by_phrase: dict[str, _Against] = {}
    for name, phrases in rules.misleading.items():
        key, name_words = name.lower(), words_of(name).words
        for phrase in phrases:
            against = by_phrase.setdefault(phrase.lower(), _Against([], []))
            offset = _offset(words_of(phrase).words, name_words)
            if offset is None:
                against.near.append(key)
            else:
                against.around.append((key, offset))
    for phrase, against in by_phrase.items():
        tree.add(phrase, against)
    return tree


def _offset(words: list[str], part: list[str]) -> int | None:
    """Where the part begins within the words; ``None`` when it is not there, or is all there is."""
    if len(words) <= len(part):
        return None
    starts = range(len(words) - len(part) + 1)
    return next((start for start in starts if words[start : start + len(part)] == part), None)
