"""What a check saw."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]
"""Whether all is well, something may go wrong, or the service cannot do its work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; never with a secret.

    :param subject: what was looked at: ``database``.
    :param seen: what was seen, as half a sentence.
    :param advice: what to do about it; empty when there is nothing to do.
    """

    level: Level
    subject: str
    seen: str
    advice: str = ""

    @property
    def line(self) -> str:
        """The finding as one line for a person."""
        text = f"{self.level:<8} {self.subject:<12} {self.seen}"
        return " ".join(f"{text}: {self.advice}".splitlines()) if self.advice else " ".join(text.splitlines())


def exit_code(findings: Iterable[Finding]) -> int:
    """1 when there is a problem, otherwise 0."""
    return int(any(finding.level == "problem" for finding in findings))
