"""Words of praise and blame in talk about tools, which lexicons made for films and tweets do not know.

Patterns over masked clauses in lower case (see :mod:`~sentiment_service.scoring.clauses`). A verdict is from
-1 to 1, the sum of what is found; it outweighs what a general scorer says of the same clause.
"""

import re

from sentiment_service.scoring.clauses import MARKS

_T = f"[{MARKS}]"

_NEGATIVE = re.compile(
    r"\b(?:hallucinat\w*|crash(?:e[sd]|ing|y)?|bugg(?:y|ier)|bloat\w*|lagg?y|overpriced|over ?hyped|"
    r"overrated|nerfed|unusable|useless|broke(?:n)?|breaks|ruin(?:s|ed)?|scam|rip-?off|toys?|garbage|"
    r"trash|crap|joke|fail(?:s|ed|ing)?|stuck in|downhill|regret(?!s)(?:ted)?|refund|suck(?:s|ed)?|"
    r"lazy|spaghetti|annoy(?:s|ed|ing)|frustrat\w+|fed up|(?:sick|tired) of|burn(?:s|ed|"
    r"ing)? (?:through|tokens|my|credits)|eats|ate my|too (?:expensive|slow|dumb|preachy|limited|"
    r"complicated|pricey)|mess|nightmare|downgrade|disappoint\w*|let ?down|waste|wrong|deleted|"
    r"ignored|dead|rip\b(?! ?off)|bye|goodbye|hat(?:e|ed|es|ing)|dumb(?:er)?|meh|chokes?|falls? apart|"
    r"keeps? (?:asking|getting|breaking|failing|crashing)|black box|confus(?:es|ed|ing)|cancel(?:l?ed|"
    r"l?ing)?|uninstall(?:ed|ing)?|ditch(?:ed|ing)?|dropped|dropping|avoid|stay away|unreliable|"
    r"refuse[sd]?|lost my|irrelevant|ancient|down again|is down|betrayed|wrappers?|mediocre|"
    r"used to be|forces|never answer\w*|no (?:answer|reply|response)|bad|(?:rate )?limits? (?:is|are)|"
    r"expensive|slow|scares?|worse|worst|inferior|no longer|nothing usable|half the time|"
    r"wanted to like|(?:ca|could)n['’]?t (?:even|fix|solve|handle|do|figure|find|write|understand|"
    r"keep)|distant (?:second|third)|lacks?|ugly|horrible|terrible|awful|pathetic)\b",
)
_POSITIVE = re.compile(
    r"\b(?:game ?changer|nail(?:s|ed) (?:it|multi|the)|nailed|transparent|open source|good|nails|"
    r"one-?shot(?:s|ted)?|just works|underrated|ftw|worth (?:it|every)|go-?to|daily driver|rocks|"
    r"shines?|breezes?|no regrets|no complaints|sav(?:es|ed) me|blazing|snapp(?:y|ier)|bargain|solid|"
    r"delight\w*|magic(?:al)?|clean code|fixe[sd]|solve[sd]|succeed(?:s|ed)|actually works|work(?:s|"
    r"ed|ing) (?:great|well|really well|perfectly|flawlessly|like a charm)|breath of fresh air|"
    r"(?:on )?another level|real deal|way to go|any day|every (?:single )?time|cooking|"
    r"never going back|couldn['’]?t be happier|best decision|night and day|in one go|right first time|"
    r"impressed|hello|love[sd]?|adore|amazing|awesome|superior|is right|was right|(?:really|very|"
    r"super|pretty|much|so much) (?:good|helpful|happy|better|faster)|phenomenal|stunning|"
    r"what a difference|surprised me|easy|appreciate|gets? it right|can['’]?t go wrong|"
    r"should have stayed with|recommend|miss(?= )|won\b|wins\b|still wins|doesn['’]?t hallucinate|"
    r"never had (?:that|this|any) (?:problem|issue)s?|perfect(?:ly)?|beautiful(?:ly)?|does (?:exactly|"
    r"more|what)|just does what|great|excellent|fantastic|brilliant)\b",
)
_AT_TOOL_POSITIVE = re.compile(
    rf"\b(?:just (?:use|get|try)|(?:sticking|stick|stay|stayed|going|went|go) with|(?:mov(?:ed|ing)|"
    rf"switch(?:ed|ing)|gone|going|went|back|onto) (?:back )?(?:to|on|onto)|replied|installed|"
    rf"finally tried|hello|get) {_T}|{_T} (?:understands|ftw|gets it|does it|did it|won|"
    rf"is the (?:one|way))\b",
)
_AT_TOOL_NEGATIVE = re.compile(
    rf"\b(?:no more|bye|rip|{_T}['’]s pricing games|cancell?ed(?: my)?|uninstalled|hate|"
    rf"waste (?:\w+ ){{0,2}}on|bother with|replaced|left|leaving|quit|dumped|abandoned|spent \S+ on|"
    rf"regret \w+ \w+) {_T}|\$\d+ (?:for|on) {_T}",
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
_NONE_OF = re.compile(r"\b(?:neither|none of)\b")


def verdict(masked: str) -> float:
    """Praise and blame in a masked clause, from -1 to 1; 0 when there is none, or as much of both.

    A denial up to a few words before a word turns it around (*doesn't hallucinate*, *isn't a scam*).
    """
    found = sum(_signed(masked, each.start(), -1) for each in _NEGATIVE.finditer(masked))
    found += sum(_signed(masked, each.start(), 1) for each in _POSITIVE.finditer(masked))
    found += bool(_AT_TOOL_POSITIVE.search(masked)) - bool(_AT_TOOL_NEGATIVE.search(masked))
    return max(-1.0, min(1.0, 0.6 * found))


def denies_it_all(masked: str) -> bool:
    """Whether a clause says of its tools that they do not, or none of them (*Copilot doesn't*, *neither*)."""
    return bool(_ELLIPSIS.search(masked) or _NONE_OF.search(masked))


def _signed(masked: str, start: int, sign: int) -> int:
    before = masked[max(0, start - 24) : start]
    return -sign if _DENIAL.search(before) else sign
