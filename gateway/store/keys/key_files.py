"""A key in a file: 32 bytes, mode 0600, never written over."""

import os
from pathlib import Path

KEY_BYTES = 32
RESTORE = "restore it from its own backup"
MISSING = "{} is missing: " + RESTORE


class KeyFileError(Exception):
    """A key file is missing, too open, not a key, or another's. The text says what to do."""


def write_private(path: Path, key: bytes) -> None:
    """A new file of mode 0600: whole and on the disk, or not there at all. Raises KeyFileError
    where one stands."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError as error:
        raise KeyFileError(f"{path.name} exists already and is kept") from error
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def check_closed(path: Path) -> None:
    """Raises KeyFileError for a file that is missing or open to others."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path.name} is open to others: chmod 600 {path}")
    except FileNotFoundError as error:
        raise KeyFileError(MISSING.format(path.name)) from error


def read_key(path: Path) -> bytes:
    """Raises KeyFileError for a file that is missing or holds no key."""
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        raise KeyFileError(MISSING.format(path.name)) from error
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"{path.name} does not hold {KEY_BYTES} bytes: {RESTORE}")
    return key


def sync_folder(folder: Path) -> None:
    """What was made or renamed in it is on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
