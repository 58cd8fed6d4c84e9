"""A child is ready when it says so, is stopped politely, and does not outlive its parent."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from sentiment_service.demo.child import LINE_LENGTH, TAIL_LINES, Child
from sentiment_service.errors import StartupError
from tests.waiting import gone, until

READY = re.compile(r"ready on (\d+)")
WAIT = "import time; time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only the Linux kernel does this")

MakeChild = Callable[..., Child]


@pytest_asyncio.fixture
async def child_of() -> AsyncIterator[MakeChild]:
    """Makes children that run a piece of Python, and ends those that still run."""
    children: list[Child] = []

    def make(*lines: str, **changes: object) -> Child:
        options: dict[str, object] = {"start_timeout_s": 20.0, "stop_patience_s": 20.0}
        command = [sys.executable, "-u", "-c", "\n".join(lines)]
        child = Child("the program", command, READY, **(options | changes))  # type: ignore[arg-type]
        children.append(child)
        return child

    yield make
    for child in children:
        await child.stop()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_it_is_ready_when_it_says_so_on_either_stream(child_of: MakeChild, stream: str) -> None:
    child = child_of("import sys", f"print('loading\\nready on 8123', file=sys.{stream})", WAIT)
    assert (await child.start())[1] == "8123"
    assert child.returncode is None
    assert "loading" in child.tail
    await child.stop()
    assert child.returncode == -signal.SIGTERM


async def test_a_program_that_ends_early_is_told_with_its_last_line(child_of: MakeChild) -> None:
    child = child_of("raise SystemExit('no such port')")
    with pytest.raises(
        StartupError, match="ended with code 1 before it was ready; it last said: no such port"
    ):
        await child.start()
    assert child.returncode == 1


async def test_a_program_that_stays_silent_is_killed(child_of: MakeChild) -> None:
    child = child_of("print('still loading')", STUBBORN, WAIT, start_timeout_s=0.5)
    with pytest.raises(StartupError, match=r"was not ready within 0\.5 s"):
        await child.start()
    assert child.returncode == -signal.SIGKILL


async def test_a_program_that_does_not_exist_is_told(child_of: MakeChild) -> None:
    child = Child("the program", ["/nowhere/program"], READY)
    with pytest.raises(StartupError, match="No such file or directory"):
        await child.start()


async def test_a_start_that_is_cancelled_leaves_no_process(child_of: MakeChild) -> None:
    child = child_of("print('still loading')", WAIT)
    starting = asyncio.create_task(child.start())
    await until(lambda: "still loading" in child.tail)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert child.returncode == -signal.SIGKILL


async def test_a_program_that_ignores_sigterm_is_killed_after_some_patience(child_of: MakeChild) -> None:
    child = child_of(STUBBORN, "print('ready on 1')", WAIT, stop_patience_s=0.2)
    await child.start()
    await child.stop()
    assert child.returncode == -signal.SIGKILL


async def test_stopping_is_idempotent_even_before_the_start(child_of: MakeChild) -> None:
    child = child_of("print('ready on 1')", WAIT)
    await child.stop()
    assert (child.pid, child.returncode) == (None, None)
    await child.start()
    await child.stop()
    await child.stop()
    assert await child.wait() == -signal.SIGTERM


async def test_waiting_tells_the_exit_code_of_one_that_ends_by_itself(child_of: MakeChild) -> None:
    child = child_of("print('ready on 1')", "print('going')", "raise SystemExit(3)")
    await child.start()
    assert await child.wait() == 3
    assert child.tail[-1] == "going"


async def test_a_child_runs_once_and_is_waited_for_after_its_start(child_of: MakeChild) -> None:
    child = child_of("print('ready on 1')", WAIT)
    with pytest.raises(RuntimeError, match="not started"):
        await child.wait()
    await child.start()
    with pytest.raises(RuntimeError, match="runs once"):
        await child.start()


async def test_a_flood_of_output_neither_blocks_it_nor_fills_memory(child_of: MakeChild) -> None:
    child = child_of(
        "print('ready on 1')",
        "for n in range(5000): print('line', n, 'x' * 200)",
        "print('y' * 5_000_000)",
        "print('end', end='')",
    )
    await child.start()
    assert await child.wait() == 0
    assert len(child.tail) == TAIL_LINES
    assert max(map(len, child.tail)) <= LINE_LENGTH
    assert child.tail[-1] == "end"


async def test_it_gets_its_own_process_group_private_files_and_no_hidden_variables(
    child_of: MakeChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIMENT_REDDIT__CLIENT_SECRET", "hunter2")
    monkeypatch.setenv("OTHER", "shown")
    child = child_of(
        "import os",
        "print(os.getpgid(0) == os.getpid(), oct(os.umask(0)), os.environ.get('OTHER'),"
        " 'SENTIMENT_REDDIT__CLIENT_SECRET' in os.environ)",
        "print('ready on 1')",
        hidden_environment=("SENTIMENT_",),
    )
    await child.start()
    await child.wait()
    assert child.tail[0] == "True 0o77 shown False"


async def test_it_yields_as_much_as_it_is_told(child_of: MakeChild) -> None:
    child = child_of("import os", "print(os.nice(0))", "print('ready on 1')", niceness=7)
    await child.start()
    await child.wait()
    assert child.tail[0] == str(min(19, os.nice(0) + 7))


async def test_a_grandchild_that_keeps_the_streams_open_does_not_hold_up_the_end(child_of: MakeChild) -> None:
    child = child_of(
        "import subprocess, sys",
        f"inner = subprocess.Popen([sys.executable, '-c', {WAIT!r}])",
        "print('inner', inner.pid)",
        "print('ready on 1')",
        WAIT,
    )
    await child.start()
    await until(lambda: len(child.tail) == 2)
    await child.stop()
    assert child.returncode == -signal.SIGTERM
    os.kill(int(child.tail[0].split()[1]), signal.SIGKILL)


PARENT = """
import asyncio, re, sys
from sentiment_service.demo.child import Child

async def main():
    child = Child("inner", [sys.executable, "-u", "-c", {program!r}], re.compile("ready"))
    await child.start()
    print("inner is", child.pid, "ready on 1", flush=True)
    await child.wait()

asyncio.run(main())
"""


@linux_only
async def test_it_dies_with_a_parent_that_is_killed(child_of: MakeChild, tmp_path: Path) -> None:
    program = "\n".join([STUBBORN, "print('ready')", WAIT])
    parent = child_of(PARENT.format(program=program))
    await parent.start()
    inner = psutil.Process(int(parent.tail[-1].split()[2]))
    assert parent.pid is not None
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    await until(lambda: gone(inner))
