"""A grave: the entries of the log that stand under an erasure, whose leaves alone are left.

What they said is gone, so no entry of it can be held against its leaf. All of them can be against
what they were on the day of the erasure: how many, and a hash of their numbers and leaves.
"""

import hashlib
import struct
from dataclasses import dataclass, field

NUMBER = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """`sha256` is over each entry's number (8 bytes) and leaf (32), by rising number."""

    entries: int
    sha256: str


@dataclass(slots=True)
class Tally:
    """Entries as they are read, by rising number."""

    entries: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, number: int, leaf: bytes) -> None:
        self.entries += 1
        self.digest.update(NUMBER.pack(number) + leaf)

    def grave(self) -> Grave:
        return Grave(entries=self.entries, sha256=self.digest.hexdigest())
