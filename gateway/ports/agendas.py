"""Where agendas are kept: appointments, own reminders, and the addresses they are read at."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.agenda.appointment import Appointment
from gateway.records.agenda.feed import Feed
from gateway.records.agenda.reminder import Reminder
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask

ChangeAppointment = Callable[[Appointment], Appointment]
"""Pure; what it raises leaves everything as it was."""
Follow = Callable[[Appointment], Sequence[NewTask]]
"""What must happen once an appointment stands as it does now."""


class Agendas(Protocol):
    """Each change is one commit with its entry in the log; nothing is filtered by access."""

    async def appointments(
        self, patient: PatientKey, *, since: datetime | None = None
    ) -> Sequence[Appointment]:
        """All of a record, the first first; those alone that begin at `since` or later."""

    async def appointment(self, appointment: str) -> Appointment | None: ...

    async def add(
        self, appointment: Appointment, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> None:
        """Nothing where that id is there."""

    async def change(
        self,
        appointment: str,
        change: ChangeAppointment,
        *,
        at: datetime,
        act: NewTrace,
        then: Follow,
    ) -> Appointment | None:
        """As it stands then, its version one higher; None where there is none."""

    async def reminders(self, patient: PatientKey) -> Sequence[Reminder]: ...

    async def reminder(self, reminder: str) -> Reminder | None: ...

    async def remind(
        self,
        reminder: Reminder,
        allowed: Callable[[Sequence[Reminder]], bool],
        *,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        """Unless those that are there do not allow it; one after the other in a record."""

    async def forget(self, reminder: str, *, at: datetime, act: NewTrace) -> None: ...

    async def feeds(self, patient: PatientKey) -> Sequence[Feed]: ...

    async def feed(self, secret: str) -> Feed | None:
        """Of the address with this secret."""

    async def subscribe(self, feed: Feed, secret: str, *, act: NewTrace) -> None:
        """An address that this person had for that record before ends."""

    async def unsubscribe(self, feed: str, *, at: datetime, act: NewTrace) -> None: ...
