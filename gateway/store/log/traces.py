"""The access log: dense numbers, each entry with its leaf hash, names under the patient's key.

Traces of a transaction are gathered and numbered just before it commits, so that the counter's
row is held for the length of a commit only.
"""

from collections.abc import Container, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Select, select, true
from sqlalchemy import Row as SelectedRow

from gateway.audit.entry import (
    SALT_BYTES,
    Opening,
    is_act_of,
    is_first_shape,
    leaf_of,
    opening_of,
    sealed_part,
    trace_fields,
)
from gateway.clock import Clock
from gateway.records.patients.account import NewTrace, Trace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import instant, micros, unpack
from gateway.store.engine.statements import Row, insert_many, take_numbers
from gateway.store.index.lineage import record
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

WAITING_TRACES = "waiting traces"
COUNTER = "trace"
COLUMNS = "number patient document at leaf sealed"
TraceRow = SelectedRow[Any]
SALTS_BYTES = 2 * SALT_BYTES
T = schema.trace
ROWS = select(T.c.number, T.c.patient, T.c.document, T.c.at, T.c.sealed)


def add(connection: Connection, at: datetime, traces: Sequence[NewTrace]) -> None:
    """Written by the commit of this transaction."""
    waiting = connection.info.setdefault(WAITING_TRACES, [])
    waiting.extend((at, trace) for trace in traces)


def write_waiting(connection: Connection, keyring: Keyring) -> None:
    """Numbers and inserts what the transaction gathered; called right before its commit."""
    waiting: list[tuple[datetime, NewTrace]] = connection.info.pop(WAITING_TRACES, [])
    if not waiting:
        return
    ciphers = keyring.sealing(connection, {trace.patient for _, trace in waiting})
    salts = keyring.ids.octets(SALTS_BYTES * len(waiting))
    plains = [
        sealed_part(trace, salts[place : place + SALTS_BYTES])
        for place, (_, trace) in zip(count(0, SALTS_BYTES), waiting, strict=False)
    ]
    first = take_numbers(connection, COUNTER, len(waiting))
    rows = [
        _row(number, at, trace, plain, ciphers[trace.patient or DESK])
        for number, (at, trace), plain in zip(count(first), waiting, plains, strict=False)
    ]
    insert_many(connection, schema.trace, COLUMNS, rows)


def _row(number: int, at: datetime, trace: NewTrace, plain: bytes, cipher: AESGCM) -> Row:
    when = micros(at)
    sealed = seal(cipher, plain, _bound(trace.patient, number))
    leaf = leaf_of(number, when, trace.patient, plain)
    return (number, trace.patient, trace.document, when, leaf, sealed)


def _bound(patient: bytes, number: int) -> bytes:
    return bound(b"trace", patient, b"%d" % number)


