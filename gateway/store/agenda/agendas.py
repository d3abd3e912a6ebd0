"""The port `Agendas`: each change one commit, with its entry in the log and what follows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, Table, delete, select, true, update

from gateway.ports.agendas import ChangeAppointment, Follow
from gateway.records.agenda.appointment import Appointment
from gateway.records.agenda.feed import Feed
from gateway.records.agenda.reminder import Reminder
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.agenda.rows import (
    appointment_of,
    appointment_row,
    feed_of,
    feed_row,
    reminder_of,
    reminder_row,
)
from gateway.store.columns import can_be, micros
from gateway.store.engine.statements import insert_or_leave
from gateway.store.index.lineage import hold, record
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

A, R, F = schema.appointment, schema.reminder, schema.agenda_feed
T = TypeVar("T")
Revive = Callable[[Any, AESGCM], T]


class DatabaseAgendas:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def appointments(
        self, patient: PatientKey, *, since: datetime | None = None
    ) -> Sequence[Appointment]:
        when = A.c.starts_at >= micros(since) if since else true()
        found = await self._reach.read(
            lambda c: self._found(c, A, A.c.patient.in_(record(c, patient)) & when, appointment_of)
        )
        return sorted(found, key=lambda one: (one.meeting.starts_at, one.id))

    async def appointment(self, appointment: str) -> Appointment | None:
        return await self._one(A, A.c.id, appointment, appointment_of)

    async def add(
        self, appointment: Appointment, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> None:
        def work(connection: Connection) -> None:
            row = appointment_row(appointment, self._cipher(connection, appointment.patient))
            if insert_or_leave(connection, A, row):
                self._follow(connection, appointment.made_at, act, then)

        await self._reach.write(work)

    async def change(
        self,
        appointment: str,
        change: ChangeAppointment,
        *,
        at: datetime,
        act: NewTrace,
        then: Follow,
    ) -> Appointment | None:
        query = select(A).where(A.c.id == appointment).with_for_update()

        def work(connection: Connection) -> Appointment | None:
            before = next(iter(self._revived(connection, query, appointment_of)), None)
            if before is None:
                return None
            after = replace(change(before), version=before.version + 1, changed_at=at)
            row = appointment_row(after, self._cipher(connection, after.patient))
            connection.execute(update(A).where(A.c.id == appointment).values(**row))
            self._follow(connection, at, act, then(after))
            return after

        return await self._reach.write(work)

    async def reminders(self, patient: PatientKey) -> Sequence[Reminder]:
        return await self._reach.read(lambda c: self._reminders(c, record(c, patient)))

    async def reminder(self, reminder: str) -> Reminder | None:
        return await self._one(R, R.c.id, reminder, reminder_of)

    async def remind(
        self,
        reminder: Reminder,
        allowed: Callable[[Sequence[Reminder]], bool],
        *,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        def work(connection: Connection) -> bool:
            names = record(connection, reminder.patient)
            hold(connection, names)
            if not allowed(self._reminders(connection, names)):
                return False
            row = reminder_row(reminder, self._cipher(connection, reminder.patient))
            if insert_or_leave(connection, R, row):
                self._follow(connection, reminder.made_at, act, then)
            return True

        return await self._reach.write(work)

    async def forget(self, reminder: str, *, at: datetime, act: NewTrace) -> None:
        await self._dropped(delete(R).where(R.c.id == reminder), at, act)

    async def feeds(self, patient: PatientKey) -> Sequence[Feed]:
        return await self._reach.read(lambda c: self._feeds(c, record(c, patient)))

    async def feed(self, secret: str) -> Feed | None:
        return await self._one(F, F.c.name, self._name(secret), feed_of)

    async def subscribe(self, feed: Feed, secret: str, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            names = record(connection, feed.patient)
            hold(connection, names)
            before = [one.id for one in self._feeds(connection, names) if one.by == feed.by]
            connection.execute(delete(F).where(F.c.id.in_(before)))
            cipher = self._cipher(connection, feed.patient)
            connection.execute(F.insert().values(**feed_row(feed, self._name(secret), cipher)))
            self._follow(connection, feed.made_at, act)

        await self._reach.write(work)

    async def unsubscribe(self, feed: str, *, at: datetime, act: NewTrace) -> None:
        await self._dropped(delete(F).where(F.c.id == feed), at, act)

    async def _one(
        self, table: Table, column: ColumnElement[Any], value: str | bytes, revive: Revive[T]
    ) -> T | None:
        if isinstance(value, str) and not can_be(value):
            return None
        found = await self._reach.read(lambda c: self._found(c, table, column == value, revive))
        return next(iter(found), None)

    async def _dropped(self, statement: Any, at: datetime, act: NewTrace) -> None:
        """An entry only where something went: of two clicks the second one drops nothing."""

        def work(connection: Connection) -> None:
            if connection.execute(statement).rowcount:
                self._follow(connection, at, act)

        await self._reach.write(work)

    def _reminders(self, connection: Connection, names: Iterable[bytes]) -> list[Reminder]:
        found = self._found(connection, R, R.c.patient.in_(names), reminder_of)
        return sorted(found, key=lambda one: (one.day, one.made_at, one.id))

    def _feeds(self, connection: Connection, names: Iterable[bytes]) -> list[Feed]:
        return self._found(connection, F, F.c.patient.in_(names), feed_of)

    def _found(
        self,
        connection: Connection,
        table: Table,
        wanted: ColumnElement[bool],
        revive: Revive[T],
    ) -> list[T]:
        return self._revived(connection, select(table).where(wanted), revive)

    def _revived(self, connection: Connection, query: Any, revive: Revive[T]) -> list[T]:
        """Those whose key still exists."""
        rows = connection.execute(query).all()
        ciphers = self._keyring.opening(connection, {row.patient for row in rows})
        return [revive(row, ciphers[row.patient]) for row in rows if row.patient in ciphers]

    def _cipher(self, connection: Connection, patient: bytes) -> AESGCM:
        return self._keyring.sealing(connection, [patient])[patient]

    def _follow(
        self, connection: Connection, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> None:
        add_tasks(connection, self._keyring, then, at)
        traces.add(connection, at, [act])

    def _name(self, secret: str) -> bytes:
        return self._keyring.keys.name(b"agenda feed", secret)
