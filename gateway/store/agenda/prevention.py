"""The port `Preventions`: words sealed under the key of whose they are; of turns only times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, select, update

from gateway.records.patients.account import AccountState, NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import LookedAt, Said, Topic
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import instant, micros, pack, unpack
from gateway.store.engine.statements import insert_or_change, insert_or_leave
from gateway.store.index.lineage import record, root
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

S, L, P = schema.prevention_said, schema.prevention_look, schema.patient
AnyRow = Any  # a row of `prevention_said`, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    topic: Topic
    rule: str
    day: str
    document: str
    holds: bool
    by: str


class DatabasePreventions:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def said(self, patient: PatientKey) -> Sequence[Said]:
        def work(connection: Connection) -> list[Said]:
            mine = select(S).where(S.c.patient.in_(record(connection, patient)))
            rows = connection.execute(mine.order_by(S.c.said_at)).all()
            ciphers = self._keyring.opening(connection, {row.patient for row in rows})
            found = [_said(row, ciphers[row.patient]) for row in rows if row.patient in ciphers]
            return list({one.about: one for one in found}.values())

        return await self._reach.read(work)

    async def say(self, said: Said, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            one = replace(said, patient=root(connection, said.patient))
            name = self._keyring.keys.name(b"prevention", f"{one.patient.hex()} {one.about}")
            cipher = self._keyring.sealing(connection, [one.patient])[one.patient]
            insert_or_change(connection, S, _row(one, name, cipher))
            traces.add(connection, one.said_at, [act])

        await self._reach.write(work)

    async def begin(self, *, since: datetime, limit: int) -> int:
        known = select(L.c.patient).where(L.c.patient == P.c.patient).exists()
        is_ours = (P.c.state == AccountState.ACTIVE.value) & P.c.deceased.is_not(True)
        new = select(P.c.patient).where(is_ours, P.c.merged_into.is_(None), ~known).limit(limit)
        found = await self._reach.read(lambda connection: connection.scalars(new).all())
        if not found:
            return 0
        at = micros(since)

        def work(connection: Connection) -> int:
            rows = ({"patient": one, "looked_at": at, "due_at": at} for one in found)
            return sum(insert_or_leave(connection, L, row) for row in rows)

        return await self._reach.write(work)

    async def due(self, *, at: datetime, limit: int) -> Sequence[LookedAt]:
        waits = select(L.c.patient, L.c.looked_at).where(L.c.due_at <= micros(at))
        query = waits.order_by(L.c.due_at, L.c.patient).limit(limit)
        rows = await self._reach.read(lambda connection: connection.execute(query).all())
        return [
            LookedAt(patient=PatientKey(row.patient), looked_at=instant(row.looked_at))
            for row in rows
        ]

    async def looked(
        self,
        one: LookedAt,
        *,
        at: datetime,
        due_at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> bool:
        stands = (L.c.patient == one.patient) & (L.c.looked_at == micros(one.looked_at))
        change = update(L).where(stands).values(looked_at=micros(at), due_at=micros(due_at))

        def work(connection: Connection) -> bool:
            if not connection.execute(change).rowcount:
                return False
            now = self._reach.clock.now()
            traces.add(connection, now, acts)
            add_tasks(connection, self._keyring, then, now)
            return True

        return await self._reach.write(work)

    async def leave(self, patient: PatientKey) -> None:
        gone = delete(L).where(L.c.patient == patient)
        await self._reach.write(lambda connection: connection.execute(gone).rowcount)


def _row(one: Said, name: bytes, cipher: AESGCM) -> dict[str, Any]:
    word = _Word(
        topic=one.topic,
        rule=one.rule,
        day=one.day.isoformat() if one.day else "",
        document=one.document,
        holds=one.holds,
        by=one.by,
    )
    return {
        "name": name,
        "patient": one.patient,
        "said_at": micros(one.said_at),
        "sealed": seal(cipher, pack(word), bound(b"prevention", one.patient, name)),
    }


def _said(row: AnyRow, cipher: AESGCM) -> Said:
    word = unpack(_Word, unseal(cipher, row.sealed, bound(b"prevention", row.patient, row.name)))
    return Said(
        patient=PatientKey(row.patient),
        topic=word.topic,
        rule=word.rule,
        day=date.fromisoformat(word.day) if word.day else None,
        document=word.document,
        holds=word.holds,
        by=word.by,
        said_at=instant(row.said_at),
    )