class TraceLog:
    """The port `Traces`, and the leaves of the transparency log."""

    def __init__(self, reach: Reach, clock: Clock) -> None:
        self._reach = reach
        self._clock = clock

    async def write(self, traces: Sequence[NewTrace], *, then: Sequence[NewTask] = ()) -> None:
        at = self._clock.now()

        def work(connection: Connection) -> None:
            add(connection, at, traces)
            add_tasks(connection, self._reach.keyring, then, at)

        await self._reach.write(work)

    async def of_patient(
        self, patient: PatientKey, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        """Newest first."""
        return await self._read(_newest(before, limit), patient)

    async def of_others(
        self,
        patient: PatientKey,
        own: str,
        *,
        besides: Container[str],
        limit: int,
        before: int | None = None,
    ) -> tuple[list[Trace], int | None]:
        """Most of a log is its owner's own looks: to make records of them is most of the work."""
        found = await self._plain(_newest(before, limit), patient)
        kept = [pair for pair in found if not is_act_of(pair[1], own, besides)]
        lowest = found[-1][0].number if found else None
        return [_revive(row, plain) for row, plain in kept], lowest

    async def of_document(
        self, patient: PatientKey, document: str, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        """Newest first."""
        query = _newest(before, limit).where(T.c.document == document)
        return await self._read(query, patient)

    async def entries(
        self,
        *,
        before: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int,
    ) -> tuple[list[Trace], int | None]:
        """Of everybody, newest first: below the number `before`, `since` ≤ at < `until`; and the
        lowest number looked at (None: no more). Those of erased persons are left out."""
        bounds = [
            *([T.c.number < before] if before is not None else []),
            *([T.c.at >= micros(since)] if since is not None else []),
            *([T.c.at < micros(until)] if until is not None else []),
        ]
        newest = select(T.c.number).where(*bounds).order_by(T.c.number.desc()).limit(limit)
        numbers = await self._reach.read(lambda connection: connection.scalars(newest).all())
        if not numbers:
            return [], None
        query = ROWS.where(*bounds, T.c.number >= numbers[-1]).order_by(T.c.number.desc())
        found = await self._plain(query.limit(limit))
        return [_revive(row, plain) for row, plain in found], numbers[-1]

    async def entry(self, number: int) -> Trace | None:
        """None where there is none, or nobody can read it any more."""
        found = await self._plain(ROWS.where(T.c.number == number))
        return next((_revive(row, plain) for row, plain in found), None)

    async def leaves(self, *, since: int = 1) -> list[bytes]:
        """Leaf hashes from number `since` on, in the order of the tree (number 1 is leaf 0)."""
        query = select(T.c.leaf).where(T.c.number >= since).order_by(T.c.number)
        return await self._reach.read(lambda connection: list(connection.scalars(query)))

    async def openings(
        self, patient: PatientKey, *, up_to: int, limit: int
    ) -> list[tuple[Trace, Opening]]:
        """Newest first; entries of the first shape cannot be opened in part and are left out."""
        query = ROWS.where(T.c.number <= up_to).order_by(T.c.number.desc()).limit(limit)
        found = await self._plain(query, patient)
        return [
            (_revive(row, plain), opening_of(row.number, row.at, row.patient, plain))
            for row, plain in found
            if not is_first_shape(plain)
        ]

    async def _read(self, query: Select[Any], patient: PatientKey) -> list[Trace]:
        return [_revive(row, plain) for row, plain in await self._plain(query, patient)]

    async def _plain(
        self, query: Select[Any], patient: PatientKey | None = None
    ) -> list[tuple[TraceRow, bytes]]:
        """Rows with what was sealed in them, of every name that leads to this patient's record;
        those of erased persons are left out, and those whose key is lost."""

        def work(connection: Connection) -> list[tuple[TraceRow, bytes]]:
            own = T.c.patient.in_(record(connection, patient)) if patient else true()
            rows = connection.execute(query.where(own)).all()
            whose = [row[1] for row in rows]
            ciphers, _ = self._reach.keyring.sound(connection, set(whose))
            return [
                (row, unseal(ciphers[name], row[-1], _bound(name, row[0])))
                for row, name in zip(rows, whose, strict=True)
                if name in ciphers
            ]

        return await self._reach.read(work)


def _newest(before: int | None, limit: int) -> Select[Any]:
    query = ROWS.order_by(T.c.number.desc()).limit(limit)
    return query if before is None else query.where(T.c.number < before)


def _revive(row: TraceRow, plain: bytes) -> Trace:
    at = instant(row.at)
    if is_first_shape(plain):
        return Trace(number=row.number, at=at, trace=unpack(NewTrace, plain[SALT_BYTES:]))
    document, shown, kept = trace_fields(plain)
    details = orjson.dumps(shown.pop("details", {}))
    whose = PatientKey(row.patient)
    trace = NewTrace(patient=whose, document=document or None, details=details, kept=kept, **shown)
    return Trace(number=row.number, at=at, trace=trace)
