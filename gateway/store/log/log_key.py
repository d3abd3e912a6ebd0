"""The key that signs the heads of the log: one line in `log.key`, mode 0600, with the others.

A missing key stops the start: a new one would make every earlier checkpoint worthless.
"""

from pathlib import Path

from gateway.audit.note import NoteError, SigningKey
from gateway.clock import Ids
from gateway.store.keys.gateway_keys import KEY_BYTES, KeyFileError, read_private, write_private

LOG = "log.key"


def create_log_key(folder: Path, ids: Ids) -> SigningKey:
    """A new key in `folder`; refuses to write over one that exists."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = SigningKey.made_of(ids.octets(KEY_BYTES))
    write_private(folder / LOG, key.written().encode())
    return key


def load_log_key(folder: Path) -> SigningKey:
    """Raises KeyFileError."""
    try:
        return SigningKey.parse(read_private(folder / LOG).decode("ascii", "replace"))
    except NoteError as error:
        raise KeyFileError(f"{LOG} is damaged: restore it from its own backup") from error


def has_log_key(folder: Path) -> bool:
    return (folder / LOG).exists()
