"""Finding topics in a process of its own: a busy day needs a second of processor time."""

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, cast

from sentiment_service.errors import TopicsError
from sentiment_service.jobs.aside import answer, ask, frames
from sentiment_service.jobs.topics import find_topics
from sentiment_service.models import StoredPost, Tally, TrendingTopic
from sentiment_service.priority import yield_to_the_service
from sentiment_service.settings import TrendingSettings

LIMIT_S = 120.0
NICENESS = 5
PART = 50
"""Posts encoded at once: well below a millisecond."""


async def find_topics_aside(
    posts: Sequence[StoredPost],
    baseline: Sequence[StoredPost],
    *,
    settings: TrendingSettings,
    now: datetime,
    comment_tallies: Mapping[str, Tally],
) -> list[TrendingTopic]:
    """The same as :func:`~sentiment_service.jobs.topics.find_topics`, without holding the event loop.

    :raises TopicsError: when the process cannot be started, fails, or takes longer than ``LIMIT_S``.
    """

    async def values() -> AsyncIterator[object]:
        yield settings, now, dict(comment_tallies)
        for part in _parts(posts):
            yield part
        yield []  # parts window and baseline
        for part in _parts(baseline):
            yield part

    topics = await ask(__name__, values(), limit_s=LIMIT_S, doing="finding topics", error=TopicsError)
    return cast("list[TrendingTopic]", topics)


def _parts(posts: Sequence[StoredPost]) -> list[Sequence[StoredPost]]:
    return [posts[start : start + PART] for start in range(0, len(posts), PART)]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """The other end: read everything, find the topics, write them."""
    all_frames = list(frames(requests))
    settings, now, tallies = all_frames[0]
    parting = all_frames.index([], 1)
    window = [post for part in all_frames[1:parting] for post in part]
    baseline = [post for part in all_frames[parting + 1 :] for post in part]
    answer(answers, find_topics(window, baseline, settings=settings, now=now, comment_tallies=tallies))


if __name__ == "__main__":
    yield_to_the_service(NICENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
