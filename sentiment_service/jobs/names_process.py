"""Counting the names that nobody tracks in many texts, in a process of its own."""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, cast

from sentiment_service.errors import NamesError
from sentiment_service.jobs.aside import answer, ask, frames
from sentiment_service.jobs.names import Said, Untracked
from sentiment_service.priority import yield_to_the_service
from sentiment_service.scoring.clean import scorable_text
from sentiment_service.scoring.names import NameReader, Proposal, propose

LIMIT_S = 300.0
NICENESS = 10
"""Nobody waits for this work, so whoever answers somebody goes first."""
SAMPLES = 5
"""Items remembered for each spelling."""


async def count_names_aside(
    texts: AsyncIterator[Sequence[Said]], *, tracked: Sequence[str], known: Sequence[str], minimum: int
) -> list[Untracked]:
    """The untracked names of many texts, most frequent first.

    :param texts: in small parts.
    :param tracked: names that are left out because texts are searched for them.
    :param known: names that are not proposed, for whatever reason.
    :param minimum: texts from which a name is one of them.
    :raises NamesError: when the process cannot be started, fails, or takes longer than ``LIMIT_S``.
    """

    async def values() -> AsyncIterator[object]:
        yield tracked, known, minimum
        async for part in texts:
            yield part

    found = await ask(__name__, values(), limit_s=LIMIT_S, doing="counting names", error=NamesError)
    return cast("list[Untracked]", found)


@dataclass(slots=True)
class _Sightings:
    """Where names were seen."""

    counts: Counter[str] = field(default_factory=Counter)
    first_at: dict[str, datetime] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, said: Said, names: Iterable[str]) -> None:
        for name in names:
            self.counts[name] += 1
            self.first_at[name] = min(said.at, self.first_at.get(name, said.at))
            samples = self.samples.setdefault(name, [])
            if len(samples) < SAMPLES:
                samples.append(said.id)

    def of(self, proposal: Proposal) -> Untracked:
        spellings = proposal.spellings
        # The spelling it is proposed under first.
        ordered = sorted(spellings, key=lambda spelling: spelling != proposal.name)
        samples = dict.fromkeys(id_ for spelling in ordered for id_ in self.samples[spelling])
        return Untracked(
            name=proposal.name,
            mentions=proposal.mentions,
            spellings=spellings,
            first_at=min(self.first_at[spelling] for spelling in spellings),
            samples=tuple(samples)[:SAMPLES],
        )


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """The other end."""
    parts = frames(requests)
    tracked, known, minimum = next(parts)
    reader, sightings = NameReader(tracked), _Sightings()
    for part in parts:
        for said in part:
            sightings.add(said, reader.names_in(scorable_text(said.markdown)))
    proposals = propose(sightings.counts, known, minimum)
    answer(answers, [sightings.of(proposal) for proposal in proposals])


if __name__ == "__main__":
    yield_to_the_service(NICENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
