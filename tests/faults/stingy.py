"""A proxy before the database that refuses single operations of bulks as Cosmos DB does over budget."""

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import bson

OP_MSG = 2013
REFUSED = (
    "Error=16500, RetryAfterMs=34, Details='Response status code does not indicate success: "
    "TooManyRequests (429); Substatus: 3200'"
)
_HEADER = struct.Struct("<iiii")


@dataclass(frozen=True, slots=True)
class _Cut:
    """What was taken out of a bulk: positions that went through, and those that were refused."""

    kept: tuple[int, ...]
    refused: tuple[int, ...]


@dataclass
class Stingy:
    """Passes everything on, except every third item of a bulk as long as there is something to refuse."""

    port: int = 0
    left: int = 0
    """Operations still to be refused."""
    refused: int = 0
    """Operations refused so far."""
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    ends: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self, frame: bytes) -> tuple[bytes, _Cut | None]:
        """A request with some operations taken out, and which; unchanged when it is no bulk of items."""
        opcode = _HEADER.unpack_from(frame)[3]
        if self.left <= 0 or opcode != OP_MSG:
            return frame, None
        command, name, documents = _parts(frame)
        if command.get("update", command.get("insert")) not in ("posts", "comments") or len(documents) < 2:
            return frame, None
        refused = tuple(index for index in range(len(documents)) if index % 3 == 1)[: self.left]
        kept = tuple(index for index in range(len(documents)) if index not in refused)
        self.left -= len(refused)
        self.refused += len(refused)
        body = name + b"\0" + b"".join(documents[index] for index in kept)
        sections = b"\0" + bson.encode(command) + b"\1" + struct.pack("<i", 4 + len(body)) + body
        return _framed(frame, sections), _Cut(kept, refused)


def mended(frame: bytes, cut: _Cut) -> bytes:
    """The answer to a request as if it had not been cut: positions put right, refusals added."""
    answer = dict(bson.decode(frame[21:]))
    for each in (*answer.get("upserted", ()), *answer.get("writeErrors", ())):
        each["index"] = cut.kept[each["index"]]
    errors = [{"index": index, "code": 16500, "errmsg": REFUSED} for index in cut.refused]
    answer["writeErrors"] = sorted(
        (*answer.get("writeErrors", ()), *errors), key=lambda error: int(error["index"])
    )
    return _framed(frame, b"\0" + bson.encode(answer))


def _framed(frame: bytes, sections: bytes) -> bytes:
    _, request, response, opcode = _HEADER.unpack_from(frame)
    flags = struct.unpack_from("<I", frame, 16)[0] & ~1  # no checksum
    body = struct.pack("<I", flags) + sections
    return _HEADER.pack(16 + len(body), request, response, opcode) + body


def _parts(frame: bytes) -> tuple[Mapping[str, Any], bytes, list[bytes]]:
    """The command, and the name and the documents of the sequence that follows it."""
    place, command, name, documents = 20, {}, b"", []
    while place < len(frame):
        size = struct.unpack_from("<i", frame, place + 1)[0]
        section = frame[place + 1 : place + 1 + size]
        if frame[place] == 0:
            command = bson.decode(section)
        else:
            name, _, rest = section[4:].partition(b"\0")
            while rest:
                length = struct.unpack_from("<i", rest)[0]
                documents.append(rest[:length])
                rest = rest[length:]
        place += 1 + size
    return command, name, documents


async def _frames(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        head = await reader.readexactly(16)
        yield head + await reader.readexactly(_HEADER.unpack(head)[0] - 16)


@asynccontextmanager
async def stingy_before(port: int) -> AsyncIterator[Stingy]:
    """A proxy before the server on a port of this machine."""
    stingy = Stingy()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        stingy.tasks.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        stingy.ends.update((writer, back))
        cuts: dict[int, _Cut] = {}

        async def requests() -> None:
            async for frame in _frames(reader):
                passed, cut = stingy.cut(frame)
                if cut is not None:
                    cuts[_HEADER.unpack_from(frame)[1]] = cut
                back.write(passed)
                await back.drain()

        async def answers() -> None:
            async for frame in _frames(there):
                cut = cuts.pop(_HEADER.unpack_from(frame)[2], None)
                writer.write(frame if cut is None else mended(frame, cut))
                await writer.drain()

        ways = [asyncio.create_task(requests()), asyncio.create_task(answers())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, back):
                end.close()
                stingy.ends.discard(end)
            stingy.tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    stingy.port = server.sockets[0].getsockname()[1]
    try:
        yield stingy
    finally:
        server.close()
        for end in list(stingy.ends):
            end.close()
        if stingy.tasks:
            await asyncio.wait(stingy.tasks, timeout=5)
