"""Copies of records on their way to who asked for them: sealed under the key of the record.

The documents are not copied: they stand on the shelf. What was made for the copy is kept in pieces.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.patients.export import Export, ExportState, Plan
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import (
    can_be,
    instant,
    instant_or_none,
    micros,
    micros_or_none,
    pack,
    unpack,
)
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.lineage import hold, record, roots
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

E, P = schema.export, schema.export_piece
COLUMNS = (E.c.id, E.c.patient, E.c.state, E.c.asked_at, E.c.ready_at, E.c.ends_at)
ROWS = select(*COLUMNS, E.c.downloads, E.c.sealed)
MAKING, READY = ExportState.MAKING.value, ExportState.READY.value
GONE = "this copy is gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the column `sealed` holds."""

    asker: PatientKey
    name: str
    base: str
    size: int
    tag: str


class DatabaseExports:
    """The port `Exports`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def begin(self, export: Export, *, act: NewTrace, then: Sequence[NewTask] = ()) -> bool:
        def work(connection: Connection) -> bool:
            names = record(connection, export.patient)
            hold(connection, names)
            before = self._of(connection, names, export.asker)
            if any(_is_made(one, export.asked_at) for one in before):
                return False
            _drop(connection, [one.id for one in before])
            patient = export.patient
            cipher = self._keyring.sealing(connection, [patient])[patient]
            values = {
                "id": export.id,
                "patient": patient,
                "state": export.state.value,
                "asked_at": micros(export.asked_at),
                "ready_at": micros_or_none(export.ready_at),
                "ends_at": micros(export.ends_at),
                "downloads": export.downloads,
                "sealed": _sealed(export, patient, cipher),
            }
            connection.execute(E.insert().values(**values))
            self._write(connection, act, then)
            return True

        return await self._reach.write(work)

    async def find(self, export: str) -> Export | None:
        if not can_be(export):
            return None
        query = ROWS.where(E.c.id == export)
        found = await self._reach.read(lambda c: self._exports(c, c.execute(query).all()))
        return found[0] if found else None

    async def latest(self, patient: PatientKey, asker: PatientKey) -> Export | None:
        def work(connection: Connection) -> list[Export]:
            return self._of(connection, record(connection, patient), asker)

        found = await self._reach.read(work)
        return max(found, key=lambda one: one.asked_at, default=None)

    async def clear(self, export: str) -> None:
        gone = delete(P).where(P.c.export == export)
        await self._reach.write(lambda connection: connection.execute(gone).rowcount)

    async def put(self, export: str, file: int, number: int, octets: bytes) -> None:
        def work(connection: Connection) -> None:
            patient, cipher = self._key_of(connection, export)
            place = {"export": export, "file": file, "number": number}
            sealed = seal(cipher, octets, _place(patient, export, file, number))
            insert_or_change(connection, P, {**place, "patient": patient, "sealed": sealed})

        await self._reach.write(work)

    async def piece(self, export: str, file: int, number: int) -> bytes:
        one = (P.c.export == export) & (P.c.file == file) & (P.c.number == number)

        def work(connection: Connection) -> bytes:
            patient, cipher = self._key_of(connection, export)
            sealed = connection.scalar(select(P.c.sealed).where(one))
            if sealed is None:
                raise LookupError(GONE)
            return unseal(cipher, sealed, _place(patient, export, file, number))

        return await self._reach.read(work)

    async def finish(
        self, export: Export, plan: Plan, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        def work(connection: Connection) -> bool:
            patient, cipher = self._key_of(connection, export.id)
            values = {
                "state": READY,
                "ready_at": micros_or_none(export.ready_at),
                "ends_at": micros(export.ends_at),
                "sealed": _sealed(export, patient, cipher),
                "plan": seal(cipher, pack(plan), bound(b"plan", patient, export.id.encode())),
            }
            made = (E.c.id == export.id) & (E.c.state == MAKING)
            if connection.execute(update(E).where(made).values(**values)).rowcount != 1:
                return False
            self._write(connection, act, then)
            return True

        return await self._reach.write(work)

    async def fail(self, export: str) -> None:
        def work(connection: Connection) -> None:
            made = (E.c.id == export) & (E.c.state == MAKING)
            failed = update(E).where(made).values(state=ExportState.FAILED.value)
            if connection.execute(failed).rowcount:
                connection.execute(delete(P).where(P.c.export == export))

        await self._reach.write(work)

    async def plan(self, export: str) -> Plan:
        def work(connection: Connection) -> Plan:
            patient, cipher = self._key_of(connection, export)
            sealed = connection.scalar(select(E.c.plan).where(E.c.id == export))
            if sealed is None:
                raise LookupError(GONE)
            return unpack(Plan, unseal(cipher, sealed, bound(b"plan", patient, export.encode())))

        return await self._reach.read(work)

    async def count(self, export: str, now: datetime, *, most: int, act: NewTrace) -> bool:
        may = (E.c.id == export) & (E.c.state == READY) & (E.c.downloads < most)
        still = may & (E.c.ends_at > micros(now))
        one_more = update(E).where(still).values(downloads=E.c.downloads + 1)

        def work(connection: Connection) -> bool:
            if connection.execute(one_more).rowcount != 1:
                return False
            self._write(connection, act)
            return True

        return await self._reach.write(work)

    async def drop_ended(
        self, now: datetime, *, limit: int, say: Callable[[Export], NewTrace]
    ) -> int:
        query = ROWS.where(E.c.ends_at <= micros(now)).order_by(E.c.ends_at).limit(limit)

        def work(connection: Connection) -> int:
            rows = connection.execute(query.with_for_update(skip_locked=True)).all()
            _drop(connection, [row.id for row in rows])
            for one in self._exports(connection, rows):
                if one.state is ExportState.READY:
                    self._write(connection, say(one))
            return len(rows)

        return await self._reach.write(work)

    def _write(self, connection: Connection, act: NewTrace, then: Sequence[NewTask] = ()) -> None:
        now = self._reach.clock.now()
        add_traces(connection, now, [act])
        add_tasks(connection, self._keyring, then, now)

    def _of(self, connection: Connection, names: list[bytes], asker: PatientKey) -> list[Export]:
        """Of these names of one record, what this person asked for, under whatever name of theirs
        it was."""
        rows = connection.execute(ROWS.where(E.c.patient.in_(names))).all()
        found = self._exports(connection, rows)
        ends = roots(connection, {asker, *(one.asker for one in found)})
        return [one for one in found if ends[one.asker] == ends[asker]]

    def _exports(self, connection: Connection, rows: Sequence[Any]) -> list[Export]:
        """What nobody can read any more is left out."""
        owners = {row.patient for row in rows}
        ciphers, records = self._keyring.opening(connection, owners), roots(connection, owners)
        return [
            _export(row, records[row.patient], ciphers[row.patient])
            for row in rows
            if row.patient in ciphers
        ]

    def _key_of(self, connection: Connection, export: str) -> tuple[bytes, AESGCM]:
        """The name it was asked for under, and its key; raises LookupError where either is gone."""
        patient = connection.scalar(select(E.c.patient).where(E.c.id == export))
        if patient is None:
            raise LookupError(GONE)
        ciphers = self._keyring.opening(connection, [patient])
        if patient not in ciphers:
            raise LookupError(GONE)
        return patient, ciphers[patient]


def _is_made(one: Export, now: datetime) -> bool:
    return one.state is ExportState.MAKING and one.ends_at > now


def _drop(connection: Connection, exports: Iterable[str]) -> None:
    for one in exports:
        connection.execute(delete(P).where(P.c.export == one))
        connection.execute(delete(E).where(E.c.id == one))


def _sealed(export: Export, patient: bytes, cipher: AESGCM) -> bytes:
    said = _Said(
        asker=export.asker, name=export.name, base=export.base, size=export.size, tag=export.tag
    )
    return seal(cipher, pack(said), bound(b"export", patient, export.id.encode()))


def _export(row: Any, patient: PatientKey, cipher: AESGCM) -> Export:
    associated = bound(b"export", row.patient, row.id.encode())
    said = unpack(_Said, unseal(cipher, row.sealed, associated))
    return Export(
        id=row.id,
        patient=patient,
        asker=said.asker,
        name=said.name,
        base=said.base,
        asked_at=instant(row.asked_at),
        ends_at=instant(row.ends_at),
        state=ExportState(row.state),
        ready_at=instant_or_none(row.ready_at),
        downloads=row.downloads,
        size=said.size,
        tag=said.tag,
    )


def _place(patient: bytes, export: str, file: int, number: int) -> bytes:
    return bound(b"piece", patient, f"{export}:{file}:{number}".encode())
