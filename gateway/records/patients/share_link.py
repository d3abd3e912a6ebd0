"""A link by which somebody outside reads one document of a record (VAULT DOC-12), or one
attestation for a school (VAC-05)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.records.patients.attestation import SIGNS
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import ReaderKind

LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 1, 30, 7
MOST_READINGS = 5
MOST_LINKS = 50
"""In force at a time, of one record."""
READING = timedelta(minutes=30)
"""How long one reading lasts: it is shown, printed and downloaded within."""
CODE_OCTETS, CODE_SIGNS = 5, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLink:
    """`document` is its id, or with `is_attestation` that of an attestation. `by` is the
    hexadecimal patient key of who made it, in the role `kind`; `to` is for whom, in that person's
    words; `secret` is that of its address, `code` what goes by another way."""

    id: str
    patient: PatientKey
    document: str
    by: str
    kind: ReaderKind
    by_name: str
    to: str
    secret: str
    code: str
    made_at: datetime
    until: datetime
    readings: int = 0
    is_attestation: bool = False

    @property
    def is_spent(self) -> bool:
        return self.readings >= MOST_READINGS


def new_link_code(octets: Callable[[int], bytes]) -> str:
    """Forty bits of chance: five tries are allowed in a quarter of an hour."""
    value = int.from_bytes(octets(CODE_OCTETS), "big")
    return "".join(SIGNS[value >> 5 * place & 31] for place in reversed(range(CODE_SIGNS)))


def read_link_code(text: str) -> str:
    """As it was typed, in whatever case and with whatever stands between; "" where it cannot be
    one."""
    code = "".join(text.upper().replace("-", " ").split())
    return code if len(code) == CODE_SIGNS and set(code) <= set(SIGNS) else ""
