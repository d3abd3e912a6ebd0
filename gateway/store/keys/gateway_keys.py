"""The two keys of a gateway, in files of mode 0600, and the names made with them.

The master key wraps data keys and may be rotated (`master`, decision 032); `index.key` makes the
names under which people are known inside and never changes. A missing key stops the start: none is
made in its place.
"""

import hmac
from functools import lru_cache
from pathlib import Path

from gateway.clock import Ids
from gateway.records.patients.patient import PatientKey
from gateway.store.keys.key_files import (
    KEY_BYTES,
    KeyFileError,
    check_closed,
    read_key,
    write_private,
)
from gateway.store.keys.masters.master import FIRST, MASTER, MasterKeys

NAME_BYTES = 16
REMEMBERED_NAMES = 1_024
"""A filing asks for the same names again, and a patient's come back with the next message."""
INDEX = "index.key"
WRONG_KEYS = "the keys do not open this database: restore the keys of this gateway"


class Keys:
    """Prints as stars: a key has no place in a log."""

    def __init__(self, *, master: bytes | MasterKeys, index: bytes) -> None:
        if len(index) != KEY_BYTES:
            raise KeyFileError("a key has exactly 32 bytes")
        self.master = master if isinstance(master, MasterKeys) else MasterKeys({FIRST: master})
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
    def complete(cls, folder: Path, ids: Ids) -> "Keys":
        """Those of a place that was not made to its end, where nothing is kept by them yet: what
        stands stays, what is missing is made, no draft of a key is left. Raises KeyFileError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.glob(".*.key.*.new"):
            left.unlink()
        for name in (MASTER, INDEX):
            if not (folder / name).exists():
                write_private(folder / name, ids.octets(KEY_BYTES))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "Keys":
        """Raises KeyFileError."""
        master = MasterKeys.load(folder)
        check_closed(folder / INDEX)
        return cls(master=master, index=read_key(folder / INDEX))

    def wrap(self, data_key: bytes, version: int) -> bytes:
        """AES key wrap (RFC 3394) under that version of the master key."""
        return self.master.wrap(data_key, version)

    def unwrap(self, wrapped: bytes) -> bytes:
        return self.master.unwrap(wrapped)

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
