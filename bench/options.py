"""What every part of the benchmarks is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from tqdm import tqdm

from bench.figures import Result
from sentiment_service.settings import StorageSettings

Size = Literal["smoke", "quick", "whole"]
"""Seconds a part, to see that it works; all parts in three minutes; all of it."""


class Progress:
    """Shows what a part is doing; silent where standard error is no terminal, unless told otherwise."""

    def __init__(self, part: str, *, show: bool) -> None:
        self._bar = tqdm(
            total=0, desc=part, disable=not show, leave=False, bar_format="{desc}: {n}/{total} {postfix}"
        )

    def expect(self, steps: int) -> None:
        """So many steps are to come."""
        self._bar.total = steps
        self._bar.refresh()

    def step(self, doing: str) -> None:
        """The next step begins."""
        self._bar.update(1)
        self._bar.set_postfix_str(doing)

    def close(self) -> None:
        """It is over."""
        self._bar.close()


@dataclass(frozen=True, slots=True)
class Options:
    """How much to measure, and on which database."""

    size: Size = "whole"
    full: bool = False
    """A million items in the part about growth."""
    mongodb_uri: str = ""
    """A database to use; empty starts the embedded one."""

    def pick(self, *, smoke: float, quick: float, whole: float) -> float:
        """One of three values, by how much is to be measured."""
        return {"smoke": smoke, "quick": quick, "whole": whole}[self.size]

    @property
    def whole(self) -> bool:
        """Whether there is enough of everything to judge by."""
        return self.size == "whole"

    @property
    def measured(self) -> bool:
        """Whether figures are wanted, and it is not only to be seen that it works."""
        return self.size != "smoke"

    @property
    def niceness(self) -> int:
        """Of an embedded database: as a service starts it, where figures are wanted."""
        return StorageSettings().embedded_niceness if self.measured else 0

    @property
    def rounds(self) -> int:
        """Rounds that a median is taken of."""
        return int(self.pick(smoke=1, quick=2, whole=5))


Run = Callable[[Options, Progress], Awaitable[Result]]
