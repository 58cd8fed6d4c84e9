"""Readable names for groups of posts: "Cursor price increase" rather than a bag of words."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from sentiment_service.jobs.groups import GENERAL, Group
from sentiment_service.jobs.phrases import Phrase, Standout, frequent_phrases
from sentiment_service.jobs.reading import Reading
from sentiment_service.jobs.stop_words import STOP_WORDS

MOST_KEYWORDS = 8
COVERING = 0.5
"""Share of a group's posts that a phrase must be in to stand for the group."""

NAMING = 0.6
"""Share of a group's posts that another phrase must be in to become part of the name."""

_LEAST_TOGETHER = 3
_MOST_WORDS = 4


def name_of(group: Group, window: Reading) -> str:
    """What to call a group: its phrase, with the theme or with what else most of its posts name."""
    if not group.phrases:
        return _capitalised(group.theme)
    titles = [window.posts[post].post.title for post in sorted(group.posts)]
    base = _base(group)
    if group.is_split:
        return _capitalised(f"{_as_written(base, titles)} {group.theme}")
    companion = _companion(base, group, window)
    words = _as_written(base, titles)
    if companion is None:
        return _capitalised(words)
    beside = _as_written(companion, titles)
    return _capitalised(f"{beside} {words}" if _leads(companion, base, titles) else f"{words} {beside}")


def keywords_of(group: Group, window: Reading) -> tuple[str, ...]:
    """The phrases of a group, then the words of its theme by how often its posts say them."""
    said: list[str] = []
    for standout in group.phrases:
        phrase = " ".join(standout.phrase)
        if not any(f" {phrase} " in f" {longer} " for longer in said):
            said.append(phrase)
    if group.theme != GENERAL:
        counts: Counter[str] = Counter()
        for post in group.posts:
            counts.update(window.themes[post].get(group.theme, {}).keys())
        said += [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return tuple(dict.fromkeys(said))[:MOST_KEYWORDS]


def _base(group: Group) -> Phrase:
    """The most telling phrase that covers the group."""
    first = group.phrases[0]
    enough = COVERING * len(group.posts)
    covering = [each for each in group.phrases if len(each.posts) >= enough and not group.is_split]
    return max(covering or [first], key=_telling).phrase


def _telling(standout: Standout) -> tuple[int, float, int]:
    """Many words that say something, significant, with few stop words between."""
    phrase = standout.phrase
    return sum(word not in STOP_WORDS for word in phrase), standout.likelihood_ratio, -len(phrase)


def _companion(base: Phrase, group: Group, window: Reading) -> Phrase | None:
    """A name that most of the posts hold besides the phrase, such as the tool it is about."""
    posts = sorted(group.posts)
    enough = max(_LEAST_TOGETHER, math.ceil(NAMING * len(posts)))
    frequent = frequent_phrases({post: window.sentences[post] for post in posts}, min_posts=_LEAST_TOGETHER)
    beside = [phrase for phrase in frequent if not set(phrase) & set(base) and window.is_name(phrase)]
    # Half of a name whose other half the phrase holds: "opus" of "opus 4" beside "sonnet 4".
    whole = {word for phrase in frequent if set(base) <= set(phrase) for word in phrase}
    halves = {word for phrase in frequent if set(base) & set(phrase) for word in phrase} - whole
    fitting = [
        phrase
        for phrase in beside
        if len(frequent[phrase]) >= enough
        and len(phrase) <= _MOST_WORDS - len(base)
        and halves.isdisjoint(phrase)
    ]
    return max(fitting, key=lambda phrase: (len(phrase), len(frequent[phrase]), phrase), default=None)


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    joined = r"\W{1,3}".join(re.escape(word).replace("'", "['’]") for word in phrase)
    return re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)


def _leads(some: Phrase, other: Phrase, titles: Iterable[str]) -> bool:
    """Whether at least half of the titles that say both say the one phrase before the other."""
    leads = 0
    for title in titles:
        first, second = _pattern(some).search(title), _pattern(other).search(title)
        if first and second:
            leads += 1 if first.start() < second.start() else -1
    return leads >= 0


def _as_written(phrase: Phrase, titles: Sequence[str]) -> str:
    """A phrase as most titles spell it."""
    pattern = _pattern(phrase)
    spellings: Counter[str] = Counter(spelling for title in titles for spelling in pattern.findall(title))
    if not spellings:
        return " ".join(phrase)
    return min(spellings, key=lambda each: (-spellings[each], sum(map(str.isupper, each)), each))


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]
