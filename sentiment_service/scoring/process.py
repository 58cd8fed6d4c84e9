"""One scoring process as its owner sees it. Everything here blocks, so it is called in a thread.

But :attr:`ScoringProcess.alive`, :attr:`~ScoringProcess.pid` and :meth:`ScoringProcess.kill` return at once
and may be used from anywhere: killing is how a blocked call is ended.
"""

import contextlib
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from sentiment_service.errors import ScoringError
from sentiment_service.scoring.frames import CATALOGUE, TEXTS, ScoreTuple, read_frame, write_frame

REAP_S = 2.0
"""Seconds an ended process may take to be gone."""
KILLED_S = 60.0
"""Seconds a killed one may take: on a busy machine its turn to die comes late."""

_COMPLAINT_BYTES = 4000
_EXCEPTION = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit))\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CatalogueFrame:
    """The tools to look for, ready to be handed over."""

    number: int
    content: Mapping[str, object]
    """What :func:`~sentiment_service.scoring.mentions.catalogue_frame` made."""


class WorkerDiedError(ScoringError):
    """The scoring process ended, or was ended, while it owed an answer."""


class ScoringProcess:
    """A child process that scores batches of texts, one at a time.

    :param command: program and arguments; see :mod:`sentiment_service.scoring.child`.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: BinaryIO | None = None
        self._killed = False
        self._catalogue_number: int | None = None
        self.scorer = ""
        """``name@version`` of the scorer, once launched."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, once launched."""
        return self._process.pid if self._process else None

    def kill(self) -> None:
        """End it at once, even one that is just being launched."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def launch(self) -> None:
        """Start it and wait until it can score.

        :raises WorkerDiedError: when it cannot be started or ends instead, with what it complained about.
        """
        # A file takes any amount without a reader; a pipe that nobody drains would block the process.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                process_group=0,
            )
        except OSError as error:
            raise WorkerDiedError(f"is not started by the operating system: {error}") from error
        if self._killed:
            self._process.kill()
        try:
            self.scorer = cast("str", read_frame(self._answers))
        except EOFError:
            raise WorkerDiedError(f"{self._obituary()}: {self._complaint()}") from None

    def exchange(
        self, texts: Sequence[str], subreddits: Sequence[str | None], catalogue: CatalogueFrame | None = None
    ) -> list[ScoreTuple | None]:
        """Hand over texts and wait for as many scores; ``None`` where there is nothing to score.

        :param subreddits: where each text was written, as far as known.
        :param catalogue: the tools to look for; handed over first unless the process has it.
        :raises WorkerDiedError: when it ends instead; names the class of an exception, never a text.
        """
        try:
            if catalogue is not None and catalogue.number != self._catalogue_number:
                write_frame(self._requests, (CATALOGUE, catalogue.content))
                self._catalogue_number = catalogue.number
            write_frame(self._requests, (TEXTS, list(texts), list(subreddits)))
            return cast("list[ScoreTuple | None]", read_frame(self._answers))
        except (EOFError, OSError):
            raise WorkerDiedError(self._obituary()) from None

    def end(self) -> None:
        """Let it go: it ends by itself when its input ends, and is killed when it does not."""
        if self._process is not None:
            # What could not be written to a dead process cannot be flushed either.
            with contextlib.suppress(OSError):
                self._requests.close()
            self._exit_code()
            self._answers.close()
        if self._complaints is not None:
            self._complaints.close()

    @property
    def _requests(self) -> BinaryIO:
        return cast("BinaryIO", cast("subprocess.Popen[bytes]", self._process).stdin)

    @property
    def _answers(self) -> BinaryIO:
        return cast("BinaryIO", cast("subprocess.Popen[bytes]", self._process).stdout)

    def _exit_code(self) -> int:
        process = cast("subprocess.Popen[bytes]", self._process)
        try:
            return process.wait(REAP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(KILLED_S)

    def _obituary(self) -> str:
        """How it ended: by a signal, with an exception, or with a code."""
        code = self._exit_code()
        if code < 0:
            return f"was ended by signal {-code} ({signal.strsignal(-code)})"
        raised = _EXCEPTION.findall(self._complaint())
        return f"ended with {raised[-1]}" if raised else f"ended with exit code {code}"

    def _complaint(self) -> str:
        """The end of what it wrote to standard error, read after its end: both have one file position."""
        complaints = cast("BinaryIO", self._complaints)
        complaints.seek(max(0, complaints.seek(0, 2) - _COMPLAINT_BYTES))
        return complaints.read().decode("utf-8", "replace").strip()
