"""Attestations for schools, sealed under the key of the child's record."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import Attestation, Checkable
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import can_be, instant_or_none, micros, pack, unpack
from gateway.store.index.lineage import hold, record, roots
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach

T = schema.attestation
ROWS = select(T.c.id, T.c.patient, T.c.withdrawn_at, T.c.sealed)


class DatabaseAttestations:
    """The port `Attestations`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def add(self, made: Attestation, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            hold(connection, record(connection, made.patient))
            cipher = self._keyring.sealing(connection, [made.patient])[made.patient]
            values = {
                "id": made.id,
                "patient": made.patient,
                "code_hash": _hash(made.code),
                "made_at": micros(made.made_at),
                "sealed": seal(cipher, pack(made), _bound(made.patient, made.id)),
            }
            connection.execute(T.insert().values(**values))
            add_traces(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)

    async def of(self, patient: PatientKey) -> Sequence[Attestation]:
        def work(connection: Connection) -> list[Attestation]:
            of_record = T.c.patient.in_(record(connection, patient))
            rows = connection.execute(ROWS.where(of_record).order_by(T.c.made_at.desc(), T.c.id))
            return self._opened(connection, rows.all())

        return await self._reach.read(work)

    async def find(self, attestation: str) -> Attestation | None:
        if not can_be(attestation):
            return None
        query = ROWS.where(T.c.id == attestation)
        found = await self._reach.read(lambda c: self._opened(c, c.execute(query).all()))
        return found[0] if found else None

    async def withdraw(self, attestation: str, at: datetime, *, act: NewTrace) -> bool:
        stands = (T.c.id == attestation) & T.c.withdrawn_at.is_(None)

        def work(connection: Connection) -> bool:
            gone = update(T).where(stands).values(withdrawn_at=micros(at))
            if connection.execute(gone).rowcount != 1:
                return False
            add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def check(self, code: str) -> Checkable | None:
        query = select(T.c.patient, T.c.withdrawn_at).where(T.c.code_hash == _hash(code))

        def work(connection: Connection) -> Checkable | None:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            whose = roots(connection, [row.patient])[row.patient]
            return Checkable(patient=whose, is_withdrawn=row.withdrawn_at is not None)

        return await self._reach.read(work)

    def _opened(self, connection: Connection, rows: Iterable[Any]) -> list[Attestation]:
        """What nobody can read any more is left out."""
        found = list(rows)
        owners = {row.patient for row in found}
        ciphers, records = self._keyring.opening(connection, owners), roots(connection, owners)
        return [
            _attestation(row, records[row.patient], ciphers[row.patient])
            for row in found
            if row.patient in ciphers
        ]


def _attestation(row: Any, patient: PatientKey, cipher: AESGCM) -> Attestation:
    said = unpack(Attestation, unseal(cipher, row.sealed, _bound(row.patient, row.id)))
    return replace(said, patient=patient, withdrawn_at=instant_or_none(row.withdrawn_at))


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _bound(patient: bytes, attestation: str) -> bytes:
    return bound(b"attestation", patient, attestation.encode())
