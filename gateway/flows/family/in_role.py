"""Whoever asked for an address that others use: in the role of that day, as the facts stand now."""

from dataclasses import replace

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import patient_reader
from gateway.ports.people.people import People
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind


async def in_role(
    people: People, kind: ReaderKind, by: str, patient: PatientKey, *, door: str
) -> Reader:
    """`by` is the hexadecimal patient key of that person. Raises DeniedError for who left their
    own space."""
    person = await people.person(PatientKey(bytes.fromhex(by)))
    if person is None or person.state is not AccountState.ACTIVE:
        raise DeniedError(NOT_THERE)
    own = replace(patient_reader(person.key), door=door)
    if kind is ReaderKind.PATIENT:
        return own
    return replace(own, kind=kind, id=by, bound_to=patient.hex())
