"""The files of a backup: how they are written, and whether they are still as they were.

A copy lies for months on a disk that nobody reads. One changed byte in it is no error of the
database engine: it would be restored, and found by the patient whose document does not open.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import orjson

from gateway.store.keys.key_files import sync_folder

ABOUT_FILE = "backup.json"
UNFINISHED = "unfinished"
SQL_KEYS = "SELECT patient, wrapped FROM data_key ORDER BY patient"
"""The same question in SQLite and in PostgreSQL."""
Keys = Sequence[tuple[bytes, bytes]]
"""Of each patient the data key, wrapped by the master key."""
DAMAGED = "{} of the backup is damaged: take another backup"


class BackupError(Exception):
    """The backup or the place to restore into is not what it must be. The text says how."""


class PlaceError(BackupError):
    """The backup may be good: it is not for this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a backup says of itself: `keys` counts the data keys at its time, `keys_sha256` is
    that of their file, `sha256` those of the others, `at` is when it was begun. None or empty in a
    backup of before."""

    engine: str
    schema: str
    files: tuple[str, ...]
    keys: int | None
    keys_sha256: str | None
    sha256: dict[str, str]
    at: datetime | None


def about_of(folder: Path) -> About:
    """Of a backup that is whole and as it was written. Raises BackupError."""
    try:
        if not (folder / ABOUT_FILE).exists() and (folder / UNFINISHED).exists():
            raise BackupError(f"{folder} holds a backup that was not finished: take another backup")
        about = orjson.loads((folder / ABOUT_FILE).read_bytes())
        missing = [name for name in about["files"] if not (folder / name).is_file()]
        told = About(
            engine=str(about["engine"]),
            schema=str(about["schema"]),
            files=tuple(map(str, about["files"])),
            keys=about.get("keys"),
            keys_sha256=about.get("keys_sha256"),
            sha256=dict(about.get("sha256", {})),
            at=datetime.fromisoformat(about["at"]) if "at" in about else None,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BackupError(f"{folder} holds no backup: {ABOUT_FILE} is missing") from error
    except OSError as error:
        raise BackupError(f"{folder} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{ABOUT_FILE} does not say what was backed up") from error
    if missing:
        raise BackupError(f"{missing[0]} is missing: the backup is not whole")
    for name, written in told.sha256.items():
        if digest_of(folder / name) != written:
            raise BackupError(DAMAGED.format(name))
    return told


@contextmanager
def new_backup(folder: Path) -> Iterator[Path]:
    """Where to write it: a folder in `folder` until it is whole, so that one that was killed is
    known, and one that failed leaves nothing. Raises BackupError where something stands."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / UNFINISHED
    if draft.exists():
        raise BackupError(f"{folder} holds a backup that was not finished: remove it, or wait")
    if any(folder.iterdir()):
        raise BackupError("the folder for the backup is not empty")
    draft.mkdir(mode=0o700)
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    for path in [one for one in draft.iterdir() if one.name != ABOUT_FILE]:
        path.rename(folder / path.name)
    sync_folder(folder)
    (draft / ABOUT_FILE).rename(folder / ABOUT_FILE)  # it says that all others are there
    draft.rmdir()
    sync_folder(folder)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; it may be larger than memory. Raises BackupError for a file
    that is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise BackupError(f"{path.name} is missing: the backup is not whole") from error


def write(path: Path, data: bytes) -> None:
    with new_file(path) as file:
        file.write(data)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file of mode 0600, on the disk when it is closed."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
