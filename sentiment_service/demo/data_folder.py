"""The folder of the embedded database: private, used by one service at a time, of one known version."""

import fcntl
import os
from pathlib import Path

from sentiment_service.errors import StartupError

LOCK_FILE = "lock"
VERSION_FILE = "database-version"
DATABASE_FOLDER = "database"
CONFIG_FILE = "database.toml"


class DataFolder:
    """A data folder while it is ours. Everything here touches the disk: call it from a thread.

    :param path: the folder; created, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    @property
    def database(self) -> Path:
        """Where the database keeps its files."""
        return self.path / DATABASE_FOLDER

    @property
    def config(self) -> Path:
        """The database's own configuration; without one it reads whatever lies in the working directory."""
        return self.path / CONFIG_FILE

    def take(self) -> None:
        """Create the folder and lock it until :meth:`give_back` or the end of the process.

        :raises StartupError: it cannot be used, or another service uses it.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            descriptor = os.open(self.path / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StartupError(f"the data folder {self.path} cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StartupError(
                f"the data folder {self.path} is in use by another sentiment_service (process {holder}); "
                "stop that one or set storage.data_dir to another folder"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._lock = descriptor

    def give_back(self) -> None:
        """Let others use it. Idempotent."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def prepare(self, version: str) -> None:
        """Check that the data are of this version of the database, note it, and write its configuration.

        :raises StartupError: the data were written by another version, whose format may differ.
        """
        try:
            self._check_version(version)
            self.database.mkdir(mode=0o700, exist_ok=True)
            self.config.write_text(
                "# Left empty on purpose: the database takes its settings from its arguments.\n"
            )
        except OSError as error:
            raise StartupError(f"the data folder {self.path} cannot be used: {error.strerror}") from error

    def _check_version(self, version: str) -> None:
        note = self.path / VERSION_FILE
        if note.exists():
            written_by = note.read_text().strip()
        elif self.database.is_dir() and any(self.database.iterdir()):
            written_by = "unknown"
        else:
            draft = note.with_suffix(".new")
            draft.write_text(f"{version}\n")
            draft.replace(note)
            return
        if written_by != version:
            raise StartupError(
                f"{self.path} was written by SecantusDB {written_by}, and {version} is installed: "
                "install the version that wrote them, or set storage.data_dir to a new folder"
            )
