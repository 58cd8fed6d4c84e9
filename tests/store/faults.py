"""Faults on demand: the server's fail points, and the shape of Cosmos DB's refusals, which it cannot make."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from sentiment_service.settings import MongoSettings
from sentiment_service.store.connection import Database

VICTIM = "victim"
"""Name under which the client of a test shows up at the server, so that only it is hit."""


class FailPoints:
    """Switches fail points of one server, through a client that is not hit by them."""

    def __init__(self, client: "AsyncIOMotorClient[dict[str, Any]]") -> None:
        self._client = client

    @asynccontextmanager
    async def failing(self, *commands: str, times: int | None = None, **data: object) -> AsyncIterator[None]:
        """Fail commands of the victim inside the block, so many times or always."""
        mode: object = "alwaysOn" if times is None else {"times": times}
        await self._switch(mode, {"failCommands": list(commands), "appName": VICTIM, **data})
        try:
            yield
        finally:
            await self.off()

    async def off(self) -> None:
        """Let everything pass again."""
        await self._switch("off", None)

    async def _switch(self, mode: object, data: dict[str, object] | None) -> None:
        command: dict[str, object] = {"configureFailPoint": "failCommand", "mode": mode}
        await self._client.admin.command(command | ({} if data is None else {"data": data}))


Request = InsertOne[dict[str, Any]] | UpdateOne


class StingyDatabase(Database):
    """Refuses single operations of bulks as Cosmos DB does when its budget is used up; the others are real.

    :param refuses: told the position of an operation and how often bulks were sent; returns a server's
        error or ``None``.
    """

    def __init__(
        self, settings: MongoSettings, refuses: Callable[[int, int], tuple[int, str] | None]
    ) -> None:
        super().__init__(settings)
        self._refuses = refuses
        self.sent: list[int] = []
        """Operations in each bulk that was sent."""

    def collection(self, name: str, *, journaled: bool = False, naive: bool = False) -> Any:
        return _StingyCollection(super().collection(name, journaled=journaled, naive=naive), self)

    def refusals(self, count: int) -> dict[int, tuple[int, str]]:
        """Which of a bulk's operations are refused."""
        turn = len(self.sent)
        self.sent.append(count)
        verdicts = {index: self._refuses(index, turn) for index in range(count)}
        return {index: verdict for index, verdict in verdicts.items() if verdict is not None}


class _StingyCollection:
    def __init__(self, real: Any, database: StingyDatabase) -> None:
        self._real = real
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def bulk_write(self, requests: list[Request], *, ordered: bool) -> Any:
        refusals = self._database.refusals(len(requests))
        accepted = [request for index, request in enumerate(requests) if index not in refusals]
        result = await self._real.bulk_write(accepted, ordered=ordered) if accepted else None
        if refusals:
            raise BulkWriteError(
                {
                    "writeErrors": [
                        {"index": index, "code": code, "errmsg": text}
                        for index, (code, text) in refusals.items()
                    ],
                    "writeConcernErrors": [],
                }
            )
        return result
