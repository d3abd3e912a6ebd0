"""Agendas in memory, and what a test writes into one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from vault_twins import MemoryTraces

from gateway.ports.agendas import ChangeAppointment, Follow
from gateway.records.agenda.appointment import Appointment
from gateway.records.agenda.feed import Feed
from gateway.records.agenda.reminder import Reminder
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


@dataclass
class MemoryAgendas:
    """Satisfies `ports.agendas.Agendas`."""

    traces: MemoryTraces
    kept: dict[str, Appointment] = field(default_factory=dict)
    own: dict[str, Reminder] = field(default_factory=dict)
    read_at: dict[str, Feed] = field(default_factory=dict)
    """By the secret of the address."""
    then: list[NewTask] = field(default_factory=list)

    async def appointments(
        self, patient: PatientKey, *, since: datetime | None = None
    ) -> Sequence[Appointment]:
        found = [
            one
            for one in self.kept.values()
            if one.patient == patient and (since is None or one.meeting.starts_at >= since)
        ]
        return sorted(found, key=lambda one: (one.meeting.starts_at, one.id))

    async def appointment(self, appointment: str) -> Appointment | None:
        return self.kept.get(appointment)

    async def add(
        self, appointment: Appointment, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> None:
        if appointment.id not in self.kept:
            self.kept[appointment.id] = appointment
            await self._write(act, then)

    async def change(
        self,
        appointment: str,
        change: ChangeAppointment,
        *,
        at: datetime,
        act: NewTrace,
        then: Follow,
    ) -> Appointment | None:
        before = self.kept.get(appointment)
        if before is None:
            return None
        after = replace(change(before), version=before.version + 1, changed_at=at)
        self.kept[appointment] = after
        await self._write(act, then(after))
        return after

    async def reminders(self, patient: PatientKey) -> Sequence[Reminder]:
        return [one for one in self.own.values() if one.patient == patient]

    async def reminder(self, reminder: str) -> Reminder | None:
        return self.own.get(reminder)

    async def remind(
        self,
        reminder: Reminder,
        allowed: Callable[[Sequence[Reminder]], bool],
        *,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        if not allowed(await self.reminders(reminder.patient)):
            return False
        if reminder.id not in self.own:
            self.own[reminder.id] = reminder
            await self._write(act, then)
        return True

    async def forget(self, reminder: str, *, at: datetime, act: NewTrace) -> None:
        if self.own.pop(reminder, None) is not None:
            await self._write(act)

    async def feeds(self, patient: PatientKey) -> Sequence[Feed]:
        return [one for one in self.read_at.values() if one.patient == patient]

    async def feed(self, secret: str) -> Feed | None:
        return self.read_at.get(secret)

    async def subscribe(self, feed: Feed, secret: str, *, act: NewTrace) -> None:
        for known, one in list(self.read_at.items()):
            if (one.patient, one.by) == (feed.patient, feed.by):
                del self.read_at[known]
        self.read_at[secret] = feed
        await self._write(act)

    async def unsubscribe(self, feed: str, *, at: datetime, act: NewTrace) -> None:
        kept = {secret: one for secret, one in self.read_at.items() if one.id != feed}
        if len(kept) < len(self.read_at):
            self.read_at = kept
            await self._write(act)

    async def _write(self, act: NewTrace, then: Sequence[NewTask] = ()) -> None:
        await self.traces.write([act])
        self.then += then
