"""Closed spaces of others, before whoever represents them: to open again, or to have deleted."""

from gateway.errors import DeniedError
from gateway.flows.family.profiles import before, decide_act
from gateway.flows.leaving.room import Leaving
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.ports.people.people import Ties
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader


async def closed_ones(leaving: Leaving, ties: Ties, me: Person, came: Reader) -> list[Person]:
    """Those that this person may open again."""
    mine, found = await ties.ties(me.key), []
    for patient in dict.fromkeys(tie.patient for tie in mine):
        person = await leaving.people.person(patient)
        if person is None or person.state is not AccountState.CLOSED:
            continue
        tie, gate = await before(leaving.asking, came, mine, patient)
        if tie is not None and decide_act(gate, Manage.OPENING).permitted:
            found.append(person)
    return found


async def closed_one(
    leaving: Leaving, ties: Ties, me: Person, came: Reader, patient: PatientKey
) -> tuple[Person, Reader]:
    """One of them, and who this person is before it. Raises DeniedError."""
    for person in await closed_ones(leaving, ties, me, came):
        if person.key == patient:
            _, gate = await before(leaving.asking, came, await ties.ties(me.key), patient)
            return person, gate.reader
    raise DeniedError(NOT_THERE)
