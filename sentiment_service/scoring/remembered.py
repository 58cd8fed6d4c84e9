"""A bounded memory of what stretches of text amount to: most of a text are words that were met before."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Value = TypeVar("Value")

MOST_CHARACTERS = 1_000_000
"""Characters of all stretches together after which everything is forgotten."""


class Remembered(dict[str, Value]):
    """What was learnt of each stretch.

    :param learn: finds it out, when a stretch is met for the first time.
    """

    def __init__(self, learn: Callable[[str], Value]) -> None:
        super().__init__()
        self._learn = learn
        self._characters = 0

    def __missing__(self, stretch: str) -> Value:
        value = self[stretch] = self._learn(stretch)
        self._characters += len(stretch) + 1
        return value

    def forget_when_full(self) -> bool:
        """Forget everything when there is too much of it; to be called between two texts.

        :return: whether it did, so that what goes with it can be forgotten as well.
        """
        if self._characters <= MOST_CHARACTERS:
            return False
        self.clear()
        self._characters = 0
        return True

    def of(self, stretches: Iterable[str]) -> list[Value]:
        """What each of them amounts to."""
        return list(map(self.__getitem__, stretches))
