"""Sentences about several tools, with what a person says each speaks of them.

Each line of the files beside this module has the labels (``+`` for positive, ``-`` for negative, ``=`` for
neutral behind the tool's id), a tab, and the sentence. One person wrote sentences, labels and rules, each
sentence's labels before it was scored:

- :func:`tuned`: every other sentence; the rules were made with what was wrong in these.
- :func:`held_out`: the others. Their mistakes were not looked at, but they share their author's turns of
  phrase with the rules, and the last 15 were written before the lists of words were widened. So they show
  that the rules do not fit single sentences, not how right they are on what others write.
- :func:`unfamiliar`: written when the rules were done, avoiding stock phrases on purpose, and never used to
  change them. Harder than most of what is written, and the figure to look at for how rules fail.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sentiment_service.models import Label
from sentiment_service.scoring.mention_sentiment import mention_parts
from sentiment_service.scoring.scorer import Scorer

NAMES = (
    "GitHub Copilot", "Copilot", "Cursor", "Claude Code", "Claude", "Windsurf", "ChatGPT", "Codex", "Codeium",
    "Gemini", "Jules", "Kiro", "Amazon Q", "Aider", "Cline", "Roo", "Devin", "v0", "Replit", "JetBrains AI",
    "Tabnine", "Zed", "VS Code",
)  # fmt: skip
ID_OF = {name.lower(): name.lower().replace(" ", "-") for name in NAMES} | {"vs code": "vscode"}
LABEL_OF = {"+": Label.POSITIVE, "-": Label.NEGATIVE, "=": Label.NEUTRAL}

_NAME = re.compile(rf"\b(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})\b", re.IGNORECASE)
_FILE = Path(__file__).with_suffix(".tsv")
_UNFAMILIAR = Path(__file__).with_name("unfamiliar_sentences.tsv")


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
    """Those that came later, worded unlike the rules."""
    return _read(_UNFAMILIAR)


def tuned() -> tuple[Sentence, ...]:
    """The half that the rules were made with."""
    return sentences()[::2]


def held_out() -> tuple[Sentence, ...]:
    """The other half."""
    return sentences()[1::2]


def share_right(chosen: Sequence[Sentence], scorer: Scorer) -> float:
    """The share of mentions whose label is a person's."""
    right = sum(
        part.label is sentence.labels[part.tool_id]
        for sentence in chosen
        for part in mention_parts(sentence.text, sentence.finds, scorer)
    )
    return right / sum(len(sentence.labels) for sentence in chosen)


def whole_text_share_right(chosen: Sequence[Sentence], scorer: Scorer) -> float:
    """The same, were every tool given the label of the whole text."""
    pairs = [(scorer.score(each.text).label, label) for each in chosen for label in each.labels.values()]
    return sum(whole is label for whole, label in pairs) / len(pairs)


def _read(file: Path) -> tuple[Sentence, ...]:
    lines = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(Sentence(text, _labels(labels)) for labels, text in lines)


def _labels(labels: str) -> dict[str, Label]:
    return {each[:-1]: LABEL_OF[each[-1]] for each in labels.split()}
