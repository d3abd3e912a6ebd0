"""The two keys of a gateway, in files of mode 0600, and the names made with them.

`master.key` wraps data keys and may be rotated; `index.key` makes the names under which people
are known inside and never changes. A missing key stops the start: none is made in its place.
"""

import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from gateway.clock import Ids
from gateway.records.patients.patient import PatientKey

KEY_BYTES = 32
NAME_BYTES = 16
REMEMBERED_NAMES = 1_024
"""A filing asks for the same names again, and a patient's come back with the next message."""
MASTER, INDEX = "master.key", "index.key"
RESTORE = "restore it from its own backup"
MISSING = "{} is missing: " + RESTORE
WRONG_KEYS = "the keys do not open this database: restore the keys of this gateway"


class KeyFileError(Exception):
    """A key file is missing, too open, not a key, or another's. The text says what to do."""


class Keys:
    """Prints as stars: a key has no place in a log."""

    def __init__(self, *, master: bytes, index: bytes) -> None:
        if len(master) != KEY_BYTES or len(index) != KEY_BYTES:
            raise KeyFileError("a key has exactly 32 bytes")
        self._master = master
        self._keyed = hmac.new(index, digestmod="sha256")
        self._digest = lru_cache(maxsize=REMEMBERED_NAMES)(self._hashed)

    def __repr__(self) -> str:
        return "Keys(***)"

    @classmethod
    def create(cls, folder: Path, ids: Ids) -> "Keys":
        """New keys in `folder`; refuses to write over one that exists."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in (MASTER, INDEX):
            write_private(folder / name, ids.octets(KEY_BYTES))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "Keys":
        for name in (MASTER, INDEX):
            check_closed(folder / name)
        return cls(master=read_key(folder / MASTER), index=read_key(folder / INDEX))

    def wrap(self, data_key: bytes) -> bytes:
        """AES key wrap (RFC 3394) under the master key."""
        return aes_key_wrap(self._master, data_key)

    def unwrap(self, wrapped: bytes) -> bytes:
        return aes_key_unwrap(self._master, wrapped)

    def name(self, kind: bytes, text: str) -> bytes:
        """How a text is looked up without being stored."""
        return self._digest(kind, text.encode("utf-8", "surrogatepass"))

    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return PatientKey(self._digest(b"patient", f"{ins_oid}|{ins}".encode()))

    def local_key(self, identifier: str) -> bytes:
        return self.name(b"local", identifier)

    def box(self, address: str) -> str:
        """What stands before the @ of a mailbox in a column (decision 031)."""
        return self.name(b"box", address).hex()

    def professional(self, number: str) -> str:
        """What a professional who brought something by hand is called in a column."""
        return self.name(b"by-hand", number).hex()

    def _hashed(self, kind: bytes, text: bytes) -> bytes:
        """HMAC-SHA256. Copies of a keyed state, because `hmac.digest` lets go of the interpreter
        lock for each of these few bytes and then waits for it again."""
        inner = self._keyed.copy()
        inner.update(kind + b"\x00" + text)
        return inner.digest()[:NAME_BYTES]


def write_private(path: Path, key: bytes) -> None:
    """A new file of mode 0600, on the disk; raises KeyFileError where one stands."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"{path.name} exists already and is kept") from error
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())


def check_closed(path: Path) -> None:
    """Raises KeyFileError for a file that is missing or open to others."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path.name} is open to others: chmod 600 {path.name}")
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
