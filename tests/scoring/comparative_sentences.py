"""Sentences about several tools, with what a person says each speaks of them.

Each line of the files beside this module has the labels (``+`` for positive, ``-`` for negative, ``=`` for
neutral behind the tool's id), a tab, and the sentence. One person wrote sentences, labels and rules, each
sentence's labels before it was scored:

- :func:`tuned`: every other sentence; the rules were made with what was wrong in these.
- :func:`held_out`: the others. Their mistakes were not looked at, but they share their author's turns of
  phrase with the rules, and the last 15 were written before the lists of words were widened. So they show
  that the rules do not fit single sentences, not how right they are on what others write.
- :func:`unfamiliar_seen`: 70 sentences that avoid stock phrases on purpose, written before the rules were
  last changed; mistakes in these were looked at.
- :func:`unfamiliar`: 40 more, written with them and held back: their mistakes were not looked at. They were
  scored when everything was done, and again when one constant had been chosen on the others. Who wrote them
  also wrote the examples that the scorer learns from, and took those out that came close.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sentiment_service.models import Label
from sentiment_service.scoring.mention_sentiment import mention_parts
from sentiment_service.scoring.scorer import Scorer

NAMES = (
    "GitHub Copilot", "Copilot", "Cursor", "Claude Code", "Claude", "Windsurf", "ChatGPT", "Codex", "Codeium",
    "Gemini", "Jules", "Kiro", "Amazon Q", "Aider", "Cline", "Roo", "Devin", "v0", "Replit", "JetBrains AI",
    "Tabnine", "Zed", "VS Code", "Bolt", "Lovable", "DeepSeek", "GPT-4o", "Supermaven", "Trae",
)  # fmt: skip
ID_OF = {name.lower(): name.lower().replace(" ", "-") for name in NAMES} | {"vs code": "vscode"}
LABEL_OF = {"+": Label.POSITIVE, "-": Label.NEGATIVE, "=": Label.NEUTRAL}

_NAME = re.compile(rf"\b(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})\b", re.IGNORECASE)
_FILE = Path(__file__).with_suffix(".tsv")
_UNFAMILIAR = Path(__file__).with_name("unfamiliar_held_back.tsv")
_UNFAMILIAR_SEEN = tuple(
    Path(__file__).with_name(f"unfamiliar_{each}.tsv") for each in ("first", "looked_at")
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a tool's name stands."""

    tool_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One text and the label of each of its tools."""

    text: str
    labels: dict[str, Label]

    @property
    def finds(self) -> list[Found]:
        """Every place where a tool is named."""
        return find_names(self.text)


def find_names(text: str) -> list[Found]:
    """Every place where one of :data:`NAMES` stands, in order."""
    return [Found(ID_OF[match[0].lower()], *match.span()) for match in _NAME.finditer(text)]


@functools.cache
def sentences() -> tuple[Sentence, ...]:
    """Those that were there when the rules were made."""
    return _read(_FILE)


@functools.cache
def unfamiliar() -> tuple[Sentence, ...]:
    """Those worded unlike the rules and held back."""
    return _read(_UNFAMILIAR)


@functools.cache
def unfamiliar_seen() -> tuple[Sentence, ...]:
    """Those worded unlike the rules and looked at."""
    return tuple(each for file in _UNFAMILIAR_SEEN for each in _read(file))


def tuned() -> tuple[Sentence, ...]:
    """The half that the rules were made with."""
    return sentences()[::2]


def held_out() -> tuple[Sentence, ...]:
    """The other half."""
    return sentences()[1::2]


class Labelled(Protocol):
    """A text with its tools, and what a person says it speaks of them."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def finds(self) -> Sequence[Found]:
        """Where tools are named in it."""

    @property
    def labels(self) -> dict[str, Label]:
        """By tool."""


def share_right(chosen: Sequence[Labelled], scorer: Scorer) -> float:
    """The share of mentions whose label is a person's."""
    right = sum(
        part.label is sentence.labels[part.tool_id]
        for sentence in chosen
        for part in mention_parts(sentence.text, sentence.finds, scorer)
    )
    return right / sum(len(sentence.labels) for sentence in chosen)


def whole_text_share_right(chosen: Sequence[Labelled], scorer: Scorer) -> float:
    """The same, were every tool given the label of the whole text."""
    pairs = [(scorer.score(each.text).label, label) for each in chosen for label in each.labels.values()]
    return sum(whole is label for whole, label in pairs) / len(pairs)


def _read(file: Path) -> tuple[Sentence, ...]:
    lines = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(Sentence(text, labels_in(labels)) for labels, text in lines)


def labels_in(labels: str) -> dict[str, Label]:
    """The labels that the first column of a line gives, by tool."""
    return {each[:-1]: LABEL_OF[each[-1]] for each in labels.split()}
