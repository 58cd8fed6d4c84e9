"""Backup files: gzip around BSON documents one after the other, read and written in constant memory.

A header (what was backed up, with the number of documents expected), batches of documents exactly as the
server sent them, and a trailer (the number of documents there are, and a SHA-256 of everything before it).
A file without its trailer was cut short. Everything here touches the disk: call it from a thread.
"""

import gzip
import hashlib
import os
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from sentiment_service.errors import BackupError

FORMAT = "sentiment_service backup"
FORMAT_VERSION = 1
CUT_SHORT = "it was cut short"
SENSELESS = "what is in it makes no sense"
LARGEST_FRAME = 64 * 2**20
"""More than any batch: several documents of at most 16 MB are never put together."""
RAW = CodecOptions(document_class=RawBSONDocument, tz_aware=True, tzinfo=UTC)
PLAIN: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup is of."""

    schema_version: int
    service_version: str
    database: str
    created_at: datetime
    alone: bool
    """Whether nothing else could write to the database meanwhile."""
    counts: Mapping[str, int]
    """Documents by collection when the backup began."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents of one collection."""

    collection: str
    documents: Sequence[RawBSONDocument]


class ArchiveWriter:
    """Writes a backup under a temporary name, which takes its real one when it is complete.

    :param path: the file; must not exist.
    :raises BackupError: it exists, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
        self._hash = hashlib.sha256()
        self._counts: Counter[str] = Counter()
        if path.exists():
            raise BackupError(_exists(path))
        try:
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise BackupError(f"{path} cannot be written: {error.strerror}") from error
        self._file: BinaryIO = os.fdopen(descriptor, "wb")
        self._zip = gzip.GzipFile(filename="", mode="wb", fileobj=self._file, compresslevel=6)

    def begin(self, header: Header) -> None:
        """Write the header."""
        self._write(
            {
                "kind": "header",
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "schema_version": header.schema_version,
                "service_version": header.service_version,
                "database": header.database,
                "created_at": header.created_at,
                "alone": header.alone,
                "counts": dict(header.counts),
            }
        )

    def add(self, batch: Batch) -> None:
        """Write documents."""
        self._counts[batch.collection] += len(batch.documents)
        self._write({"kind": "batch", "collection": batch.collection, "documents": list(batch.documents)})

    def finish(self) -> dict[str, int]:
        """Write the trailer and give the file its name; returns the number of documents by collection.

        :raises BackupError: somebody made a file of that name meanwhile, or the disk is full.
        """
        self._write({"kind": "trailer", "counts": dict(self._counts), "sha256": self._hash.digest()})
        try:
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            # Unlike a rename, a link never takes the place of a file that is there.
            self._path.hardlink_to(self._draft)
            self._draft.unlink()
            _sync_folder(self._path.parent)
        except FileExistsError as error:
            raise BackupError(_exists(self._path)) from error
        except OSError as error:
            raise BackupError(f"{self._path} cannot be written: {error.strerror}") from error
        return dict(self._counts)

    def abandon(self) -> None:
        """Remove what was written, unless it is finished. Idempotent."""
        with suppress(OSError):
            self._file.close()
        self._draft.unlink(missing_ok=True)

    def _write(self, frame: Mapping[str, Any]) -> None:
        data = bson.encode(frame)
        self._hash.update(data)
        try:
            self._zip.write(data)
        except OSError as error:
            raise BackupError(f"{self._path} cannot be written: {error.strerror}") from error


def read_header(path: Path) -> Header:
    """The header of a backup.

    :raises BackupError: it is no backup, or of a newer format.
    """
    with _opened(path) as frames:
        return _header(path, frames.next())


def read_batches(path: Path) -> Iterator[Batch]:
    """The documents of a backup; whether they are complete and undamaged shows at the end.

    :raises BackupError: it is no backup, of a newer format, damaged, or cut short.
    """
    with _opened(path) as frames:
        _header(path, frames.next())
        counts: Counter[str] = Counter()
        while (frame := frames.next())["kind"] == "batch":
            batch = Batch(frame["collection"], list(frame["documents"]))
            counts[batch.collection] += len(batch.documents)
            yield batch
        frames.end(frame)
        if dict(frame["counts"]) != counts:
            raise _damaged(path, "it does not hold the documents it names")


class _Frames:
    """The documents of an open backup file."""

    def __init__(self, path: Path, content: gzip.GzipFile) -> None:
        self._path = path
        self._content = content
        self._hash = hashlib.sha256()
        self._hash_before = b""

    def next(self) -> RawBSONDocument:
        """The next document; the last is the trailer."""
        size = self._content.read(4)
        length = int.from_bytes(size, "little")
        if len(size) == 4 and not 5 <= length <= LARGEST_FRAME:
            raise _damaged(self._path, SENSELESS)
        data = size + self._content.read(max(0, length - 4))
        if len(size) < 4 or len(data) < length:
            raise _damaged(self._path, CUT_SHORT)
        self._hash_before = self._hash.digest()
        self._hash.update(data)
        return RawBSONDocument(data, RAW)

    def end(self, trailer: RawBSONDocument) -> None:
        """Check that the trailer is of what was read, and that nothing follows it."""
        rest = self._content.read(1)  # reads gzip's own checksum too
        if rest or trailer["kind"] != "trailer" or trailer["sha256"] != self._hash_before:
            raise _damaged(self._path, "its checksum is wrong")


@contextmanager
def _opened(path: Path) -> Iterator[_Frames]:
    """An open backup file; whatever is wrong with it becomes one line."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"\x1f\x8b":
                raise _foreign(path)
            file.seek(0)
            with gzip.GzipFile(fileobj=file, mode="rb") as content:
                yield _Frames(path, content)
    except EOFError as error:
        raise _damaged(path, CUT_SHORT) from error
    except (zlib.error, gzip.BadGzipFile, BSONError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, SENSELESS) from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from error


def _header(path: Path, frame: RawBSONDocument) -> Header:
    fields = bson.decode(frame.raw, PLAIN)
    if fields.get("kind") != "header" or fields.get("format") != FORMAT:
        raise _foreign(path)
    if fields["format_version"] > FORMAT_VERSION:
        raise BackupError(
            f"{path} was made by sentiment_service {fields['service_version']} in a newer format: "
            "restore it with that version"
        )
    return Header(
        schema_version=fields["schema_version"],
        service_version=fields["service_version"],
        database=fields["database"],
        created_at=fields["created_at"],
        alone=fields["alone"],
        counts=fields["counts"],
    )


def _sync_folder(folder: Path) -> None:
    """Have the file's new name on disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exists(path: Path) -> str:
    return f"{path} exists already: name another file, nothing is overwritten"


def _foreign(path: Path) -> BackupError:
    return BackupError(f"{path} is not a backup of sentiment_service")


def _damaged(path: Path, reason: str) -> BackupError:
    return BackupError(f"{path} is damaged, {reason}: nothing was restored, use another backup")
