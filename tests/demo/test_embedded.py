"""The embedded database as a child: one service for each folder, plain words when it does not start."""

import asyncio
import fcntl
import importlib.util
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from sentiment_service.demo import embedded
from sentiment_service.demo.child import Child
from sentiment_service.demo.data_folder import DataFolder
from sentiment_service.demo.embedded import EmbeddedDatabase
from sentiment_service.errors import StartupError
from tests.waiting import gone, until

MakeDatabase = Callable[..., EmbeddedDatabase]


@pytest_asyncio.fixture
async def on(tmp_path: Path) -> AsyncIterator[MakeDatabase]:
    """Makes databases on folders below the test's own, and closes them."""
    made: list[EmbeddedDatabase] = []

    def make(name: str = "data", **changes: object) -> EmbeddedDatabase:
        database = EmbeddedDatabase(tmp_path / name, **({"cache_mb": 32} | changes))  # type: ignore[arg-type]
        made.append(database)
        return database

    yield make
    for database in made:
        await database.close()


async def test_it_listens_on_loopback_with_private_files(on: MakeDatabase, tmp_path: Path) -> None:
    uri = await on().start()
    port = re.fullmatch(r"mongodb://127\.0\.0\.1:(\d+)/\?directConnection=true", uri)
    assert port is not None
    _, writer = await asyncio.open_connection("127.0.0.1", int(port[1]))
    writer.close()
    await writer.wait_closed()
    folder = tmp_path / "data"
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.stat().st_mode & 0o077 for path in (folder / "database").iterdir()}
    assert modes == {0}


async def test_a_second_one_on_the_same_folder_is_refused_and_the_first_goes_on(
    on: MakeDatabase, tmp_path: Path
) -> None:
    first = on()
    await first.start()
    with pytest.raises(
        StartupError, match=f"in use by another sentiment_service \\(process {os.getpid()}\\)"
    ):
        await on().start()
    assert first.pid is not None
    assert psutil.pid_exists(first.pid)


async def test_closing_frees_the_folder_and_keeps_the_data(on: MakeDatabase) -> None:
    first = on()
    await first.start()
    await first.close()
    await first.close()
    assert await on().start()


async def test_without_the_extra_it_says_what_to_install(
    on: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StartupError, match=r"pip install 'sentiment_service\[embedded\]'.*mongodb\.uri"):
        await on().start()


async def test_data_of_another_version_are_left_alone(on: MakeDatabase, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "database-version").write_text("0.6.0\n")
    with pytest.raises(StartupError, match=r"written by SecantusDB 0\.6\.0.*storage\.data_dir"):
        await on().start()


async def test_data_of_unknown_origin_are_left_alone(on: MakeDatabase, tmp_path: Path) -> None:
    (tmp_path / "data" / "database").mkdir(parents=True)
    (tmp_path / "data" / "database" / "WiredTiger").write_text("?")
    with pytest.raises(StartupError, match="written by SecantusDB unknown"):
        await on().start()


async def test_a_folder_that_is_a_file_is_told(on: MakeDatabase, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StartupError, match=r"data folder .* cannot be used: File exists"):
        await on().start()


async def test_a_database_folder_that_is_a_file_is_told(on: MakeDatabase, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "database").write_text("a file")
    with pytest.raises(StartupError, match="cannot be used"):
        await on().start()


async def test_a_failed_start_frees_the_folder(on: MakeDatabase) -> None:
    with pytest.raises(StartupError, match="does not start"):
        await on(extra_arguments=("--no-such-flag",)).start()
    assert await on().start()


async def test_damaged_files_are_told(on: MakeDatabase, tmp_path: Path) -> None:
    first = on()
    await first.start()
    await first.close()
    turtle = tmp_path / "data" / "database" / "WiredTiger.turtle"
    turtle.write_bytes(b"garbage")
    with pytest.raises(StartupError, match="its files are damaged"):
        await on().start()


async def test_files_still_held_by_another_process_are_waited_for_and_then_told(
    on: MakeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = on()
    await first.start()
    # The same files under another lock: what a database without a parent would look like.
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "database").symlink_to(tmp_path / "data" / "database")
    (tmp_path / "other" / "database-version").write_text((tmp_path / "data" / "database-version").read_text())
    monkeypatch.setattr(embedded, "BUSY_SECONDS", 0.2)
    with pytest.raises(StartupError, match="another database process still has its files open"):
        await on("other").start()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["OSError: [Errno 28] No space left on device"], "the disk is full"),
        (
            ["PermissionError: [Errno 13] Permission denied: 'x'"],
            "its files may not be read or written by this user",
        ),
        (["Traceback", "ValueError: strange", ""], "ValueError: strange"),
        ([], "it said nothing"),
    ],
)
def test_the_end_of_the_server_is_put_in_plain_words(lines: list[str], reason: str) -> None:
    assert embedded._reason(lines) == reason


async def test_it_is_started_again_when_it_dies_and_the_new_address_is_told(on: MakeDatabase) -> None:
    database = on()
    addresses = [await database.start()]

    async def note(uri: str) -> None:
        addresses.append(uri)

    watching = asyncio.create_task(database.watch(note))
    for deaths in (1, 2):
        pid = database.pid
        assert pid is not None
        if deaths == 1:
            os.kill(pid, signal.SIGKILL)
        else:
            await database.restart()
        await until(lambda deaths=deaths: len(addresses) == deaths + 1, limit_s=180)  # type: ignore[misc]
        assert database.pid != pid
    await database.close()
    await watching


async def test_closing_ends_a_watcher_that_cannot_start_it_again(
    on: MakeDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = on()
    await database.start()

    async def never(uri: str) -> None:
        raise AssertionError(uri)

    watching = asyncio.create_task(database.watch(never))
    (tmp_path / "data" / "database").rename(tmp_path / "away")
    (tmp_path / "data" / "database").write_text("a file")
    assert database.pid is not None
    os.kill(database.pid, signal.SIGKILL)
    await until(lambda: "does not start" in caplog.text, limit_s=180)
    await database.close()
    await watching


async def test_watching_comes_after_the_start(on: MakeDatabase) -> None:
    with pytest.raises(RuntimeError, match="start the embedded database"):
        await on().watch(lambda uri: asyncio.sleep(0))


PARENT = """
import asyncio, sys
from pathlib import Path
from sentiment_service.demo.embedded import EmbeddedDatabase

async def main():
    database = EmbeddedDatabase(Path(sys.argv[1]), cache_mb=32)
    await database.start()
    print("database is", database.pid, flush=True)
    await database.watch(lambda uri: asyncio.sleep(0))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only the Linux kernel does this")
async def test_it_dies_with_a_service_that_is_killed_and_the_next_one_starts(
    on: MakeDatabase, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "data")]
    service = Child("the service", command, re.compile(r"database is (\d+)"))
    server = psutil.Process(int((await service.start())[1]))
    with pytest.raises(StartupError, match=f"process {service.pid}"):
        await on().start()
    assert service.pid is not None
    os.kill(service.pid, signal.SIGKILL)
    await service.wait()
    assert await on().start()
    assert gone(server)


def test_a_folder_is_locked_while_it_is_taken(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.take()
    with (tmp_path / "lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    folder.give_back()
    folder.give_back()
    with (tmp_path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
