"""Which themes of the settings a text is about."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence


class Themes:
    """Finds the words of all themes at once, whole words only, in upper or lower case.

    :param words: words and phrases by theme, as in the settings.
    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._themes_of: dict[str, list[str]] = {}
        for theme, members in words.items():
            for member in filter(None, (" ".join(each.lower().split()) for each in members)):
                self._themes_of.setdefault(member, []).append(theme)
        # The longest first: "rate limits" must not end the search at "rate".
        ordered = sorted(self._themes_of, key=len, reverse=True)
        alternatives = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in ordered)
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if ordered else None

    def words_in(self, text: str) -> dict[str, Counter[str]]:
        """The words of each theme that a text holds, counted; themes without any are absent."""
        found: dict[str, Counter[str]] = {}
        for match in self._pattern.findall(text.lower()) if self._pattern else ():
            word = " ".join(match.split())
            for theme in self._themes_of[word]:
                found.setdefault(theme, Counter())[word] += 1
        return found
