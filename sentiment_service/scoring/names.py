"""Names in texts that may be those of tools nobody tracks yet.

For each text, in the scoring process::

    reader = reader_from_frame(frame)      # once for each catalogue; or NameReader(names of tracked tools)
    reader.names_in(text)                  # ["Antigravity", "Augment Code"]: each once, as it was written

Then, from how many texts of some days held each name as it was written::

    propose({"Augment Code": 61, "AugmentCode": 9, "Augment": 80}, known=[...], minimum=50)
    # [Proposal(name="Augment Code", mentions=150, spellings=("Augment", "Augment Code", "AugmentCode"))]

``known`` are the names and aliases of all tools, those archived and rejected included. What a proposal's
``spellings`` are is what to look up first sightings and samples by.

A name is a run of capitalised words. Left out are words that are capitalised for another reason (they begin a
sentence, or stand in a headline), ordinary words, people as far as their first names are common ones, and
whatever holds a name that is tracked. What looks like a product by itself (``DeepSeek``, ``Warp AI``,
``GLM 4.6``) may begin a sentence. Versions are left out of names.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sentiment_service.scoring.ordinary_words import (
    FIRST_NAMES,
    NO_PRODUCTS,
    PRODUCT_ENDINGS,
    common_words,
)

MOST_NAMES = 30
"""Names that one text gives at most."""

LONGEST_NAME = 40
SHORTEST_NAME = 3
PART_OF_LONGER = 0.5
"""Share of a name's texts that hold a longer one from which the longer one is the name."""

_END = (
    r"(?!\w|\.(?:\w{1,20}\.){0,2}(?:[cm]?[jt]sx?|c|cpp|cs|css|csv|env|go|h|html?|ipynb|java|json|kt|lock|lua|md|php|py|rb|rs|scss|sh"
    r"|sql|svelte|swift|toml|txt|vue|xml|ya?ml)\b)"
)
"""No name goes on behind it, and it is no name of a file."""
_RUN = re.compile(
    rf"[A-Z](?<![\w/@#.'’][A-Z])[A-Za-z0-9]*{_END}"
    rf"(?:[ -](?:[A-Z][A-Za-z0-9]*|v?[0-9]+(?:\.[0-9]+)?){_END}){{0,3}}"
)
_VERSION = re.compile(r"v?[0-9]+(?:\.[0-9]+)?")
_TRAILING_DIGITS = re.compile(r"(?<=[A-Za-z]{3})[0-9]+$")
_PLURAL_OF_LETTERS = re.compile(r"[A-Z]+s")
_RANDOM = re.compile(r"[0-9][A-Za-z]+[0-9]|[A-Za-z]+[0-9][A-Za-z]*[A-Z][a-z]")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
_CAPITALISED = re.compile(r"\b[A-Z]\w{3}")
_LONG_WORD = re.compile(r"\b[A-Za-z]\w{3}")
_SENTENCE_ENDS = ".!?…:;•\n"
_OPENING = " \"'“”‘([{*_-–—"
_HEADLINE_SHARE = 0.6
_HEADLINE_WORDS = 4


