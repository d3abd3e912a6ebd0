"""TD0.4: the records that a professional may open, because their owners let him or his team.

Each is decided as if he opened it, and each that is told is an entry of its own log. What an
emergency opens, and what a record holds that he may not see, leaves no sign here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gateway.access.time import civil_date, in_force
from gateway.errors import DeniedError
from gateway.flows.dmp.existence import is_treating
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.ports.people.authorising import Authorising
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import ChoiceKind, NewTrace, Tie
from gateway.records.patients.habilitation import ListedPatient
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Circumstances, Reader

LISTED = "listed"
MAX_FACTS, MAX_PATIENTS = 500, 100
"""Agreements that are looked at, and records that are told at once: the newest ones."""
NO_EMERGENCY = Circumstances()
"""Said, so that one which he entered is not looked for."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A record that he may open, and what the log then says of it."""

    patient: ListedPatient
    trace: NewTrace


async def list_patients(
    asking: Asking,
    authorising: Authorising,
    reader: Reader,
    *,
    start: date | None = None,
    by_document: bool = False,
) -> list[ListedPatient]:
    """The newest agreement first. From the day `start` on: agreed to, or (`by_document`) with a
    document that he may see added."""
    now = asking.clock.now()
    given = _given(await authorising.naming(_targets(reader), limit=MAX_FACTS), now)
    found: list[_Seen] = []
    for patient, since in given.items():
        if not by_document and not _from(start, since):
            continue
        one = await _seen(asking, reader, patient)
        if one is None or (by_document and start and not _from(start, one.patient.last_add)):
            continue
        found.append(one)
        if len(found) == MAX_PATIENTS:
            break
    await asking.traces.write([one.trace for one in found])
    return [one.patient for one in found]


def _targets(reader: Reader) -> dict[ChoiceKind, str]:
    named = {ChoiceKind.CARE_PROFESSIONAL: reader.id, ChoiceKind.CARE_TEAM: reader.team}
    return {kind: target for kind, target in named.items() if target}


def _given(ties: Sequence[Tie], now: datetime) -> Mapping[PatientKey, datetime]:
    """Each record once, by its newest agreement in force."""
    found: dict[PatientKey, datetime] = {}
    for one in ties:
        if in_force(one.choice.since, one.choice.until, now):
            found.setdefault(one.patient, one.choice.since)
    return found


def _from(start: date | None, at: datetime | None) -> bool:
    return start is None or (at is not None and civil_date(at) >= start)


async def _seen(asking: Asking, reader: Reader, patient: PatientKey) -> _Seen | None:
    """None for a record that he may not open, whatever named him."""
    try:
        gate, cards = await asking.gate_with(
            reader,
            patient,
            lambda: asking.shelf.cards(patient),
            attempt=LISTED,
            circumstances=NO_EMERGENCY,
        )
    except DeniedError:
        return None
    decision, person = gate.told(), await asking.people.person(gate.patient)
    if not decision.permitted or person is None or person.key != gate.patient:
        return None
    seen = _visible(gate, cards)
    listed = ListedPatient(
        identity=person.identity,
        treating=is_treating(gate),
        last_add=max((one.deposited_at for one in seen), default=None),
        last_update=max((one.changed.at or one.deposited_at for one in seen), default=None),
    )
    return _Seen(listed, trace_of(gate, decision, action=LISTED, door=asking.door))


def _visible(gate: Gate, cards: Sequence[Card]) -> list[Card]:
    may_see = gate.each(AccessAction.SEARCH)
    return [one for one in cards if may_see(document_facts(one)).permitted]
