"""Words of praise and blame in talk about tools, which lexicons made for films and tweets do not know.

Patterns over masked clauses in lower case (see :mod:`~sentiment_service.scoring.clauses`). A verdict is from
-1 to 1, the sum of what is found; it outweighs what a general scorer says of the same clause.
"""

import re

from sentiment_service.scoring.clauses import MARKS
from sentiment_service.scoring.praise_and_blame import BLAME, PRAISE

_T = f"[{MARKS}]"
_TOOL = re.compile(_T)


def _any_of(phrases: str) -> re.Pattern[str]:
    """Grouped by their first letter, because the alternatives of a pattern are tried one after the other."""
    by_letter: dict[str, list[str]] = {}
    for phrase in re.split(r"\s{2,}|\n", phrases.strip()):
        letter = phrase[0] if phrase[0].isalpha() and phrase[1:2] not in ("?", "*") else ""
        by_letter.setdefault(letter, []).append(phrase.removeprefix(letter))
    alternatives = (f"{letter}(?:{'|'.join(endings)})" for letter, endings in by_letter.items())
    return re.compile(rf"(?<![a-z])(?:{'|'.join(alternatives)})\b")


_NEGATIVE = _any_of(BLAME)
_POSITIVE = _any_of(PRAISE)
_AT_TOOL_POSITIVE = re.compile(
    rf"\b(?:just (?:use|get|try)|(?:sticking|stick|stay|stayed|going|went|go) with|(?:mov(?:ed|ing)|"
    rf"switch(?:ed|ing)|gone|going|went|back|onto) (?:back )?(?:to|on|onto)|replied|installed|"
    rf"finally tried|hello|get) {_T}|{_T} (?:understands|ftw|gets it|does it|did it|won|"
    rf"is the (?:one|way))\b",
)
_AT_TOOL_NEGATIVE = re.compile(
    rf"\b(?:no more|bye|rip|{_T}['’]s pricing games|cancell?ed(?: my)?|uninstalled|hate|"
    rf"waste (?:\w+ ){{0,2}}on|bother with|away from|outgrew|replaced|left|leaving|quit|dumped|"
    rf"abandoned|spent \S+ on|regret \w+ \w+) {_T}|\$\d+ (?:for|on) {_T}",
)
_DENIAL = re.compile(
    r"\b(?:ca|could|do|does|did|is|was|wo|would|are|were)n['’]?t\b|\bcannot\b|\bcould not\b|\bnot\b|"
    r"\bnever\b|\bno\b(?! (?:complaints|regrets))|\bneither\b|\bnone\b|\bnobody\b|\bwithout\b|"
    r"\bused to\b|\bwanted\b",
)
_ELLIPSIS = re.compile(
    rf"(?:{_T}|\bit|\bthey)[\s,]*(?:(?:does|did|could|can|is|was|do|wo)n['’]?t|(?:could|can|did|does|"
    rf"is) ?not|not (?:so|that) much)"
    r"[\s.!]*$",
)
_AFFIRMED = re.compile(rf"^(?:but |and |only )?{_T} (?:is|does|did|can|could|was)[.!]*$")
_ITS_LOSER = re.compile(
    r"\b(?:overtaken|overtook|beats?|replaced|better than|surpassed|outperforms?|ahead of)"
    r" (?:it|that|them|both)\b"
)
_ONLY = re.compile(rf"\bonly {_T}.{{0,30}}\b(?:good|work(?:s|ed)|managed|could|can|solved|fixed|got it)\b")
_NONE_OF = re.compile(r"\b(?:neither|none of)\b")


def verdict(masked: str) -> float:
    """Praise and blame in a masked clause, from -1 to 1; 0 when there is none, or as much of both.

    A denial up to a few words before a word turns it around (*doesn't hallucinate*, *isn't a scam*).
    """
    found = sum(_signed(masked, each.start(), -1) for each in _NEGATIVE.finditer(masked))
    found += sum(_signed(masked, each.start(), 1) for each in _POSITIVE.finditer(masked))
    if _TOOL.search(masked):
        found += bool(_AT_TOOL_POSITIVE.search(masked)) - bool(_AT_TOOL_NEGATIVE.search(masked))
    return max(-1.0, min(1.0, 0.6 * found))


def denies_it_all(masked: str) -> bool:
    """Whether a clause says of its tools that they do not, or none of them (*Copilot doesn't*, *neither*)."""
    return bool(_ELLIPSIS.search(masked) or _NONE_OF.search(masked))


def affirms(masked: str) -> bool:
    """Whether a clause only says that its tool is or does what was denied of another (*Claude is.*)."""
    return bool(_AFFIRMED.search(masked))


def beats_it(masked: str) -> bool:
    """Whether the tool of a clause is put before what was spoken of (*Codex has overtaken it*)."""
    return bool(_ITS_LOSER.search(masked))


def only_one(masked: str) -> bool:
    """Whether a clause praises its tool at the cost of all others (*only Cursor was any good*)."""
    return "only" in masked and bool(_ONLY.search(masked))


def _signed(masked: str, start: int, sign: int) -> int:
    before = masked[max(0, start - 24) : start]
    return -sign if _DENIAL.search(before) else sign
