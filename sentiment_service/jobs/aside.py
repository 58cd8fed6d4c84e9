"""Work in a process of its own, for as long as that takes.

In a thread, seconds of processor time would fight the event loop for the interpreter lock; in a process they
do not. What it works on crosses in small parts, because encoding them holds the lock too.
"""

import asyncio
import pickle
import struct
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from sentiment_service.errors import ServiceError

LAST_WORDS = 2000
"""Bytes of the end of what a failed process wrote to standard error."""
_LENGTH = struct.Struct("!Q")


async def ask(
    module: str, values: AsyncIterator[object], *, limit_s: float, doing: str, error: type[ServiceError]
) -> Any:
    """Run a module of ours, give it values one after the other, and return its answer.

    :param module: reads :func:`frames` and writes :func:`answer`.
    :param values: each so small that encoding it takes well below a millisecond.
    :param limit_s: seconds after which it is killed.
    :param doing: what it does, for the message of a failure.
    :param error: raised when the process cannot do it or takes too long.
    :raises Exception: from ``values``, after the process is killed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(limit_s):
            sending = _send(process, values)
            _, result, complaint = await asyncio.gather(
                sending, _all_of(process.stdout), _all_of(process.stderr)
            )
            code = await process.wait()
    except TimeoutError as late:
        raise error(f"{doing} took longer than {limit_s:g} s") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        words = complaint[-LAST_WORDS:].decode("utf-8", "replace").strip().splitlines()
        raise error(f"{doing} ended with code {code}: {words[-1] if words else 'it said nothing'}")
    return pickle.loads(result)  # noqa: S301 (from our own child)


async def _send(process: asyncio.subprocess.Process, values: AsyncIterator[object]) -> None:
    """Write values as frames of a length and a pickle."""
    stream = process.stdin
    assert stream is not None  # noqa: S101 (it was asked for)
    with suppress(BrokenPipeError, ConnectionResetError):  # its exit code tells what happened
        async for value in values:
            body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
            stream.write(_LENGTH.pack(len(body)) + body)
            await stream.drain()
            await asyncio.sleep(0)
        stream.close()
        await stream.wait_closed()


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None  # noqa: S101 (it was asked for)
    return await stream.read()


def frames(requests: BinaryIO) -> Iterator[Any]:
    """At the other end: the values, as they come in."""
    while head := requests.read(_LENGTH.size):
        yield pickle.loads(requests.read(_LENGTH.unpack(head)[0]))  # noqa: S301 (from our own parent)


def answer(answers: BinaryIO, value: object) -> None:
    """At the other end: the answer."""
    answers.write(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
    answers.flush()
