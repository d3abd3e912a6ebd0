"""The access log: dense numbers, each entry with its leaf hash, names under the patient's key.

Traces of a transaction are gathered and numbered just before it commits, so that the counter's
row is held for the length of a commit only.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Select, select

from gateway.audit.entry import SALT_BYTES, entry_leaf
from gateway.clock import Clock
from gateway.records.account import NewTrace, Trace
from gateway.records.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import instant, micros, pack, unpack
from gateway.store.keyring import DESK, Keyring
from gateway.store.lineage import record
from gateway.store.reach import Reach
from gateway.store.sealing import bound, seal, unseal
from gateway.store.statements import Row, insert_many, take_numbers

WAITING_TRACES = "waiting traces"
COUNTER = "trace"
COLUMNS = "number patient document at leaf sealed"


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
    salts = keyring.ids.octets(SALT_BYTES * len(waiting))
    first = take_numbers(connection, COUNTER, len(waiting))
    rows = []
    for place, (at, trace) in enumerate(waiting):
        salt = salts[SALT_BYTES * place : SALT_BYTES * (place + 1)]
        rows.append(_row(first + place, at, trace, salt, ciphers[trace.patient or DESK]))
    insert_many(connection, schema.trace, COLUMNS, rows)


def _row(number: int, at: datetime, trace: NewTrace, salt: bytes, cipher: AESGCM) -> Row:
    sealed = seal(cipher, salt + pack(trace), _bound(trace.patient, number))
    leaf = entry_leaf(number, at, trace, salt)
    return (number, trace.patient, trace.document, micros(at), leaf, sealed)


def _bound(patient: bytes, number: int) -> bytes:
    return bound(b"trace", patient, b"%d" % number)


class TraceLog:
    """The port `Traces`, and the leaves of the transparency log."""

    def __init__(self, reach: Reach, clock: Clock) -> None:
        self._reach = reach
        self._clock = clock

    async def write(self, traces: Sequence[NewTrace]) -> None:
        at = self._clock.now()
        await self._reach.write(lambda connection: add(connection, at, traces))

    async def of_patient(self, patient: PatientKey, *, limit: int) -> list[Trace]:
        """Newest first."""
        t = schema.trace
        query = select(t.c.number, t.c.patient, t.c.at, t.c.sealed)
        return await self._read(query.order_by(t.c.number.desc()).limit(limit), patient)

    async def of_document(self, patient: PatientKey, document: str, *, limit: int) -> list[Trace]:
        """Newest first."""
        t = schema.trace
        query = select(t.c.number, t.c.patient, t.c.at, t.c.sealed)
        query = query.where(t.c.document == document)
        return await self._read(query.order_by(t.c.number.desc()).limit(limit), patient)

    async def leaves(self, *, since: int = 1) -> list[bytes]:
        """Leaf hashes from number `since` on, in the order of the tree (number 1 is leaf 0)."""
        t = schema.trace
        query = select(t.c.leaf).where(t.c.number >= since).order_by(t.c.number)
        return await self._reach.read(lambda connection: list(connection.scalars(query)))

    async def mismatches(self, *, since: int, limit: int) -> list[int]:
        """Numbers whose readable entry does not make the leaf that stands beside it."""
        t = schema.trace
        query = select(t.c.number, t.c.patient, t.c.at, t.c.leaf, t.c.sealed)
        query = query.where(t.c.number >= since).order_by(t.c.number).limit(limit)

        def work(connection: Connection) -> list[int]:
            rows = connection.execute(query).all()
            ciphers = self._reach.keyring.opening(connection, {row.patient for row in rows})
            wrong = []
            for row in rows:
                if (cipher := ciphers.get(row.patient)) is not None:
                    plain = unseal(cipher, row.sealed, _bound(row.patient, row.number))
                    trace = unpack(NewTrace, plain[SALT_BYTES:])
                    leaf = entry_leaf(row.number, instant(row.at), trace, plain[:SALT_BYTES])
                    wrong += [row.number] if leaf != row.leaf else []
            return wrong

        return await self._reach.read(work)

    async def _read(
        self, query: Select[tuple[int, bytes, int, bytes]], patient: PatientKey
    ) -> list[Trace]:
        """Those of every name that leads to this patient's record."""

        def work(connection: Connection) -> list[Trace]:
            own = schema.trace.c.patient.in_(record(connection, patient))
            rows = connection.execute(query.where(own)).all()
            ciphers = self._reach.keyring.opening(connection, {row.patient for row in rows})
            return [
                _revive(row.number, row.at, row.patient, row.sealed, ciphers[row.patient])
                for row in rows
                if row.patient in ciphers
            ]

        return await self._reach.read(work)


def _revive(number: int, at: int, patient: bytes, sealed: bytes, cipher: AESGCM) -> Trace:
    plain = unseal(cipher, sealed, _bound(patient, number))
    return Trace(number=number, at=instant(at), trace=unpack(NewTrace, plain[SALT_BYTES:]))
