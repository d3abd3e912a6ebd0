"""What services did for patients: one row for each agreement, sealed under the patient's key."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from gateway.records.catalogue.launches import Tally, Use
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import instant, micros, pack, unpack
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.lineage import hold, record, root, roots
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

U = schema.service_use


class DatabaseUses:
    """The half of the port `Launches` that counts."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def begin(self, patient: PatientKey, service: str, *, at: datetime) -> None:
        def work(connection: Connection) -> None:
            names = record(connection, patient)
            self._forget(connection, names, service)
            made = Use(service=service, patient=root(connection, patient), last_at=at)
            self._write(connection, made, told_at=at)

        await self._reach.write(work)

    async def forget(self, patient: PatientKey, service: str) -> None:
        await self._reach.write(lambda c: self._forget(c, record(c, patient), service))

    def _forget(self, connection: Connection, names: Sequence[bytes], service: str) -> None:
        mine = U.c.patient.in_(names) & (U.c.name == service_name(self._keyring, service))
        connection.execute(delete(U).where(mine))

    async def count(
        self, patient: PatientKey, service: str, more: Tally, *, at: datetime, act: NewTrace
    ) -> None:
        """A token that lives longer than its agreement was counted begins a row."""
        name = service_name(self._keyring, service)

        def work(connection: Connection) -> None:
            names = record(connection, patient)
            hold(connection, names)
            mine = select(U).where(U.c.patient.in_(names), U.c.name == name).limit(1)
            row = connection.execute(mine).one_or_none()
            found = None if row is None else self._opened(connection, [row])
            use = found[0] if found else Use(service=service, patient=patient, last_at=at)
            counted = replace(use, last_at=at, tallies=use.with_more(more))
            self._write(connection, counted, told_at=instant(row.told_at) if row else at)
            traces.add(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)

    def _write(self, connection: Connection, use: Use, *, told_at: datetime) -> None:
        cipher = self._keyring.sealing(connection, [use.patient])[use.patient]
        name = service_name(self._keyring, use.service)
        values = {
            "patient": use.patient,
            "name": name,
            "last_at": micros(use.last_at),
            "told_at": micros(told_at),
            "sealed": seal(cipher, pack(use), _bound(use.patient, name)),
        }
        insert_or_change(connection, U, values)

    async def uses(self, patient: PatientKey) -> list[Use]:
        def work(connection: Connection) -> list[Use]:
            mine = U.c.patient.in_(record(connection, patient))
            return self._opened(connection, connection.execute(select(U).where(mine)).all())

        return await self._reach.read(work)

    async def using(self, service: str) -> list[PatientKey]:
        query = select(U.c.patient).where(U.c.name == service_name(self._keyring, service))

        def work(connection: Connection) -> list[PatientKey]:
            found = roots(connection, connection.scalars(query).all())
            return list(dict.fromkeys(found.values()))

        return await self._reach.read(work)

    async def unused(self, *, since: datetime, limit: int) -> list[Use]:
        old = select(U).where(U.c.last_at <= micros(since)).order_by(U.c.last_at).limit(limit)
        return await self._reach.read(lambda c: self._opened(c, c.execute(old).all()))

    async def untold(self, *, since: datetime, limit: int) -> list[PatientKey]:
        old = select(U.c.patient).where(U.c.told_at <= micros(since)).order_by(U.c.told_at)

        def work(connection: Connection) -> list[PatientKey]:
            found = roots(connection, connection.scalars(old.limit(limit)).all())
            return list(dict.fromkeys(found.values()))

        return await self._reach.read(work)

    async def told(
        self, patient: PatientKey, *, at: datetime, then: Sequence[NewTask] = ()
    ) -> None:
        def work(connection: Connection) -> None:
            mine = U.c.patient.in_(record(connection, patient))
            connection.execute(update(U).where(mine).values(told_at=micros(at)))
            add_tasks(connection, self._keyring, then, self._reach.clock.now())

        await self._reach.write(work)

    def _opened(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Use]:
        """What nobody can read any more is left out."""
        ciphers = self._keyring.opening(connection, {row.patient for row in rows})
        return [
            replace(
                unpack(
                    Use,
                    unseal(ciphers[row.patient], row.sealed, _bound(row.patient, row.name)),
                ),
                patient=PatientKey(row.patient),
            )
            for row in rows
            if row.patient in ciphers
        ]


def service_name(keyring: Keyring, service: str) -> bytes:
    return keyring.keys.name(b"service", service)


def _bound(patient: bytes, name: bytes) -> bytes:
    return bound(b"service use", patient, name)
