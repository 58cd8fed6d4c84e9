"""What a text says of each tool named in it.

Each tool is scored from the clauses that are about it:

- those that name it, and those after them that name none (*I tried Cursor. It is terrible.*);
- where a clause compares (*better than*, *ditched X for Y*, *unlike X*), by the side it is on;
- in a short text with one tool only, the whole text.

The polarity of a tool is the mean of its clauses that say something, those after a contrast counting more.
Where they say nothing of any tool, each gets what its sentence says, taken less easily for neutral.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from sentiment_service.models import Label
from sentiment_service.scoring.clauses import (
    MARKS,
    Clause,
    FoundTool,
    MaskedSentence,
    mask,
    split_clauses,
    split_sentences,
)
from sentiment_service.scoring.comparisons import EVEN, Comparison, apart_from_evenness, compared, measured_by
from sentiment_service.scoring.scorer import Score, Scorer
from sentiment_service.scoring.verdicts import affirms, beats_it, denies_it_all, only_one, verdict
from sentiment_service.tools import LabelOf, MentionPart

MAX_OPINIONS = 12
"""Clauses that a tool is scored from, the first ones in the text."""

MAX_CLAUSES = 240
"""Clauses that all tools together are scored from; but at least one for each."""

MAX_FOLLOWING = 4
"""Sentences without a tool that still belong to the last one named."""

MAX_WHOLE = 1_000
"""Characters up to which all of a text with one tool is about that tool, also what comes before its name."""

MAX_EXCERPT = 200
"""Characters."""

_DIRECTION = 0.5
"""Polarity of winning a comparison that says no more."""
_VERDICT_SHARE = 0.7
"""Weight of a verdict against the scorer's polarity of the same clause."""
_AFTER_CONTRAST = 2.0
"""Weight of a clause after *but*: it is what the sentence is for."""
_FAINT = 0.05
"""Polarities nearer to zero say nothing."""
_NEUTRAL_FROM = 0.5
"""Probability of neutral from which a scorer that knows it says nothing of a clause.

Chosen on sentences and on real titles together: most titles are neutral, most of the sentences are not.
"""
_NEUTRAL_PROSE_FROM = 0.6
"""The same for a whole sentence that ends with a full stop, in a text that no clause tells anything in.

Headlines mostly only report, and end with none; in whole sentences people say what they think.
"""
_KNOWN = 0.1
"""Polarity from which something is known of a tool."""
_CLEAR = 0.15
"""Polarity from which a tool is one that others can stand against."""
_CONTRASTED = 0.2
"""Polarity of a tool of which only is known that it stands against another (*X crashed. Y didn't blink.*)."""

_TOOL = re.compile(f"[{MARKS}]")
_ENDS_PROSE = re.compile(r"[.!…][\s)\"'”’*]*$")
_ASKS = re.compile(r"\?[\s)\"'!?]*$")
_QUESTION = re.compile(
    r"(?:is|are|am|was|do|does|did|can|could|should|would|will|what|which|how|who|where|when|has|have|anyone|any|"
    r"anybody|looking for)\b"
)
_ASKS_UNMARKED = re.compile(
    r"(?:how (?:do|does|can|could|should|to|are)|what(?: \w+)? (?:is|are|do)|what['’]s|which|"
    r"where (?:do|can|is)|looking for|need (?:help|advice)|"
    r"any(?:one|body)? (?:know|use|using|tried|have|tips|advice)|"
    rf"(?:\w+ )?(?:is the )?best (?:[\w{MARKS}]+ ){{1,3}}(?:for|to))\b"
)
"""Questions that titles leave without a question mark."""
_SUBJECT = re.compile(rf"(?:(?:and|but|while|whereas|then|the|with|my|our)\b\W*){{0,2}}[{MARKS}]")
_RHETORICAL = re.compile(r"\b(?:why would|who (?:even|still|needs)|what's not to)\b")
_ALL_OF_THEM = re.compile(
    r"\b(?:both|they all|all of (?:them|these)|neither|none of them|everything|they['’]re all|equally)\b"
)


