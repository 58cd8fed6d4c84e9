"""Files that cannot be restored: each is refused with one line, and nothing is changed."""

import gzip
import re
from pathlib import Path
from typing import Any

import bson
import pytest

from sentiment_service.backup import restore
from sentiment_service.errors import BackupError
from sentiment_service.settings import Settings
from sentiment_service.store.stores import Store
from tests.backup.conftest import Open, content, ignore


def read(path: Path) -> bytes:
    """What is in a file."""
    return path.read_bytes()


def frames(path: Path) -> list[dict[str, Any]]:
    """The documents in a backup file."""
    return bson.decode_all(gzip.decompress(path.read_bytes()))


def rewritten(path: Path, changed: list[dict[str, Any]]) -> bytes:
    """A backup file of other documents, whose gzip layer is right."""
    return gzip.compress(b"".join(bson.encode(frame) for frame in changed))


async def refused(settings: Settings, store: Store, file: Path) -> str:
    """Try a file that must be refused and change nothing; returns the line that says why."""
    before = await content(store)
    with pytest.raises(BackupError) as caught:
        await restore(settings, file, replace=True, progress=ignore)
    assert await content(store) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_a_file_cut_short_anywhere_is_refused(
    backup: Path, open_database: Open, tmp_path: Path
) -> None:
    settings, store = await open_database()
    whole, broken = read(backup), tmp_path / "broken"
    for length in {0, 1, 5, 20, *range(30, len(whole), len(whole) // 12), len(whole) - 9, len(whole) - 1}:
        broken.write_bytes(whole[:length])
        assert re.search("cut short|not a backup|damaged", await refused(settings, store, broken)), length
    for count in range(len(frames(backup))):
        broken.write_bytes(rewritten(backup, frames(backup)[:count]))
        assert "damaged" in await refused(settings, store, broken)


async def test_a_file_with_a_wrong_byte_is_refused(backup: Path, open_database: Open, tmp_path: Path) -> None:
    settings, store = await open_database()
    whole, broken = read(backup), tmp_path / "broken"
    for place in range(10, len(whole), max(1, len(whole) // 40)):
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        assert re.search("damaged|not a backup", await refused(settings, store, broken)), place
    broken.write_bytes(whole + gzip.compress(b"more"))
    assert "checksum" in await refused(settings, store, broken)


async def test_a_file_with_a_document_changed_or_missing_is_refused(
    backup: Path, open_database: Open, tmp_path: Path
) -> None:
    settings, store = await open_database()
    broken = tmp_path / "broken"
    changed = frames(backup)
    changed[-2]["documents"] = changed[-2]["documents"][1:]
    broken.write_bytes(rewritten(backup, changed))
    assert "checksum" in await refused(settings, store, broken)
    broken.write_bytes(rewritten(backup, frames(backup)[:2] + frames(backup)[3:]))
    assert "damaged" in await refused(settings, store, broken)


@pytest.mark.parametrize(
    "content_of_file",
    [
        b"",
        b"hello",
        gzip.compress(b"hello world, this is not one", mtime=0),
        gzip.compress(bson.encode({"kind": "x"}), mtime=0),
    ],
    ids=["nothing", "text", "gzip", "bson"],
)
async def test_a_file_of_something_else_is_refused(
    open_database: Open, tmp_path: Path, content_of_file: bytes
) -> None:
    settings, store = await open_database()
    (tmp_path / "other").write_bytes(content_of_file)
    assert re.search("not a backup|damaged", await refused(settings, store, tmp_path / "other"))


@pytest.mark.parametrize("key", ["schema_version", "format_version"])
async def test_a_backup_of_a_newer_version_is_refused(
    backup: Path, open_database: Open, tmp_path: Path, key: str
) -> None:
    settings, store = await open_database()
    changed = frames(backup)
    changed[0] |= {key: 99, "service_version": "9.8.7"}
    (tmp_path / "newer").write_bytes(rewritten(backup, changed))
    assert "9.8.7" in await refused(settings, store, tmp_path / "newer")
