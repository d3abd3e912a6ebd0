"""What a person takes along: the copy of a record that somebody asked for (VAULT section 15)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.records.patients.patient import PatientKey

MOST_DOWNLOADS = 3
LINK = timedelta(days=7)
"""How long it may be downloaded once it is ready (EXP-01)."""
MAKING = timedelta(days=1)
"""Of one that is not ready by then nothing is expected any more."""


class ExportState(StrEnum):
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """`asker` is who asked, by the key of the own record, `name` as the log calls them; `patient`
    whose record it is a copy of. `size` in bytes, `tag` says which bytes, both once it is ready.
    `base` is the FHIR address by which its resources name each other."""

    id: str
    patient: PatientKey
    asker: PatientKey
    name: str
    base: str
    asked_at: datetime
    ends_at: datetime
    state: ExportState = ExportState.MAKING
    ready_at: datetime | None = None
    downloads: int = 0
    size: int = 0
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of the copy. Of a document the store has the bytes, as they came; what was made for
    the copy is deflated, and kept in pieces under the number `file`, from the byte `at` on. `mail`
    is the message that it says.

    `size` and `packed` are bytes, `crc` the CRC-32 and `sha256` the hash of what is unpacked.
    """

    name: str
    size: int
    packed: int
    crc: int
    sha256: str
    document: str = ""
    file: int = 0
    at: int = 0
    mail: str = ""

    @property
    def is_deflated(self) -> bool:
        return not self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The files of a copy in their order, and the hour that each of them bears."""

    members: tuple[Member, ...]
    at: datetime
