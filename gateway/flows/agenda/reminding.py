"""What an agenda reminds of: a task that is due at an hour looks again at what it was made for.

So nothing is taken back when an appointment changes: its old task finds another version, and ends.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.access.time import civil_date
from gateway.clock import Clock
from gateway.flows.sending.notices.end import DAY
from gateway.flows.sending.notices.words import APPOINTMENT_SOON, OWN_REMINDER
from gateway.flows.sending.outcome import Outcome
from gateway.ports.agendas import Agendas
from gateway.records.agenda.appointment import Appointment
from gateway.records.agenda.reminder import Reminder, told_at
from gateway.records.days import said_day
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, Task, TaskKind

TOLD, GONE, CHANGED = "told", "gone", "changed"
VERSION, ON = "version", "on"
"""In the payload: of an appointment which version, of an own reminder which of its dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    agendas: Agendas
    clock: Clock

    async def carry(self, task: Task) -> str | Outcome:
        """A REMINDER task: makes the notice, and the task of the next date."""
        payload = json.loads(task.payload)
        if VERSION in payload:
            return await self._of_appointment(task.subject, payload[VERSION])
        return await self._of_own(task.subject, date.fromisoformat(payload[ON]))

    async def _of_appointment(self, subject: str, version: int) -> str | Outcome:
        one = await self.agendas.appointment(subject)
        if one is None:
            return GONE
        if one.version != version or not one.is_ahead:
            return CHANGED
        notice = notice_of_agenda(
            APPOINTMENT_SOON, one.id, one.patient, self.clock.now(), one.meeting.wall.date()
        )
        return Outcome(words=TOLD, then=(notice,))

    async def _of_own(self, subject: str, day: date) -> str | Outcome:
        one = await self.agendas.reminder(subject)
        if one is None:
            return GONE
        now = self.clock.now()
        notice = notice_of_agenda(OWN_REMINDER, one.id, one.patient, now, day)
        return Outcome(words=TOLD, then=(notice, *task_of_reminder(one, day + timedelta(days=1))))


def notice_of_agenda(
    notice: str, subject: str, patient: PatientKey, due_at: datetime, day: date
) -> NewTask:
    """It says that something is on this day and no more (VAULT NOT-02); of several that leave
    together how many."""
    payload = {"notice": notice, DAY: said_day(day)}
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=subject,
        due_at=due_at,
        patient=patient,
        payload=json.dumps(payload).encode(),
    )


def task_of_appointment(one: Appointment, now: datetime) -> tuple[NewTask, ...]:
    """None where the hour for it is over: nobody is told late of what he may know."""
    due_at = one.reminded_at
    if due_at is None or due_at <= now:
        return ()
    return (_task(one.id, one.patient, due_at, {VERSION: one.version}),)


def task_of_reminder(one: Reminder, since: date) -> tuple[NewTask, ...]:
    """Of its first date that is `since` or later; none where it has no more."""
    day = one.next_from(since)
    if day is None:
        return ()
    return (_task(one.id, one.patient, told_at(day), {ON: day.isoformat()}),)


def first_task(one: Reminder, now: datetime) -> tuple[NewTask, ...]:
    """Today's hour may be over: then the next date counts."""
    today = civil_date(now)
    return task_of_reminder(one, today if told_at(today) > now else today + timedelta(days=1))


def _task(
    subject: str, patient: PatientKey, due_at: datetime, payload: dict[str, object]
) -> NewTask:
    return NewTask(
        kind=TaskKind.REMINDER,
        subject=subject,
        due_at=due_at,
        patient=patient,
        payload=json.dumps(payload).encode(),
    )
