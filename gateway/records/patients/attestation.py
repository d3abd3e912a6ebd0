"""What a school was told of a child's vaccinations, and the code by which it may be checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.records.patients.patient import PatientKey

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of a code: none that is read for another (I, O, 0, 1)."""
CODE_OCTETS, CODE_SIGNS, GROUP = 10, 16, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedDays:
    """An obligatory valence, by its title, with the days of its doses (ISO, oldest first)."""

    title: str
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """`names` and `birth_date` (ISO) are the child's as they were, `standing` the word that was
    said (`vaccines.attestation`), `by` who asked, `patient` whose record it is."""

    id: str
    patient: PatientKey
    code: str
    made_at: datetime
    by: str
    names: str
    birth_date: str
    standing: str
    valences: tuple[AttestedDays, ...]
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkable:
    """What a check needs of an attestation, and no more."""

    patient: PatientKey
    is_withdrawn: bool


def new_code(octets: Callable[[int], bytes]) -> str:
    """Eighty bits of chance."""
    value = int.from_bytes(octets(CODE_OCTETS), "big")
    return "".join(SIGNS[value >> 5 * place & 31] for place in reversed(range(CODE_SIGNS)))


def written(code: str) -> str:
    """In groups, as it is printed: « ABCD-EFGH-JKLM-NPQR »."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(text: str) -> str:
    """As it was typed, in whatever case and with whatever stands between; "" where it cannot be
    one."""
    code = "".join(text.upper().replace("-", " ").split())
    return code if len(code) == CODE_SIGNS and set(code) <= set(SIGNS) else ""
