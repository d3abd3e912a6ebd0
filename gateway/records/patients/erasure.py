"""Express deletion: what is left of a person (VAULT ACC-16, ACC-17)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """Why a space ends."""

    ASKED = "deletion-asked"
    """Its owner asked for it (ACC-17)."""
    ARCHIVE = "archive-ended"
    """Ten years went by since it was closed (ACC-16)."""
    KEY_LOST = "key-lost"
    """Its key is missing or damaged: nobody can read it, whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The receipt: what was erased and when. It names nobody.

    `since` is when it was asked for, or the space closed, or two people saw that the key is lost.
    `by` confirmed what `proposed_by` had
    proposed; both are "" where the clock did it. `documents` are the SHA-256 of each document's own
    bytes, `keys` the identifiers of the destroyed keys (`key_identifier`), all in hexadecimal.
    `entries` counts the entries of the log that nobody can read any more, `messages` the inputs,
    `tasks` what was still to be sent or had been.
    """

    id: str
    at: datetime
    cause: Cause
    since: datetime
    by: str = ""
    proposed_by: str = ""
    documents: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    entries: int = 0
    messages: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """That everything under these names was erased at `at`: a restore must not bring it back.

    `id` is that of the erasure, 32 hexadecimal characters; as bytes it is also what the entries of
    the log stand under from then on. `names` are patient keys and hashed local identifiers.
    `receipt` is the sealed `Erasure`, which the index key opens; b"" where nobody knows it.
    """

    id: str
    at: datetime
    names: tuple[bytes, ...]
    receipt: bytes = b""

    @property
    def grave(self) -> bytes:
        return bytes.fromhex(self.id)
