"""Which phrases moved what is said of a tool, between two windows.

With the earlier window's mean *m* of its n₁ mentions, a mention of polarity p contributes (p - m) / n₂ when
it is one of the later window's n₂, and -(p - m) / n₁ when it is one of the earlier's. All contributions
together are exactly the change of the mean. So a phrase's contribution is the sum over the mentions that say
it: large when they became worse or better, and when more or fewer people spoke of something good or bad.

A mention counts for the first phrase that says it only, so the contributions of different phrases add up.
"""

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sentiment_service.drivers import Driver, Drivers, Said
from sentiment_service.jobs.phrases import Phrase, frequent_phrases, sentences_of
from sentiment_service.models import Label, Tally

MOST = 8
"""Phrases in each direction."""
LEAST_MENTIONS = 4
LEAST_AUTHORS = 3
LEAST_SIGNIFICANCE = 2.5
"""How many times its standard error a contribution must be; hundreds of phrases are looked at."""
LONGER_SHARE = 0.75
"""A longer phrase stands for the one within it when it is said in so much of its mentions."""
EXAMPLES = 3
_JUDGEMENTS = """
amazed amazing angry annoyed annoying awesome awful brilliant crap disappointed disappointing disaster
excellent fantastic garbage glad happily happy hate hated honestly horrible impressed impressive incredible
incredibly insane insanely joke joy loved mediocre mess nightmare perfect perfectly poor ridiculous sad
sadly shit solid sucks superb terrible trash unusable useless wonderful worse worst
"""
JUDGEMENTS = frozenset(_JUDGEMENTS.split())
"""Words that say how something is and nothing of what it is: no theme by themselves."""


def find_drivers(names: Sequence[str], before: Sequence[Said], after: Sequence[Said]) -> Drivers:
    """The phrases that moved the mean, by size; none when either window is empty.

    :param names: of the tool: they are in every mention, and in no phrase.
    """
    if not before or not after:
        return Drivers((), ())
    reading = _read(names, before, after)
    found = list(_chosen(reading))
    return Drivers(
        tuple(each for each in found if each.contribution > 0)[:MOST],
        tuple(each for each in found if each.contribution < 0)[:MOST],
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Both windows, one after the other."""

    said: Sequence[Said]
    earlier: int
    """How many of them are the earlier window's."""
    shares: Sequence[float]
    """What each contributes."""
    phrases: Mapping[Phrase, Set[int]]
    """The places of those that say a phrase."""

    def contribution(self, places: Set[int]) -> float:
        return math.fsum(self.shares[place] for place in places)

    def significance(self, places: Set[int]) -> float:
        """The contribution by its standard error, were the number of such mentions left to chance."""
        error = math.sqrt(math.fsum(self.shares[place] ** 2 for place in places))
        return abs(self.contribution(places)) / error if error else 0.0

    def tells(self, places: Set[int]) -> bool:
        """Whether so many people said it that it is no accident."""
        return (
            len(places) >= LEAST_MENTIONS
            and self.significance(places) >= LEAST_SIGNIFICANCE
            and len({self.said[place].author for place in places}) >= LEAST_AUTHORS
        )


def _read(names: Sequence[str], before: Sequence[Said], after: Sequence[Said]) -> _Reading:
    said = [*before, *after]
    mean = math.fsum(each.polarity for each in before) / len(before)
    shares = [(mean - each.polarity) / len(before) for each in before]
    shares += [(each.polarity - mean) / len(after) for each in after]
    called = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})(?:['’]s)?\b", re.IGNORECASE)
    texts = {place: sentences_of(called.sub(" | ", each.excerpt)) for place, each in enumerate(said)}
    phrases = frequent_phrases(texts, min_posts=LEAST_MENTIONS)
    themes = {each: places for each, places in phrases.items() if not JUDGEMENTS.issuperset(each)}
    return _Reading(said, len(before), shares, themes)


def _chosen(reading: _Reading) -> "list[Driver]":
    """The phrase that moves the mean most, then the one that does among the mentions left, and so on."""
    left = {phrase: set(places) for phrase, places in reading.phrases.items() if reading.tells(places)}
    chosen: list[Driver] = []
    signs = {True: 0, False: 0}
    while left and min(signs.values()) < MOST:
        best = max(left, key=lambda phrase: (abs(reading.contribution(left[phrase])), phrase))
        phrase = _longer(best, left)
        places = frozenset(left[phrase])
        driver = _driver(reading, phrase, places)
        chosen.append(driver)
        signs[driver.contribution > 0] += 1
        for others in left.values():
            others -= places
        left = {each: others for each, others in left.items() if reading.tells(others)}
    return sorted(chosen, key=lambda each: -abs(each.contribution))


def _longer(phrase: Phrase, left: Mapping[Phrase, Set[int]]) -> Phrase:
    """The longest phrase with these words that stands for nearly all of it."""
    enough = LONGER_SHARE * len(left[phrase])
    longer = [each for each in left if _within(phrase, each) and len(left[each]) >= enough]
    return max(longer, key=lambda each: (len(each), len(left[each]), each))


def _within(part: Phrase, whole: Phrase) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


def _driver(reading: _Reading, phrase: Phrase, places: Set[int]) -> Driver:
    before = [reading.said[place] for place in sorted(places) if place < reading.earlier]
    after = [reading.said[place] for place in sorted(places) if place >= reading.earlier]
    contribution = reading.contribution(places)
    # Where nobody says it any more, what is gone is told by what was said before.
    telling = (after, contribution > 0) if after else (before, contribution < 0)
    return Driver(
        " ".join(phrase), contribution, _tally(before), _tally(after), _examples(telling[0], best=telling[1])
    )


def _examples(said: Sequence[Said], *, best: bool) -> tuple[Said, ...]:
    """The clearest by different authors, in different words."""
    ordered = sorted(said, key=lambda each: (-each.polarity if best else each.polarity, each.fullname))
    by_author = {each.author: each for each in reversed(ordered)}
    by_text = {each.excerpt: each for each in reversed(ordered) if by_author[each.author] is each}
    return tuple(each for each in ordered if by_text.get(each.excerpt) is each)[:EXAMPLES]


def _tally(said: Sequence[Said]) -> Tally:
    return Tally(
        positive=sum(each.label is Label.POSITIVE for each in said),
        negative=sum(each.label is Label.NEGATIVE for each in said),
        neutral=sum(each.label is Label.NEUTRAL for each in said),
        polarity_sum=math.fsum(each.polarity for each in said),
        polarity_square_sum=math.fsum(each.polarity**2 for each in said),
    )
