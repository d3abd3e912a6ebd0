"""Appointments that senders tell of (VAULT AGE-10): each reads and changes its own alone.

Whose it is the index says by a qualified INS; anything else is held by the door, as the bytes of a
document are. An appointment is called by sender and identifier, so that a second copy is the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from gateway.access.time import civil_date
from gateway.errors import DeniedError, RefusedError
from gateway.flows.agenda.reminding import notice_of_agenda, task_of_appointment
from gateway.flows.agenda.sight import facts_of, named
from gateway.flows.agenda.writing import ADDED, CANCELLED, CHANGED
from gateway.flows.filing.judging.findings import vault_refusal
from gateway.flows.filing.judging.people import OPEN_STATES
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.sending.notices.quarter import quarter_after
from gateway.flows.sending.notices.words import (
    APPOINTMENT_ADDED,
    APPOINTMENT_MOVED,
    APPOINTMENT_OFF,
)
from gateway.mapping.fhir.findings import error, hold
from gateway.mapping.identity import same_traits
from gateway.ports.agendas import Agendas
from gateway.ports.people.people import PatientNames
from gateway.records.agenda.appointment import Appointment, AppointmentStatus, Source
from gateway.records.agenda.said import SaidAppointment
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import NewTrace, Person, SenderAccount
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import AccessAction, Decision, Reader, ReaderKind
from gateway.records.task import NewTask

READ = "appointment-read"
ENDED = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR})
DOOR = "fhir"


class HeldError(RefusedError):
    """Nobody is known, or known well enough, under what names the patient: the door holds it."""


class StaleVersionError(RefusedError):
    """If-Match names a version that is not the one in force."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sender told of, as it stands; `made` that it was not there before."""

    appointment: Appointment
    made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAppointments:
    """`senders` are the names of those that may; the others are told no (403)."""

    asking: Asking
    agendas: Agendas
    names: PatientNames
    senders: frozenset[str]

    async def create(self, account: SenderAccount, said: SaidAppointment, peer: str) -> Sent:
        """The same again gives the first one back. Raises HeldError, RefusedError with the finding
        of a conflict or of a closed space, DeniedError where this sender may not."""
        gate, decision = await self._permitted(account, said, peer, ADDED)
        name = _name(account.name, said)
        before = await self.agendas.appointment(name)
        if before is not None:
            if before.patient != gate.patient or not _is_same(before, said):
                raise _refused("unique-id-conflict", "identifier", "Update it: it is here already.")
            return Sent(before, made=False)
        one = Appointment(
            id=name,
            patient=gate.patient,
            meeting=said.meeting,
            made_at=gate.now,
            changed_at=gate.now,
            source=_source(account.name, said),
        )
        told = (*_told(APPOINTMENT_ADDED, one, gate.now), *task_of_appointment(one, gate.now))
        await self.agendas.add(one, act=_act(gate, decision, ADDED, one), then=told)
        return Sent(one, made=True)

    async def update(
        self,
        account: SenderAccount,
        said: SaidAppointment,
        peer: str,
        *,
        appointment: str = "",
        version: int | None = None,
    ) -> Sent:
        """By its id, or by the identifier that it bears: then it is made where there is none. What
        the patient's side keeps beside it stays. Raises what `create` raises, and
        StaleVersionError."""
        name = appointment or _name(account.name, said)
        before = await self._own(account, name)
        if before is None and not appointment:
            return await self.create(account, said, peer)
        if before is None:
            raise DeniedError(NOT_THERE)
        act = CANCELLED if before.is_ahead and said.meeting.status in ENDED else CHANGED
        gate, decision = await self._permitted(account, said, peer, act)
        if gate.patient != await self._record(before):
            raise _refused("appointment-patient", "participant", "It is another patient's.")
        if version is not None and version != before.version:
            raise StaleVersionError("this is not the version in force")
        if _is_same(before, said):
            return Sent(before, made=False)
        done = await self.agendas.change(
            name,
            partial(_as_said, said=said, sender=account.name, version=before.version),
            at=gate.now,
            act=_act(gate, decision, act, before),
            then=partial(_follow, before, now=gate.now),
        )
        if done is None:
            raise DeniedError(NOT_THERE)
        return Sent(done, made=False)

    async def read(self, account: SenderAccount, appointment: str, peer: str) -> Appointment:
        """Its own alone: another's is not there."""
        self._allowed(account)
        one = await self._own(account, appointment)
        if one is None:
            raise DeniedError(NOT_THERE)
        gate, decision = await self._gate(account, one, peer, READ)
        await self.asking.traces.write([_act(gate, decision, READ, one)])
        return one

    async def of_patient(
        self, account: SenderAccount, patient: PatientIdentity, peer: str
    ) -> Sequence[Appointment]:
        """Its own in this patient's agenda, as far as it may write there; none where nobody is
        known under that name."""
        self._allowed(account)
        try:
            person = await self._person(patient)
        except HeldError:
            return ()
        gate = await self.asking.gate(_reader(account, peer), person.key)
        may = gate.each(AccessAction.DEPOSIT)
        every = await self.agendas.appointments(gate.patient)
        judged = [(one, may(facts_of(one))) for one in every if _is_of(account, one)]
        found = [one for one, decision in judged if decision.permitted]
        if judged:
            decision = max((one for _, one in judged), key=lambda one: one.permitted)
            said = {"count": len(found)}
            trace = trace_of(gate, decision, action=READ, door=DOOR, said=said)
            await self.asking.traces.write([trace])
        return found

    async def identified(
        self, account: SenderAccount, identifier: str, peer: str
    ) -> Sequence[Appointment]:
        """Its own with this identifier (`system|value`): one or none."""
        name = called(account.name, identifier)
        try:
            return (await self.read(account, name, peer),)
        except DeniedError:
            self._allowed(account)
            return ()

    async def _own(self, account: SenderAccount, appointment: str) -> Appointment | None:
        """Another's is as one that is not there."""
        one = await self.agendas.appointment(appointment)
        return one if one is not None and _is_of(account, one) else None

    def _allowed(self, account: SenderAccount) -> None:
        if account.name not in self.senders:
            raise DeniedError("This sender may not write or read appointments.", rule="AGE-10")

    async def _permitted(
        self, account: SenderAccount, said: SaidAppointment, peer: str, act: str
    ) -> tuple[Gate, Decision]:
        self._allowed(account)
        person = await self._person(said.patient)
        if person.state not in OPEN_STATES:
            found = vault_refusal(person.state, Format.FHIR, elsewhere=False)
            raise RefusedError(found.message, finding=found)
        now = self.asking.clock.now()
        one = Appointment(
            id="", patient=person.key, meeting=said.meeting, made_at=now, changed_at=now
        )
        return await self._gate(account, one, peer, act)

    async def _gate(
        self, account: SenderAccount, one: Appointment, peer: str, act: str
    ) -> tuple[Gate, Decision]:
        """May this sender put such a thing into this record? Raises DeniedError, traced."""
        gate = await self.asking.gate(_reader(account, peer), one.patient, attempt=act)
        decision = gate.may(AccessAction.DEPOSIT, facts_of(one))
        if not decision.permitted:
            await self.asking.traces.write([_act(gate, decision, act)])
            raise DeniedError(decision.because, rule=decision.rule)
        return gate, decision

    async def _person(self, identity: PatientIdentity) -> Person:
        if not identity.ins or not identity.ins_oid:
            text = "The patient is not named by an INS: a person must look at it."
            raise HeldError(text, finding=_held("ins-missing", text))
        key = self.names.patient_key(identity.ins_oid, identity.ins)
        person = await self.asking.people.person(key)
        if person is None or not person.qualified:
            text = "Nobody is known as qualified under this INS: a person must look at it."
            raise HeldError(text, finding=_held("ins-not-qualified", text))
        if same_traits(person.identity, identity):
            text = "The traits are not those that the index holds: a person must look at it."
            raise HeldError(text, finding=_held("traits-disagree", text))
        return person

    async def _record(self, one: Appointment) -> bytes:
        """Where the name under which it was kept leads today."""
        person = await self.asking.people.person(one.patient)
        return person.key if person else one.patient


