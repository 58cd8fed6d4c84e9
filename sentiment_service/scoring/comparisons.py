"""Which of two tools a clause favours: comparisons, preferences, and leaving one tool for another.

Rules are tried in their order; the first that fits decides. Each is a pattern over a masked clause in lower
case (see :mod:`~sentiment_service.scoring.clauses`) with a *winner* and a *loser*, each one tool or a list of
them. No pattern crosses a third tool or more than a few words, so that each is linear in the clause's length.
"""

import re
from dataclasses import dataclass

from sentiment_service.scoring.clauses import MARKS

_LIST = rf"[{MARKS}](?:\s*(?:,\s*(?:and|or)\b|,|/|&|\+|and\b|or\b|nor\b)\s*[{MARKS}]){{0,6}}"
_PAIR = rf"[{MARKS}](?:\s*(?:/|&|\+|and\b|or\b|nor\b)\s*[{MARKS}]){{0,6}}"
_W = rf"(?P<winner>{_LIST})"
_L = rf"(?P<loser>{_LIST})"
_GAP = rf"[^{MARKS}]{{0,80}}?"

_BETTER = (
    r"(?:better|faster|quicker|snappier|smarter|cheaper|nicer|cleaner|smoother|stronger|simpler|easier|safer|"
    r"lighter|superior|preferable|more (?!expensive|annoying|buggy|bloated|limited|frustrating|confusing|"
    r"costly|complicated)\w+|less (?:expensive|annoying|buggy|bloated|limited|frustrating|confusing|costly))"
)
_WORSE = (
    r"(?:worse|slower|dumber|buggier|weaker|inferior|clunkier|pricier|laggier|lazier|harder|uglier|"
    r"more (?:expensive|annoying|buggy|bloated|limited|frustrating|confusing|costly|complicated)|"
    r"less (?!expensive|annoying|buggy|bloated|limited|frustrating|confusing|costly)\w+)"
)
_NOT = r"(?:\bnot\b|n['’]t\b|\bnever\b|\bnowhere\b|\bhardly\b)"
_BEATS = (
    r"(?:beats?|outperforms?|outperformed|outclass(?:es|ed)|wins? over|won over|won against|"
    r"crush(?:es|ed)|embarrass(?:es|ed)|destroy(?:s|ed)|smokes?|smoked|blows?|blew|"
    r"runs? circles around|surpass(?:es|ed)|trounces?|(?:has|have)? ?(?:completely |fully )?replaced|"
    r"makes? (?=.{1,3}(?: look| feel| seem))|ahead of|(?:a )?(?:step|level|league)s? (?:above|"
    r"up from))"
)
_LOSES = (
    r"(?:loses? to|lost to|hold a candle to|pales? |nothing compared|(?:far|way|miles|lags?|lagging|"
    r"falls?|fell|falling|trails?) behind|no match for|a joke next to|(?:can['’]?t|cannot|doesn['’]t|"
    r"can not) (?:\w+ )?(?:compete|compare|touch|match|beat)|(?:not|nowhere near|n['’]t|half|"
    r"never)(?: \w+){0,2} (?:as|so) \w+ as|half as \w+ as)"
)
_LEAVE = (
    r"\b(?:ditch\w*|drop(?:ped|ping|s)?|dump\w*|left|leav(?:e|ing)|replac\w+|swap\w*|trad(?:e|ed|ing)|"
    r"cancel\w*|uninstall\w*|abandon\w*|quit|gave up(?: on)?|giv(?:e|ing) up(?: on)?)\b"
)
_GO = (
    r"\b(?:switch\w*|mov(?:e|ed|ing)|migrat\w+|went|go(?:ing)?|jump\w*|came|com(?:e|ing)|chang\w+|"
    r"transition\w*)\b"
)
_CHOOSE = r"\b(?:prefer\w*|choos\w+|chose|pick(?:ed|ing)?|take|recommend\w*|go with|going with|went with)\b"

