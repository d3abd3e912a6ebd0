"""Whose record an address names, and how the patient is called before a professional."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.gate import Gate
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey

KEY_BYTES = 16


def patient_of(request: web.Request) -> PatientKey:
    """The record of the address. Raises DeniedError for what is no key."""
    try:
        key = bytes.fromhex(request.match_info["patient"])
    except ValueError:
        raise DeniedError(NOT_THERE) from None
    if len(key) != KEY_BYTES:
        raise DeniedError(NOT_THERE)
    return PatientKey(key)


def who_of(gate: Gate, person: Person | None) -> str:
    """« DURAND Claire, 1984 » for who may read the record; else initials and year, which show a
    slip of the hand and name nobody."""
    if person is None:
        return ""
    one = person.identity
    family, given = one.birth_family or "", one.birth_given or ""
    if not gate.standing().permitted:
        family, given = (f"{name[:1].upper()}." if name else "" for name in (family, given))
        given, family = family, given
    else:
        family, given = family.upper(), given.title()
    name = " ".join(part for part in (family, given) if part)
    year = (one.birth_date or "")[:4]
    return ", ".join(part for part in (name, year) if part)
