"""What the spelling of a name says: capitals that mean something, and numbers of versions."""

from sentiment_service.scoring.phrases import Words

_SENTENCE_ENDS = ".!?…\n:•"
_OPENING = " \t\"'“”‘’([{*_-–—"
_TITLE_SHARE = 0.6
_TITLE_REACH = 5
_LEAST_IN_TITLE = 4
"""Letters from which a word of a headline has a capital."""

_COUNTED = frozenset(
    {
        "second",
        "seconds",
        "minutes",
        "min",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
    }
    | {"year", "years", "time", "times", "pixel", "pixels", "px", "line", "lines", "row", "rows", "columns"}
    | {"chars", "characters", "people", "guys", "dollars", "bucks", "out", "of", "more", "other", "and"}
)
"""What comes after a number that is no version: ``Cursor 2 days ago``."""

_ARTICLES = frozenset({"a", "an", "the"})


def has_telling_capital(words: Words, first: int, after: int, spelled: str) -> bool:
    """Whether a name has a capital that comes neither from a sentence's beginning, nor from a headline.

    A capital within it, as in ``CC``, always tells; one beside another capitalised word does not: that is how
    people are called.

    :param first: index of its first word.
    :param after: index of the word after its last.
    :param spelled: the name as the catalogue has it.
    """
    start, end = words.starts[first], words.ends[after - 1]
    written = words.text[start:end]
    if not written[:1].isupper() or _in_headline(words, first, after):
        return False
    if written == spelled and not written[1:].islower():
        return len(written) > 1
    return not (_begins_sentence(words.text, start) or _like_a_person(words, first, after))


def has_version(words: Words, after: int) -> bool:
    """Whether a number follows that tells a version (``2.5``, ``-4o``), rather than counts what comes next.

    :param after: index of the word after the name.
    """
    if after >= len(words.words) or not words.words[after].isdigit() or len(words.words[after]) > 2:
        return False
    gap = words.gap(after)
    if gap in ("", "-") or words.lowered[words.starts[after] - 1] == "-":
        return True
    if gap != " ":
        return False
    following = words.lowered[words.ends[after] : words.ends[after] + 2]
    if following[:1] == "." and following[1:].isdigit():
        return True
    return after + 1 >= len(words.words) or words.words[after + 1] not in _COUNTED


def has_article(words: Words, first: int) -> bool:
    """Whether a name in lower case has an article right before it, as ordinary words do.

    :param first: index of its first word.
    """
    return first > 0 and words.words[first - 1] in _ARTICLES and not _capital(words, first)


def _begins_sentence(text: str, start: int) -> bool:
    index = start - 1
    while index >= 0 and start - index <= 5 and text[index] in _OPENING:
        index -= 1
    return index < 0 or text[index] in _SENTENCE_ENDS


def _capital(words: Words, index: int) -> bool:
    return words.text[words.starts[index]].isupper()


def _like_a_person(words: Words, first: int, after: int) -> bool:
    """Whether a capitalised word stands right beside the name, as a surname does."""
    follows = after < len(words.words) and words.gap(after) == " " and _capital(words, after)
    precedes = (
        first > 0
        and words.gap(first) == " "
        and _capital(words, first - 1)
        and words.ends[first - 1] - words.starts[first - 1] > 1
        and not _begins_sentence(words.text, words.starts[first - 1])
    )
    return follows or precedes


def _in_headline(words: Words, first: int, after: int) -> bool:
    around = [
        *range(max(0, first - _TITLE_REACH), first),
        *range(after, min(len(words.words), after + _TITLE_REACH)),
    ]
    long = [each for each in around if words.ends[each] - words.starts[each] >= _LEAST_IN_TITLE]
    return len(long) > 2 and sum(_capital(words, each) for each in long) > _TITLE_SHARE * len(long)
