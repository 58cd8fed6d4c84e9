"""Finding topics in a process of its own, for as long as that takes.

:func:`~sentiment_service.jobs.topics.find_topics` needs a second of processor time for a busy day. In a
thread it would fight the event loop for the interpreter lock; here it does not. Posts cross in small parts,
because encoding them holds the lock too.
"""

import asyncio
import pickle
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO, cast

from sentiment_service.config import TrendingSettings
from sentiment_service.errors import TopicsError
from sentiment_service.jobs.topics import find_topics
from sentiment_service.models import StoredPost, Tally, TrendingTopic

LIMIT_S = 120.0
PART = 50
"""Posts encoded at once: well below a millisecond."""
LAST_WORDS = 2000
"""Bytes of the end of what a failed process wrote to standard error."""
_LENGTH = struct.Struct("!Q")


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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sentiment_service.jobs.topics_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            sending = _send(
                process, [(settings, now, dict(comment_tallies)), *_parts(posts), [], *_parts(baseline)]
            )
            _, answer, complaint = await asyncio.gather(
                sending, _all_of(process.stdout), _all_of(process.stderr)
            )
            code = await process.wait()
    except TimeoutError as error:
        raise TopicsError(f"topics were not found within {LIMIT_S:g} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        words = complaint[-LAST_WORDS:].decode("utf-8", "replace").strip().splitlines()
        raise TopicsError(
            f"finding topics ended with code {code}: {words[-1] if words else 'it said nothing'}"
        )
    return cast("list[TrendingTopic]", pickle.loads(answer))  # noqa: S301 (from our own child)


def _parts(posts: Sequence[StoredPost]) -> list[Sequence[StoredPost]]:
    return [posts[start : start + PART] for start in range(0, len(posts), PART)]


async def _send(process: asyncio.subprocess.Process, values: Sequence[object]) -> None:
    """Write values as frames of a length and a pickle; an empty list parts window and baseline."""
    stream = process.stdin
    assert stream is not None  # noqa: S101 (it was asked for)
    with suppress(BrokenPipeError, ConnectionResetError):  # its exit code tells what happened
        for value in values:
            body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
            stream.write(_LENGTH.pack(len(body)) + body)
            await stream.drain()
            await asyncio.sleep(0)
        stream.close()
        await stream.wait_closed()


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None  # noqa: S101 (it was asked for)
    return await stream.read()


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """The other end: read everything, find the topics, write them."""
    frames = _frames(requests)
    settings, now, tallies = frames[0]
    parting = frames.index([], 1)
    window = [post for part in frames[1:parting] for post in part]
    baseline = [post for part in frames[parting + 1 :] for post in part]
    topics = find_topics(window, baseline, settings=settings, now=now, comment_tallies=tallies)
    answers.write(pickle.dumps(topics, protocol=pickle.HIGHEST_PROTOCOL))
    answers.flush()


def _frames(stream: BinaryIO) -> list[Any]:
    frames = []
    while head := stream.read(_LENGTH.size):
        frames.append(pickle.loads(stream.read(_LENGTH.unpack(head)[0])))  # noqa: S301 (from our own parent)
    return frames


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
