"""The embedded database: SecantusDB as a child process on loopback, with its files in the data folder.

It speaks MongoDB's wire protocol, so the store needs no second code path. It is a separate program
under its own licence: started, spoken to over a socket, and never imported.
"""

import asyncio
import importlib.metadata
import importlib.util
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from sentiment_service.demo.child import Child
from sentiment_service.demo.data_folder import DataFolder
from sentiment_service.errors import StartupError

logger = logging.getLogger(__name__)

READY = re.compile(r"secantus listening on 127\.0\.0\.1:(\d+)")
START_SECONDS = 60.0
STOP_SECONDS = 4.0
"""Patience before SIGKILL, which loses nothing: what counts as done is journaled."""
BUSY_SECONDS = 10.0
BUSY_STEP_SECONDS = 0.5
BUSY = "Device or resource busy"
"""What a start fails with while a predecessor that was killed still has its files open."""
BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_SECONDS = 60.0

MISSING = (
    "the embedded database is not installed: run pip install 'sentiment_service[embedded]', "
    "or set mongodb.uri to the address of a MongoDB"
)

_DAMAGED = "its files are damaged; restore a backup or set storage.data_dir to a new folder"
_REASONS = (
    (BUSY, "another database process still has its files open"),
    ("No space left on device", "the disk is full"),
    ("Permission denied", "its files may not be read or written by this user"),
    ("PermissionError", "its files may not be read or written by this user"),
    ("WiredTigerError: Invalid argument", _DAMAGED),
    ("WT_TRY_SALVAGE", _DAMAGED),
    ("IncompatibleStorageFormat", "its files were written by another version of SecantusDB"),
    ("Address already in use", "its port is taken"),
)


class EmbeddedDatabase:
    """One database server for one data folder; started again when it dies, for as long as :meth:`watch` runs.

    :param data_dir: the folder; created with mode 0700 and locked while in use.
    :param cache_mb: memory for the server's cache, in MB.
    :param niceness: how much the server yields to the service, 0 to 19.
    :param extra_arguments: further arguments of the server.
    """

    def __init__(
        self, data_dir: Path, *, cache_mb: int, niceness: int = 0, extra_arguments: Sequence[str] = ()
    ) -> None:
        self._folder = DataFolder(data_dir)
        self._cache_mb = cache_mb
        self._niceness = niceness
        self._extra_arguments = tuple(extra_arguments)
        self._child: Child | None = None
        self._closing = asyncio.Event()
        self._reserved = False

    async def reserve(self) -> None:
        """Lock the folder, so that what would keep the server from starting shows early. Idempotent.

        :raises StartupError: the database is not installed, or another service uses the folder.
        """
        if not self._reserved:
            await asyncio.to_thread(_installed_version)
            await asyncio.to_thread(self._folder.take)
            self._reserved = True

    async def start(self) -> str:
        """Start the server; returns its address as a MongoDB URI.

        :raises StartupError: with one line that says what to do.
        """
        version = await asyncio.to_thread(_installed_version)
        await self.reserve()
        try:
            await asyncio.to_thread(self._folder.prepare, version)
            return await self._launch()
        except BaseException:
            self._give_back()
            raise

    async def close(self) -> None:
        """Stop the server, patiently since it writes its data out, and unlock the folder. Idempotent."""
        self._closing.set()
        if self._child is not None:
            await self._child.stop()
        self._give_back()

    async def watch(self, on_restart: Callable[[str], Awaitable[None]]) -> None:
        """Start the server again whenever it dies, until :meth:`close`; awaited by its owner as a task.

        :param on_restart: told the new address each time.
        """
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._closing.is_set():
            child = self._child
            if child is None:
                raise RuntimeError("start the embedded database before watching it")
            began = loop.time()
            code = await child.wait()
            if self._closing.is_set():
                return
            logger.error("the embedded database ended with code %s: %s", code, _reason(child.tail))
            failures = 0 if loop.time() - began > STEADY_SECONDS else failures
            uri, failures = await self._relaunch(failures)
            if uri is not None:
                await on_restart(uri)

    async def restart(self) -> None:
        """Stop a server that runs but serves no more, as with a full disk; :meth:`watch` starts it again."""
        if self._child is not None:
            await self._child.stop()

    @property
    def pid(self) -> int | None:
        """The server's process id."""
        return None if self._child is None else self._child.pid

    def _give_back(self) -> None:
        self._folder.give_back()
        self._reserved = False

    async def _relaunch(self, failures: int) -> tuple[str | None, int]:
        while not self._closing.is_set():
            pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
            failures += 1
            if await self._closed_within(pause):
                break
            try:
                return await self._launch(), failures
            except StartupError as error:
                logger.error("%s", error)  # noqa: TRY400 - the line says it all
        return None, failures

    async def _closed_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._closing.wait()
        except TimeoutError:
            return False

    async def _launch(self) -> str:
        """Start one child. The folder is ours, so a dying predecessor with its files open is waited for."""
        deadline = asyncio.get_running_loop().time() + BUSY_SECONDS
        while True:
            child = Child(
                "the embedded database",
                self._command(),
                READY,
                start_timeout_s=START_SECONDS,
                stop_patience_s=STOP_SECONDS,
                hidden_environment=("SENTIMENT_", "COVERAGE_"),
                niceness=self._niceness,
            )
            self._child = child
            try:
                match = await child.start()
            except StartupError as error:
                busy = any(BUSY in line for line in child.tail)
                if busy and asyncio.get_running_loop().time() < deadline:
                    logger.info("the embedded database does not start yet: %s", " | ".join(child.tail))
                    await asyncio.sleep(BUSY_STEP_SECONDS)
                    continue
                raise StartupError(
                    f"the embedded database in {self._folder.path} does not start: {_reason(child.tail)}"
                ) from error
            return f"mongodb://127.0.0.1:{match[1]}/?directConnection=true"

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-P", "-m", "secantus", "--config", str(self._folder.config)),
            *("--host", "127.0.0.1", "--port", "0", "--storage-path", str(self._folder.database)),
            *("--cache-size", f"{self._cache_mb}M", "--standalone", "--log-level", "INFO"),
            *self._extra_arguments,
        ]


def _installed_version() -> str:
    if importlib.util.find_spec("secantus") is None:
        raise StartupError(MISSING)
    return importlib.metadata.version("SecantusDB")


def _reason(tail: Iterable[str]) -> str:
    """Why the server ended, in plain words, from its last lines."""
    lines = [line.strip() for line in tail if line.strip()]
    for mark, reason in _REASONS:
        if any(mark in line for line in lines):
            return reason
    return lines[-1] if lines else "it said nothing"
