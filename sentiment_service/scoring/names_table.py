"""The names of tools, ready to be found in texts."""

from collections.abc import Sequence
from typing import NamedTuple

from sentiment_service.scoring.phrases import Match, PhraseTree, Words, joinings, words_of
from sentiment_service.tools import Tool

_LEAST_FOR_ENDINGS = 3
"""Letters from which a name may have a plural ``s`` or a number behind it: ``Amazon Q4`` is a quarter."""

_IN_CODE = "(_="


class Searched(NamedTuple):
    """What the search needs to know of a tool."""

    id: str
    names: list[str]
    """Its name first, then its aliases."""
    ambiguous: list[str]
    home_subreddits: list[str]
    threshold: float


class Name(NamedTuple):
    """One way of writing a tool's name."""

    tool_id: str
    key: str
    """The alias it comes from, in lower case: what the rules know it by."""
    spelled: str
    ambiguous: bool


def searched(tool: Tool | Searched) -> Searched:
    """A tool as the search knows it."""
    if isinstance(tool, Searched):
        return tool
    return Searched(
        tool.id,
        [tool.name, *tool.aliases],
        list(tool.ambiguous),
        list(tool.home_subreddits),
        tool.detection_threshold,
    )


class NamesTable:
    """All names of all tools.

    A name as it is given comes before one that is made of another: without its blanks, or in the plural.
    """

    def __init__(self, tools: Sequence[Searched]) -> None:
        self._tree: PhraseTree[Name] = PhraseTree()
        made: list[tuple[str, Name]] = []
        for tool in tools:
            ambiguous = {each.lower() for each in tool.ambiguous}
            for spelled in tool.names:
                name = Name(tool.id, spelled.lower(), spelled, spelled.lower() in ambiguous)
                self._tree.add(spelled, name)
                made += [(other, name) for other in _made_of(spelled)]
        for phrase, name in made:
            self._tree.add(phrase, name)
        self.first_words = self._tree.first_words

    def at(self, words: Words, first: int) -> list[Match[Name]]:
        """Names that begin with a word of the text, longest first, those left out that are part of more."""
        return [match for match in reversed(self._tree.at(words, first)) if _stands_alone(words, match)]


def _made_of(spelled: str) -> list[str]:
    """``Claude Code`` as ``ClaudeCode``, and ``Copilot`` as ``Copilots``.

    Only names of one word: ``Claude codes`` is what Claude does.
    """
    made = list(joinings(spelled)[1:])
    (*others, last) = words_of(spelled).words or [""]
    if not others and last.isalpha() and len(last) >= _LEAST_FOR_ENDINGS and not last.endswith("s"):
        made.append(spelled.rstrip() + "s")
    return made


def _stands_alone(words: Words, match: Match[Name]) -> bool:
    """Whether the name is a word of its own, not part of a longer one, of an identifier or an address."""
    text, start, end = words.lowered, words.starts[match.first], words.ends[match.after - 1]
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    if match.first and words.ends[match.first - 1] == start:
        return False
    if before in ("r/", "u/") and not text[max(0, start - 3) : start - 2].isalnum():
        return False
    if not _may_be_followed(words.words[match.after - 1], behind):
        return False
    return not (match.value.ambiguous and _in_code(words.text[start], before, behind))


def _may_be_followed(last: str, behind: str) -> bool:
    touching = behind[:1]
    if last.isdigit():
        return not (touching.isalnum() or (touching == "." and behind[1:].isdigit()))
    if len(last) < _LEAST_FOR_ENDINGS:
        return not (touching.isdigit() or touching == "&")
    return True


def _in_code(first_letter: str, before: str, behind: str) -> bool:
    """``self.cursor``, ``cursor.execute``, ``cursor()``, ``cursor_id``: written as programs are."""
    if before.endswith("_") or (behind and behind[0] in _IN_CODE):
        return True
    if first_letter.isupper():
        return False
    return (before.endswith(".") and before[:1].isalnum()) or (behind[:1] == "." and behind[1:].isalnum())