_EQUAL = re.compile(
    rf"\bno (?:worse|better|different)\b|{_NOT} (?:any )?(?:worse|different)\b|\b(?:the )?same as\b|"
    rf"\bon par\b|\b(?:similar|equal|equivalent|identical) to\b|"
    rf"(?<!n['’]t )(?<!not )(?<!near )(?<!half )(?<!nearly )"
    r"\bas \w+ as\b|\bbe?tween\b.*\bno difference\b",
)
_RULES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_L}{_GAP}{_NOT}{_GAP}{_BETTER}\b{_GAP}\b(?:than|to)\b{_GAP}{_W}",
        rf"{_L}{_GAP}{_LOSES}{_GAP}{_W}",
        rf"{_W}{_GAP}\b{_BETTER}\b{_GAP}\b(?:than|to)\b{_GAP}{_L}",
        rf"{_L}{_GAP}\b{_WORSE}\b{_GAP}\b(?:than|to)\b{_GAP}{_W}",
        rf"{_W}\s*>+\s*{_L}",
        rf"{_L}\s*<+\s*{_W}",
        rf"{_GO}{_GAP}\b(?:from|off)\b{_GAP}{_L}{_GAP}\b(?:to|onto)\b{_GAP}{_W}",
        rf"{_GO}{_GAP}\bto\b{_GAP}{_W}{_GAP}\bfrom\b{_GAP}{_L}",
        rf"\bfrom\b\s+{_L}\s+to\b\s+{_W}",
        rf"{_LEAVE}{_GAP}{_L}{_GAP}\b(?:for|with|in favou?r of|by|and)\b{_GAP}{_W}",
        rf"{_CHOOSE}{_GAP}{_W}{_GAP}\b(?:over|to|rather than|instead of|than)\b{_GAP}{_L}",
        rf"\bbetween\b\s+{_L}{_GAP}{_CHOOSE}{_GAP}{_W}",
        rf"\b(?:rather|sooner)\b{_GAP}{_W}{_GAP}\b(?:than|over)\b{_GAP}{_L}",
        rf"{_W}{_GAP}\b(?:instead of|rather than)\b{_GAP}{_L}",
        rf"{_W}{_GAP}\b{_BEATS}(?!\w){_GAP}{_L}",
        rf"{_W}{_GAP}\b(?:that|what|where|which)\b{_GAP}{_L}{_GAP}(?:could ?n[o'’]t|ca ?n['’o]t|fail\w*)",
        rf"{_W}{_GAP}\bwhat\b{_GAP}{_L}{_GAP}\bshould\b",
        rf"\b(?:miss|want)\b{_GAP}{_W}{_GAP}\b(?:now that|using|with)\b{_GAP}{_L}",
        rf"\bmore i use {_L}{_GAP}\bmore i (?:like|love|appreciate|miss)\b{_GAP}{_W}",
        rf"\bwhy\b{_GAP}{_L}{_GAP}\bwhen\b{_GAP}{_W}{_GAP}\bexists?\b",
    )
)
_BESIDE = re.compile(
    rf"\b(?:unlike|compared? (?:to|with)|in comparison (?:to|with)|next to|than|beat(?:s|ing)?|"
    rf"outperform(?:s|ed|ing)|surpass(?:es|ed|ing)|over(?= {_LIST}$))\s+"
    rf"(?:the |just |asking |using |with |[\d.]+ ){{0,2}}(?P<loser>{_PAIR})",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a clause favours and what it puts behind, as the marks of the tools."""

    winners: str
    losers: str


EVEN = Comparison("", "")
"""Compared, and found alike."""


def compared(masked: str) -> Comparison | None:
    """Who wins in a masked clause; ``None`` when nothing is compared."""
    if _EQUAL.search(masked):
        return EVEN
    for rule in _RULES:
        if found := rule.search(masked):
            return Comparison(_marks(found["winner"]), _marks(found["loser"]))
    return None


def apart_from_evenness(masked: str) -> str:
    """A clause without the words that find its tools alike, so that *no worse* is no blame."""
    return _EQUAL.sub(" ", masked)


def measured_by(masked: str) -> str:
    """The marks of tools that others are held against (*unlike X*, *compared to X*, *than X*); mostly empty.

    What the clause says, it says of the others, and the opposite of these.
    """
    found = _BESIDE.search(masked)
    return _marks(found["loser"]) if found else ""


def _marks(matched: str) -> str:
    return "".join(each for each in matched if "\ue000" <= each <= "\uf8ff")