def mention_parts(
    text: str,
    finds: Iterable[FoundTool],
    scorer: Scorer,
    label_of: Callable[[float], Label] = LabelOf(0.1, -0.1),  # noqa: B008  # frozen in all but name
) -> list[MentionPart]:
    """One part for each tool found, in the order in which they first come up; empty when none is.

    Takes time linear in the length of the text and the number of finds. The scorer is asked at most once for
    each of :data:`MAX_CLAUSES` clauses (or of as many as there are tools) and :data:`MAX_OPINIONS` sentences,
    never twice for the same words.

    :param text: as :func:`~sentiment_service.scoring.clean.scorable_text` gives it.
    :param finds: where tools are named in it, in any order.
    :param label_of: the label of a polarity that was not the scorer's alone.
    """
    ordered = sorted(finds, key=attrgetter("start", "end"))
    if not ordered:
        return []
    first: dict[str, FoundTool] = {}
    for found in ordered:
        first.setdefault(found.tool_id, found)
    reading = _Reading(scorer, {tool_id: [] for tool_id in first})
    if len(first) == 1 and len(text) <= MAX_WHOLE:
        reading.topics = tuple(first)
    starts = [found.start for found in ordered]
    for span in split_sentences(text):
        if not reading.wanting:
            break
        reading.sentence(mask(text, span, ordered, starts))
    reading.contrast()
    reading.fall_back()
    return [
        MentionPart(tool_id, polarity, label_of(polarity), excerpt_around(text, found.start, found.end))
        for tool_id, found in first.items()
        for polarity in (reading.polarity_of(tool_id),)
    ]