def called(sender: str, identifier: str) -> str:
    """The id of an appointment: the same for the same identifier of the same sender."""
    return hashlib.sha256(f"appointment\0{sender}\0{identifier}".encode()).hexdigest()[:32]


def _is_of(account: SenderAccount, one: Appointment) -> bool:
    return one.source is not None and one.source.sender == account.name


def _name(sender: str, said: SaidAppointment) -> str:
    """Without an identifier the bytes are the name: only the very same are the same."""
    return called(sender, said.identifier or hashlib.sha256(said.resource).hexdigest())


def _is_same(before: Appointment, said: SaidAppointment) -> bool:
    return before.source is not None and before.source.resource == said.resource


def _as_said(
    found: Appointment, *, said: SaidAppointment, sender: str, version: int
) -> Appointment:
    if found.version != version:
        raise StaleVersionError("it was changed meanwhile")
    return replace(found, meeting=said.meeting, source=_source(sender, said))


def _source(sender: str, said: SaidAppointment) -> Source:
    return Source(sender=sender, identifier=said.identifier, resource=said.resource)


def _follow(before: Appointment, one: Appointment, *, now: datetime) -> Sequence[NewTask]:
    """The end of one that was ahead is told (N9), as is another hour or place."""
    notices: Sequence[NewTask] = ()
    told = one.meeting
    if before.is_ahead and told.status in ENDED:
        notices = _told(APPOINTMENT_OFF, one, now)
    elif (told.starts_at, told.place) != (before.meeting.starts_at, before.meeting.place):
        notices = _told(APPOINTMENT_MOVED, one, now)
    return (*notices, *task_of_appointment(one, now))


def _told(notice: str, one: Appointment, now: datetime) -> tuple[NewTask, ...]:
    """With the quarter of an hour (VAULT N6); of what was over before it was told nothing."""
    if one.meeting.starts_at <= now:
        return ()
    return (notice_of_agenda(notice, one.id, one.patient, quarter_after(now), civil_date(now)),)


def _reader(account: SenderAccount, peer: str) -> Reader:
    return Reader(
        kind=ReaderKind.SYSTEM,
        id=account.name,
        name=account.name,
        organisation=account.organization,
        organisation_name=account.organization,
        door=DOOR,
        address=peer,
    )


def _act(gate: Gate, decision: Decision, act: str, one: Appointment | None = None) -> NewTrace:
    return trace_of(gate, decision, action=act, door=DOOR, said=named(one) if one else None)


def _held(code: str, message: str) -> Finding:
    return hold(code, "Appointment.participant", message)


def _refused(code: str, where: str, message: str) -> RefusedError:
    return RefusedError(message, finding=error(code, f"Appointment.{where}", message))
