"""Numbers that never meet: control ids, document ids and people of one check of one run."""

import itertools
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

ARC = "1.2.250.1.999.40"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Serial:
    """A pure function of (seed, name of the check, how often it was asked)."""

    seed: int
    name: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), compare=False)

    @property
    def salt(self) -> int:
        return zlib.crc32(self.name.encode()) % 10**7

    def number(self) -> int:
        return next(self._numbers)

    def control(self) -> str:
        """An MSH-10 of at most 20 characters."""
        return f"K{base36(self.seed)}{base36(self.salt)}{self.number():03d}"

    def oid(self) -> str:
        """A document id below an arc of examples; at most 64 characters."""
        return f"{ARC}.{self.seed}.{self.salt}.{self.number()}"

    def uuid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.oid()))


def base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"
