"""The key that signs the heads of the log: one line in `log.key`, mode 0600, with the others.

A missing key stops the start: a new one would make every earlier checkpoint worthless.
"""

from pathlib import Path

from gateway.audit.note import NoteError, SigningKey
from gateway.clock import Ids
from gateway.store.keys.key_files import (
    KEY_BYTES,
    MISSING,
    RESTORE,
    KeyFileError,
    check_closed,
    write_private,
)

LOG = "log.key"


def create_log_key(folder: Path, ids: Ids) -> SigningKey:
    """A new key in `folder`; refuses to write over one that exists."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = SigningKey.made_of(ids.octets(KEY_BYTES))
    write_private(folder / LOG, key.written().encode())
    return key


def load_log_key(folder: Path) -> SigningKey:
    """Raises KeyFileError."""
    check_closed(folder / LOG)
    return read_log_key(folder)


def read_log_key(folder: Path) -> SigningKey:
    """Whoever else may read it. Raises KeyFileError for a file that is missing or damaged."""
    try:
        return SigningKey.parse((folder / LOG).read_bytes().decode("ascii", "replace"))
    except FileNotFoundError as error:
        raise KeyFileError(MISSING.format(LOG)) from error
    except NoteError as error:
        raise KeyFileError(f"{LOG} is damaged: {RESTORE}") from error


def has_log_key(folder: Path) -> bool:
    return (folder / LOG).exists()
