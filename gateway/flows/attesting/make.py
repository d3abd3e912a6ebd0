"""Make an attestation of what is recorded today, see those that were made, take or withdraw one."""

from collections.abc import Iterable, Sequence
from datetime import date

from gateway.access.time import civil_date
from gateway.errors import RefusedError
from gateway.flows.attesting.room import MADE, SEEN, TAKEN, WITHDRAWN, Attesting, found, may_attest
from gateway.mapping.prevention.vaccines.attestation import Attested, attest
from gateway.mapping.prevention.vaccines.recorded import birth_of, contraindicated_in, given_in
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.attestation import Attestation, AttestedDays, new_code
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import Reader


class NoBirthError(RefusedError):
    """The day of birth is not known, so what is obligatory is not."""

    def __init__(self) -> None:
        super().__init__("The day of birth is not known.")


class WithdrawnError(RefusedError):
    """It was withdrawn meanwhile."""

    def __init__(self) -> None:
        super().__init__("This attestation is withdrawn.")


async def make(room: Attesting, reader: Reader, patient: PatientKey) -> Attestation:
    """Of what this reader sees. Raises DeniedError, and NoBirthError."""
    may = await may_attest(room, reader, patient, act=MADE)
    person = await room.asking.people.person(may.gate.patient)
    birth = birth_of(person.identity) if person else None
    if person is None or birth is None:
        raise NoBirthError
    listed = await room.listing(reader, patient, [EntryKind.IMMUNIZATION])
    attested = judged(birth, listed.entries, civil_date(may.gate.now))
    made = Attestation(
        id=room.ids.identifier(),
        patient=may.gate.patient,
        code=new_code(room.ids.octets),
        made_at=may.gate.now,
        by=reader.name,
        names=names_of(person.identity),
        birth_date=birth.isoformat(),
        standing=attested.standing.value,
        valences=tuple(
            AttestedDays(title=title, days=tuple(map(date.isoformat, days)))
            for title, days in attested.valences
        ),
    )
    await room.attestations.add(made, act=may.entry(made.id, MADE))
    return made


def judged(birth: date, entries: Iterable[Entry], today: date) -> Attested:
    kept = list(entries)
    return attest(birth, given_in(kept), today, contraindicated=contraindicated_in(kept))


def names_of(identity: PatientIdentity) -> str:
    """Birth name and given names, as the civil register has them."""
    given = identity.birth_givens or identity.birth_given
    return " ".join(one for one in ((identity.birth_family or "").upper(), given) if one)


async def made_of(room: Attesting, patient: PatientKey) -> Sequence[Attestation]:
    """The newest first; of a record that the reader has listed already."""
    return await room.attestations.of(patient)


async def see(
    room: Attesting, reader: Reader, patient: PatientKey, attestation: str
) -> Attestation:
    """On a page, withdrawn or not. Raises DeniedError."""
    may, one = await found(room, reader, patient, attestation, act=SEEN)
    await room.asking.traces.write([may.entry(one.id, SEEN)])
    return one


async def take(
    room: Attesting, reader: Reader, patient: PatientKey, attestation: str
) -> Attestation:
    """To download or print it. Raises DeniedError, and WithdrawnError."""
    may, one = await found(room, reader, patient, attestation, act=TAKEN)
    if one.withdrawn_at is not None:
        raise WithdrawnError
    await room.asking.traces.write([may.entry(one.id, TAKEN)])
    return one


async def withdraw(room: Attesting, reader: Reader, patient: PatientKey, attestation: str) -> None:
    """Its code is answered « retirée » from now on. Raises DeniedError, and WithdrawnError."""
    may, one = await found(room, reader, patient, attestation, act=WITHDRAWN)
    act = may.entry(one.id, WITHDRAWN)
    if not await room.attestations.withdraw(one.id, may.gate.now, act=act):
        raise WithdrawnError