def excerpt_around(text: str, start: int, end: int) -> str:
    """At most :data:`MAX_EXCERPT` characters around a mention, whole words where there are any."""
    before = max(0, min(start - (MAX_EXCERPT - (end - start)) // 3, len(text) - MAX_EXCERPT))
    behind = min(len(text), before + MAX_EXCERPT)
    if before > 0 and not text[before - 1].isspace():
        before = next((at + 1 for at in range(before, start) if text[at].isspace()), start)
    if behind < len(text) and not text[behind].isspace():
        behind = next((at for at in range(behind, end, -1) if text[at].isspace()), behind)
    return " ".join(text[before:behind].split())


@dataclass(slots=True)
class _Reading:
    """A text being read from its beginning."""

    scorer: Scorer
    opinions: dict[str, list[tuple[float, float]]]
    """By tool: weight and polarity of each clause about it."""
    topics: tuple[str, ...] = ()
    """What clauses without a name are about."""
    following: int = 0
    """Sentences without a name since one with a name."""
    subjects: list[str] = field(default_factory=list)
    """The tools that clauses begin with, in order."""
    sentences: dict[str, str] = field(default_factory=dict)
    """By tool: the first sentence of prose that names it and asks nothing, names masked."""
    scored: dict[str, Score] = field(default_factory=dict)
    room: int = field(init=False)
    """Opinions that each tool may have."""
    wanting: set[str] = field(init=False)
    """Tools that have fewer."""

    def __post_init__(self) -> None:
        self.room = max(1, min(MAX_OPINIONS, MAX_CLAUSES // len(self.opinions)))
        self.wanting = set(self.opinions)

    def polarity_of(self, tool_id: str) -> float:
        """The weighted mean of the opinions that say something."""
        telling = [
            (weight, polarity) for weight, polarity in self.opinions[tool_id] if abs(polarity) > _FAINT
        ]
        total = sum(weight for weight, _ in telling)
        return sum(weight * polarity for weight, polarity in telling) / total if total else 0.0

    def contrast(self) -> None:
        """Give a tool of which nothing is known the opposite of the one that it stands against."""
        polarities = {tool_id: self.polarity_of(tool_id) for tool_id in self.subjects}
        for one, other in zip(self.subjects, self.subjects[1:], strict=False):
            for known, unknown in ((one, other), (other, one)):
                if abs(polarities[known]) >= _CLEAR and abs(polarities[unknown]) <= _FAINT:
                    sign = -1.0 if polarities[known] > 0 else 1.0
                    self.opinions[unknown].append((1.0, sign * _CONTRASTED))

    def fall_back(self) -> None:
        """Where nothing is known of any tool, each gets what the sentence says that names it first."""
        if any(abs(self.polarity_of(each)) >= _KNOWN for each in self.opinions):
            return
        for tool_id, masked in islice(self.sentences.items(), MAX_OPINIONS):
            if said := _said(self._score(masked), _NEUTRAL_PROSE_FROM):
                self.opinions[tool_id] = [(1.0, said)]

    def sentence(self, sentence: MaskedSentence) -> None:
        """Read one more sentence; unless it is about tools that enough is known of."""
        if self.wanting.isdisjoint(sentence.tools or self.topics):
            self.topics = sentence.tools[-1:] or self.topics
            self.following = 0 if sentence.tools else self.following + 1
            return
        clauses = split_clauses(sentence)
        named = [clause for clause in clauses if clause.tools]
        self.following = 0 if named else self.following + 1
        if named and not self.topics:
            self.topics = named[0].tools
        elif self.following > MAX_FOLLOWING:
            self.topics = ()
        asked = bool(clauses) and _asks(clauses[0].lowered, clauses[-1].lowered)
        if not asked and _ENDS_PROSE.search(sentence.masked):
            for tool_id in sentence.tools:
                self.sentences.setdefault(tool_id, sentence.masked)
        for clause in clauses:
            self._clause(clause, asked=asked)

    def _clause(self, clause: Clause, *, asked: bool) -> None:
        if (asked or _ASKS.search(clause.lowered)) and not _RHETORICAL.search(clause.lowered):
            self.topics = clause.tools or self.topics
        elif clause.tools:
            self._about_named(clause)
            if len(clause.tools) == 1 and _SUBJECT.match(clause.lowered):
                self.subjects.append(clause.tools[0])
        else:
            everyone = tuple(self.opinions) if _ALL_OF_THEM.search(clause.lowered) else ()
            self._note(clause, self.topics and (everyone or self.topics), 1.0)

    def _about_named(self, clause: Clause) -> None:
        tool_of = dict(zip(_TOOL.findall(clause.masked), clause.tools, strict=True))
        comparison = compared(clause.lowered) if len(set(clause.tools)) > 1 else None
        before, self.topics = self.topics, _unique(clause.tools)
        if comparison is EVEN:
            self._add(clause, self.topics, verdict(apart_from_evenness(clause.lowered)))
        elif comparison is not None:
            self._add_comparison(clause, comparison, tool_of)
        else:
            beside = _unique(tool_of[each] for each in measured_by(clause.lowered))
            others = tuple(each for each in self.topics if each not in beside)
            self._note(clause, others, 1.0)
            self._note(clause, beside, -1.0)
            self._note_left_behind(clause, before)
            self.topics = others or self.topics

    def _note_left_behind(self, clause: Clause, before: Sequence[str]) -> None:
        if before and beats_it(clause.lowered):
            self._add(clause, [each for each in before if each not in clause.tools], -_DIRECTION)
        if len(self.opinions) > 1 and only_one(clause.lowered):
            self._add(clause, [each for each in self.opinions if each not in clause.tools], -_DIRECTION)

    def _add_comparison(self, clause: Clause, comparison: Comparison, tool_of: dict[str, str]) -> None:
        winners = _unique(tool_of[each] for each in comparison.winners)
        losers = tuple(each for each in (tool_of[mark] for mark in comparison.losers) if each not in winners)
        self._add(clause, winners, _DIRECTION)
        self._add(clause, losers, -_DIRECTION)
        if not _TOOL.match(clause.masked):
            self.topics = winners

    def _note(self, clause: Clause, tools: Sequence[str], sign: float) -> None:
        if not self.wanting.isdisjoint(tools):
            self._add(clause, tools, sign * self._polarity(clause))

    def _add(self, clause: Clause, tools: Sequence[str], polarity: float) -> None:
        weight = _AFTER_CONTRAST if clause.after_contrast else 1.0
        for tool_id in self.wanting.intersection(tools):
            self.opinions[tool_id].append((weight, polarity))
            if len(self.opinions[tool_id]) >= self.room:
                self.wanting.discard(tool_id)

    def _polarity(self, clause: Clause) -> float:
        if affirms(clause.lowered):
            return _DIRECTION
        said, judged = _said(self._score(clause.masked), _NEUTRAL_FROM), verdict(clause.lowered)
        if judged:
            said = _VERDICT_SHARE * judged + (1 - _VERDICT_SHARE) * said
        return -max(_DIRECTION, abs(said)) if denies_it_all(clause.lowered) else said

    def _score(self, masked: str) -> Score:
        words = _TOOL.sub("it", masked).strip(" \n,;:–—-")
        if words not in self.scored:
            self.scored[words] = self.scorer.score(words)
        return self.scored[words]


def _asks(first: str, last: str) -> bool:
    """Whether a sentence with this first and this last clause is a question."""
    return bool((_ASKS.search(last) and _QUESTION.match(first)) or _ASKS_UNMARKED.match(first))


def _said(score: Score, neutral_from: float) -> float:
    """What a scorer says; nothing where it takes the words for neutral."""
    surely_neutral = score.probabilities is not None and score.probabilities[1] >= neutral_from
    return 0.0 if surely_neutral else score.polarity


def _unique(tools: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tools))
