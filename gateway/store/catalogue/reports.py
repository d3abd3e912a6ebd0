"""Reports of services, sealed under the key of the patient who made them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.records.catalogue.reports import Report
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import can_be, micros, micros_or_none, pack, unpack
from gateway.store.index.lineage import hold, record, roots
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

T = schema.service_report
ROWS = select(T.c.id, T.c.patient, T.c.sealed)


class DatabaseReports:
    """The port `Reports`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def add(self, made: Report, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            hold(connection, record(connection, made.patient))
            values = {
                "id": made.id,
                "patient": made.patient,
                "made_at": micros(made.at),
                "sealed": self._sealed(connection, made),
            }
            connection.execute(T.insert().values(**values))
            traces.add(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)

    async def of(self, patient: PatientKey) -> list[Report]:
        def work(connection: Connection) -> list[Report]:
            mine = T.c.patient.in_(record(connection, patient))
            rows = connection.execute(ROWS.where(mine).order_by(T.c.made_at.desc(), T.c.id))
            return self._opened(connection, rows.all())

        return await self._reach.read(work)

    async def waiting(self, *, limit: int) -> list[Report]:
        query = ROWS.where(T.c.answered_at.is_(None)).order_by(T.c.made_at, T.c.id).limit(limit)
        return await self._reach.read(lambda c: self._opened(c, c.execute(query).all()))

    async def find(self, identifier: str) -> Report | None:
        if not can_be(identifier):
            return None
        query = ROWS.where(T.c.id == identifier)
        found = await self._reach.read(lambda c: self._opened(c, c.execute(query).all()))
        return found[0] if found else None

    async def answer(
        self, answered: Report, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        mine = (T.c.id == answered.id) & T.c.answered_at.is_(None)

        def work(connection: Connection) -> bool:
            held = connection.execute(select(T.c.patient).where(mine)).one_or_none()
            if held is None:
                return False
            hold(connection, record(connection, answered.patient))
            values = {
                "answered_at": micros_or_none(answered.answered_at),
                "sealed": self._sealed(
                    connection, replace(answered, patient=PatientKey(held.patient))
                ),
            }
            if connection.execute(update(T).where(mine).values(**values)).rowcount != 1:
                return False
            now = self._reach.clock.now()
            traces.add(connection, now, [act])
            add_tasks(connection, self._keyring, then, now)
            return True

        return await self._reach.write(work)

    def _sealed(self, connection: Connection, one: Report) -> bytes:
        cipher = self._keyring.sealing(connection, [one.patient])[one.patient]
        return seal(cipher, pack(one), _bound(one.patient, one.id))

    def _opened(self, connection: Connection, rows: Iterable[Any]) -> list[Report]:
        """What nobody can read any more is left out."""
        found = list(rows)
        owners = {row.patient for row in found}
        ciphers, records = self._keyring.opening(connection, owners), roots(connection, owners)
        return [
            replace(
                unpack(
                    Report, unseal(ciphers[row.patient], row.sealed, _bound(row.patient, row.id))
                ),
                patient=records[row.patient],
            )
            for row in found
            if row.patient in ciphers
        ]


def _bound(patient: bytes, report: str) -> bytes:
    return bound(b"service report", patient, report.encode())
