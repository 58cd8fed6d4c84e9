"""This machine: the data folder, the disk it is on, and the port.

Everything here blocks: call it from a thread.
"""

import fcntl
import os
import shutil
import socket
from pathlib import Path

import psutil

from sentiment_service.demo.data_folder import LOCK_FILE
from sentiment_service.doctor.findings import Finding
from sentiment_service.settings import ServerSettings

LEAST_FREE = 200 * 2**20
"""Bytes without which the embedded database may stop at any moment: its log grows by 100 MB at a time."""
ENOUGH_FREE = 2**30
"""Bytes for some 100,000 items with their indexes, and room for the database to rewrite its files."""


def holder_of(folder: Path) -> int | None:
    """The process that uses a data folder: 0 when it does not say which; ``None`` when nobody does."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(descriptor, 32).decode("ascii", "replace").strip()
        return int(text) if text.isdigit() else 0
    finally:
        os.close(descriptor)
    return None


def addresses_of(pid: int) -> list[str]:
    """Where a process listens, as the addresses of web sites."""
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.Error:
        return []
    listening = [each.laddr for each in connections if each.status == psutil.CONN_LISTEN]
    return [address(each.ip, each.port) for each in listening]


def address(host: str, port: int) -> str:
    """The address of a web site on this machine; one that listens everywhere is asked on loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def look_at_disk(folder: Path) -> Finding:
    """Whether there is room for the data."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        free = shutil.disk_usage(there).free
        if not os.access(there, os.W_OK | os.X_OK):
            return Finding(
                "problem", "disk", f"{there} cannot be written to", "set storage.data_dir to another folder"
            )
    except OSError as error:
        return Finding(
            "problem", "disk", f"{there}: {error.strerror}", "set storage.data_dir to another folder"
        )
    needed = max(ENOUGH_FREE, _size(folder))
    seen = f"{free / 2**30:,.1f} GB free for {folder} (storage.data_dir)"
    if free < LEAST_FREE:
        return Finding("problem", "disk", seen, "make room, or the embedded database stops")
    if free < needed:
        return Finding("warning", "disk", seen, f"{needed / 2**30:,.1f} GB would be safe")
    return Finding("ok", "disk", seen)


def port_is_free(settings: ServerSettings) -> OSError | None:
    """Why the service could not listen where the settings say; ``None`` when it could."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        return error
    return None


def _size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            total += path.stat().st_size
        except OSError:  # it went while we looked
            continue
    return total
