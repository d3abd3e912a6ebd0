"""What the patient's side writes in an agenda by hand (VAULT AGE-01, AGE-04)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from gateway.clock import Ids
from gateway.errors import RefusedError
from gateway.flows.agenda.reminding import first_task, task_of_appointment
from gateway.flows.agenda.sight import Look, Sight
from gateway.ports.agendas import ChangeAppointment
from gateway.records.agenda.appointment import (
    Ahead,
    Appointment,
    AppointmentStatus,
    Beside,
    Meeting,
)
from gateway.records.agenda.reminder import MOST_A_DAY, Reminder, Repeats
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

ADDED, CHANGED, CANCELLED = "appointment-added", "appointment-changed", "appointment-cancelled"
BESIDE = "appointment-noted"
SET, DROPPED = "reminder-set", "reminder-dropped"


class StaleError(RefusedError):
    """The form was shown before somebody else changed it."""


class NotOwnError(RefusedError):
    """Who told of the appointment changes it; on the patient's side nobody does."""


class TooManyError(RefusedError):
    """MOST_A_DAY reminders fall on that day already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a form of an appointment says. `meeting` None where only what stands beside it may be
    changed; `documents` are ids."""

    meeting: Meeting | None = None
    ahead: Ahead = Ahead.DAY
    note: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAgenda:
    """Each verb raises DeniedError, traced, where the agenda is not this reader's."""

    look: Look
    ids: Ids

    async def add(
        self, reader: Reader, patient: PatientKey, written: Written, *, key: str = ""
    ) -> str:
        """The id. The same form a second time (`key`) adds nothing."""
        if written.meeting is None:
            raise RefusedError("an appointment has an hour")
        sight = await self.look(reader, patient, ADDED, since=self.look.asking.clock.now())
        now, by = sight.now, reader.id or ""
        one = Appointment(
            id=_made_by(sight.patient, key) if key else self.ids.identifier(),
            patient=sight.patient,
            meeting=written.meeting,
            beside=await self._beside(sight, written, Beside()),
            made_at=now,
            changed_at=now,
            by=by,
        )
        await self.look.agendas.add(
            one, act=self.look.entry(sight, ADDED, one), then=task_of_appointment(one, now)
        )
        return one.id

    async def change(
        self,
        reader: Reader,
        patient: PatientKey,
        appointment: str,
        written: Written,
        *,
        version: int,
    ) -> None:
        """Raises StaleError, NotOwnError. What a sender told of keeps what it said, whatever the
        form says of that: the patient's side has only what stands beside it."""
        act = CHANGED if written.meeting else BESIDE
        sight, one = await self.look.at(reader, patient, appointment, act)
        if written.meeting is not None and one.source is not None:
            raise NotOwnError("the sender of this appointment changes it")
        beside = await self._beside(sight, written, one.beside)
        meeting = written.meeting or one.meeting

        def after(found: Appointment) -> Appointment:
            return replace(_unchanged(found, version), meeting=meeting, beside=beside)

        await self._write(sight, one, act, after)

    async def cancel(
        self, reader: Reader, patient: PatientKey, appointment: str, *, version: int
    ) -> None:
        """Nothing happens where it is cancelled already. Raises StaleError, NotOwnError."""
        sight, one = await self.look.at(reader, patient, appointment, CANCELLED)
        if one.source is not None:
            raise NotOwnError("the sender of this appointment cancels it")
        cancelled = AppointmentStatus.CANCELLED
        if one.meeting.status is cancelled:
            return

        def after(found: Appointment) -> Appointment:
            found = _unchanged(found, version)
            return replace(found, meeting=replace(found.meeting, status=cancelled))

        await self._write(sight, one, CANCELLED, after)

    async def remind(
        self,
        reader: Reader,
        patient: PatientKey,
        *,
        title: str,
        day: date,
        repeats: Repeats,
        key: str = "",
    ) -> None:
        """The same form a second time (`key`) adds nothing. Raises TooManyError."""
        sight = await self.look(reader, patient, SET, since=self.look.asking.clock.now())
        one = Reminder(
            id=_made_by(sight.patient, key) if key else self.ids.identifier(),
            patient=sight.patient,
            day=day,
            title=title,
            repeats=repeats,
            by=reader.id or "",
            made_at=sight.now,
        )

        def allowed(others: Sequence[Reminder]) -> bool:
            same = (other for other in others if other.id != one.id and other.falls_on(day))
            return sum(1 for _ in same) < MOST_A_DAY

        done = await self.look.agendas.remind(
            one, allowed, act=self.look.entry(sight, SET), then=first_task(one, sight.now)
        )
        if not done:
            raise TooManyError(f"{MOST_A_DAY} reminders a day")

    async def forget(self, reader: Reader, patient: PatientKey, reminder: str) -> None:
        """Nothing where there is none in this agenda, as for a second click."""
        sight = await self.look(reader, patient, DROPPED, since=self.look.asking.clock.now())
        act = self.look.entry(sight, DROPPED)
        held = {one.id for one in await self.look.agendas.reminders(sight.patient)}
        if reminder in held:
            await self.look.agendas.forget(reminder, at=sight.now, act=act)

    async def _write(
        self, sight: Sight, one: Appointment, act: str, after: ChangeAppointment
    ) -> None:
        entry = self.look.entry(sight, act, one)
        follow = partial(task_of_appointment, now=sight.now)
        await self.look.agendas.change(one.id, after, at=sight.now, act=entry, then=follow)

    async def _beside(self, sight: Sight, written: Written, before: Beside) -> Beside:
        """Documents that this reader sees, and those that he does not and that were there."""
        seen = {card.id for card in await self.look.documents(sight.gate.reader, sight.patient)}
        unseen = tuple(one for one in before.documents if one not in seen)
        chosen = tuple(one for one in dict.fromkeys(written.documents) if one in seen)
        return Beside(
            ahead=written.ahead,
            notes=before.with_note(sight.gate.reader.id or "", written.note),
            documents=(*unseen, *chosen),
        )


def _made_by(patient: PatientKey, key: str) -> str:
    return hashlib.sha256(f"{patient.hex()} {key}".encode()).hexdigest()[:32]


def _unchanged(found: Appointment, version: int) -> Appointment:
    if found.version != version:
        raise StaleError("somebody changed this appointment meanwhile")
    return found
