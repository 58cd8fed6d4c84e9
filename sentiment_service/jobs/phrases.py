"""Which phrases stand out in some posts against others.

A phrase is one to three consecutive words of one sentence that neither begins nor ends with a stop word. It
counts once for each post, however often the post says it.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sentiment_service.jobs.stop_words import STOP_WORDS

Phrase = tuple[str, ...]
Sentences = list[list[str]]

LONGEST = 3
LEAST_LIKELIHOOD_RATIO = 10.83
"""Chance alone gives this in one of a thousand phrases (chi-squared, one degree of freedom)."""

LEAST_RATE_RATIO = 2.0
"""How many times as frequent a phrase must be."""

LEAST_AUTHORS = 2
"""One person repeating something is not many people talking about it."""

_BREAK = re.compile(r"[!?;:,()\[\]{}\"“”|\n<>…—–/\\*_~@=^%$`&]+|\.(?!\w)|(?<!\w)['‘’]|['‘’](?!\w)|\s-+\s")
_ONE_WORD = r"[^\W_]+(?:['’.+#-][^\W_]+)*(?:\+\+|#)?"
_WORD = re.compile(_ONE_WORD)
_WORD_INSIDE = re.compile(rf"(?<=[^\W_] |[,;] ){_ONE_WORD}")


def sentences_of(text: str) -> Sentences:
    """The words of a text in lower case, one list for each stretch without punctuation."""
    return [words for part in _BREAK.split(text.lower()) if (words := _words(part))]


def _words(part: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(part)]


def _plain(word: str) -> str:
    return word.replace("’", "'").removesuffix("'s")


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Words, in lower case, that people usually write with a capital in the middle of a sentence.

    In two of three places at least, and in two places.
    """
    capitals: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for word in _WORD_INSIDE.findall(text):
            (capitals if word[0].isupper() else small)[_plain(word.lower())] += 1
    return frozenset(word for word, count in capitals.items() if count >= max(2, 2 * small[word]))


@dataclass(frozen=True, slots=True)
class Standout:
    """A phrase that stands out, and where it was said."""

    phrase: Phrase
    likelihood_ratio: float
    posts: frozenset[int]


def standouts(
    said: Mapping[Phrase, Set[int]],
    texts: int,
    said_elsewhere: Mapping[Phrase, int],
    texts_elsewhere: int,
    *,
    min_posts: int,
    authors: Sequence[str],
) -> list[Standout]:
    """Phrases said in significantly more of some texts than of others; most significant first.

    A phrase qualifies with at least ``min_posts`` texts by at least two authors, :data:`LEAST_RATE_RATIO` and
    :data:`LEAST_LIKELIHOOD_RATIO`. Without other texts nothing can stand out.

    :param said: the positions of the texts that say a phrase, of so many texts.
    :param said_elsewhere: how many of the other texts say a phrase, of so many texts.
    :param authors: by position.
    """
    if not texts_elsewhere:
        return []
    found = [
        Standout(phrase, ratio, frozenset(posts))
        for phrase, posts in said.items()
        if len(posts) >= min_posts
        and (ratio := _significance(len(posts), texts, said_elsewhere.get(phrase, 0), texts_elsewhere))
        and len({authors[post] for post in posts}) >= min(LEAST_AUTHORS, min_posts)
    ]
    return sorted(found, key=lambda each: (-each.likelihood_ratio, -len(each.phrase), each.phrase))


def frequent_phrases(texts: Mapping[int, Sentences], *, min_posts: int) -> dict[Phrase, set[int]]:
    """Every phrase of at least so many texts, with the keys of the texts that say it.

    Longer phrases are looked for only where their parts are frequent, since they cannot be more so.
    """
    frequent: dict[Phrase, set[int]] = {}
    parts: Mapping[Phrase, object] | None = None
    for length in range(1, LONGEST + 1):
        places: defaultdict[Phrase, set[int]] = defaultdict(set)
        for key, sentences in texts.items():
            for phrase in _phrases(sentences, length, parts):
                places[phrase].add(key)
        # A stop word may stand inside a phrase, so as a part it counts.
        parts = level = {phrase: keys for phrase, keys in places.items() if len(keys) >= min_posts}
        frequent |= {phrase: keys for phrase, keys in level.items() if _is_proper(phrase)}
    return frequent


def _phrases(sentences: Sentences, length: int, parts: Mapping[Phrase, object] | None) -> Iterator[Phrase]:
    for words in sentences:
        rows = zip(*(words[start:] for start in range(length)), strict=False)
        if parts is None:
            yield from rows
        else:
            yield from (row for row in rows if row[1:] in parts and row[:-1] in parts)


def count_phrases(texts: Iterable[Sentences], wanted: Mapping[Phrase, object]) -> Counter[Phrase]:
    """How many texts say each wanted phrase."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for phrase in wanted:
        lengths[phrase[0]].add(len(phrase))
    counts: Counter[Phrase] = Counter()
    for sentences in texts:
        said = {
            phrase
            for words in sentences
            for start, word in enumerate(words)
            for length in lengths.get(word, ())
            if (phrase := tuple(words[start : start + length])) in wanted
        }
        counts.update(said)
    return counts


def _is_proper(phrase: Phrase) -> bool:
    if phrase[0] in STOP_WORDS or phrase[-1] in STOP_WORDS:
        return False
    return len(phrase) > 1 or (len(phrase[0]) > 2 and not phrase[0].isdigit())


def _significance(here: int, of_here: int, there: int, of_there: int) -> float:
    """Dunning's log-likelihood ratio of two counts (in the form of Rayson and Garside, 2000).

    ``2 · (here · ln(here / expected here) + there · ln(there / expected there))``; 0 when it is below the
    limit or the phrase is not frequent enough against the others. Rates are smoothed by half a post.
    """
    rate_ratio = (here + 0.5) / (of_here + 1) * (of_there + 1) / (there + 0.5)
    if rate_ratio < LEAST_RATE_RATIO:
        return 0.0
    share = (here + there) / (of_here + of_there)
    ratio = here * math.log(here / (of_here * share))
    if there:
        ratio += there * math.log(there / (of_there * share))
    return 2 * ratio if 2 * ratio >= LEAST_LIKELIHOOD_RATIO else 0.0