class NameReader:
    """Reads names from texts.

    :param known: names and aliases that are tracked.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(key_of(each) for each in known)
        self._common = common_words()

    def names_in(self, text: str) -> list[str]:
        """The names in a text, each once, in the order in which they first come up.

        :param text: as :func:`~sentiment_service.scoring.clean.scorable_text` gives it. Takes time linear in
            its length.
        """
        found: dict[str, str] = {}
        judged: dict[tuple[str, bool], str] = {}
        for line in text.split("\n"):
            headline = None
            for run in _RUN.finditer(line):
                if run[0].lower() in NO_PRODUCTS:
                    continue
                if headline is None:
                    headline = _is_headline(line)
                seen = run[0], headline or _begins_sentence(line, run.start())
                if seen not in judged:
                    judged[seen] = self._name_of(run[0], plain=seen[1])
                if name := judged[seen]:
                    found.setdefault(name.lower(), name)
                    if len(found) == MOST_NAMES:
                        return list(found.values())
        return list(found.values())

    def _name_of(self, run: str, *, plain: bool) -> str:
        """The name in a run of capitalised words; empty when there is none.

        :param plain: the first capital says nothing.
        """
        words = re.split(r"[ -]", run)
        if plain and not _looks_like_a_product(words):
            return ""
        if any(self._is_known(words, start) for start in range(len(words))):
            return ""
        words = self._without_ordinary_ends(words)
        telling = _looks_like_a_product(words)
        words = [_TRAILING_DIGITS.sub("", word) for word in words if not _VERSION.fullmatch(word)]
        if not words or words[0].lower() in FIRST_NAMES or (plain and not telling):
            return ""
        if not telling and (len(words) > 2 or self._is_ordinary(words)):
            return ""
        name = " ".join(words)
        fits = SHORTEST_NAME <= len(name) <= LONGEST_NAME and key_of(name) not in NO_PRODUCTS
        return name if fits else ""

    def _is_known(self, words: Sequence[str], start: int) -> bool:
        joined = ""
        for word in words[start:]:
            joined += word.lower()
            if joined in self._known or _TRAILING_DIGITS.sub("", joined) in self._known:
                return True
        return False

    def _without_ordinary_ends(self, words: list[str]) -> list[str]:
        while words and words[0].lower() in NO_PRODUCTS:
            words = words[1:]
        while words and words[-1].lower() in NO_PRODUCTS and words[-1] not in PRODUCT_ENDINGS:
            words = words[:-1]
        return words if not words or words[0] not in PRODUCT_ENDINGS else []

    def _is_ordinary(self, words: Sequence[str]) -> bool:
        return all(
            word.isupper()
            or word.lower() in self._common
            or word.lower() in NO_PRODUCTS
            or _PLURAL_OF_LETTERS.fullmatch(word)
            or _RANDOM.search(word)
            for word in words
        )


def reader_from_frame(frame: Mapping[str, object]) -> NameReader:
    """A reader that knows the names in a :func:`~sentiment_service.scoring.mentions.catalogue_frame`."""
    return NameReader([name for tool in cast("list[list[Any]]", frame["tools"]) for name in tool[1]])


class Proposal(NamedTuple):
    """A name that is worth a look."""

    name: str
    """As it is written most."""
    mentions: int
    """Texts that hold it, in any spelling."""
    spellings: tuple[str, ...]
    """How it was written, sorted."""


def key_of(name: str) -> str:
    """The same for all ways of putting a name together: ``Augment Code``, ``AugmentCode``."""
    return re.sub(r"[\W_]+", "", name.lower())


def propose(counts: Mapping[str, int], known: Iterable[str], minimum: int) -> list[Proposal]:
    """The names that come up often and belong to nobody, most frequent first.

    A name that mostly comes up as part of a longer one counts for the longer one.

    :param counts: texts by name as written.
    :param known: names and aliases of all tools, of any status.
    :param minimum: texts from which a name is proposed.
    """
    taken = {key_of(each) for each in known}
    groups: dict[str, dict[str, int]] = {}
    for name, texts in counts.items():
        if (key := key_of(name)) and key not in taken:
            groups.setdefault(key, {})[name] = texts
    _join_parts(groups)
    proposals = (
        Proposal(_best_of(group), sum(group.values()), tuple(sorted(group))) for group in groups.values()
    )
    return sorted(
        (each for each in proposals if each.mentions >= minimum), key=lambda each: (-each.mentions, each.name)
    )


def _best_of(group: Mapping[str, int]) -> str:
    """The spelling with the most words, and of those the most frequent."""
    return max(sorted(group), key=lambda name: (name.count(" "), group[name]))


def _join_parts(groups: dict[str, dict[str, int]]) -> None:
    """Give the texts of ``Augment`` to ``Augment Code``, where that has a good share of both."""
    longer: dict[str, set[str]] = {}
    for key, group in groups.items():
        for name in group:
            if beginning := name.lower().rpartition(" ")[0]:
                longer.setdefault(beginning, set()).add(key)
    for key in sorted(groups, key=len):
        others = {other for name in groups[key] for other in longer.get(name.lower(), ())} - {key}
        best = max(
            sorted(others & groups.keys()), key=lambda other: sum(groups[other].values()), default=None
        )
        if best and sum(groups[best].values()) >= PART_OF_LONGER * sum(groups[key].values()):
            groups[best] = groups[best] | groups.pop(key)


def _looks_like_a_product(words: Sequence[str]) -> bool:
    """An inner capital, a version, or an ending such as ``AI``."""
    if any(_INNER_CAPITAL.search(word) and not _RANDOM.search(word) for word in words):
        return not _PLURAL_OF_LETTERS.fullmatch(words[0])
    if len(words) < 2:
        return False
    return words[-1] in PRODUCT_ENDINGS or any(_VERSION.fullmatch(word) for word in words[1:])


def _begins_sentence(line: str, start: int) -> bool:
    index = start - 1
    while index >= 0 and start - index <= 5 and line[index] in _OPENING:
        index -= 1
    return index < 0 or line[index] in _SENTENCE_ENDS


def _is_headline(line: str) -> bool:
    long = len(_LONG_WORD.findall(line))
    return long >= _HEADLINE_WORDS and len(_CAPITALISED.findall(line)) > _HEADLINE_SHARE * long
