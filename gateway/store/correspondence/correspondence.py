"""The port `Correspondence`: mails and notes of a record, each change one commit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, select, true, update

from gateway.ports.correspondence import ChangeNote
from gateway.records.correspondence.conversation import Delivery, Reason
from gateway.records.correspondence.letter import NO_NOTE, KeptMail, Note
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import can_be, micros, pack, unpack
from gateway.store.correspondence.rows import (
    MAIL,
    NUMBERS,
    READ,
    fate_of,
    kept_of,
    mail_row,
)
from gateway.store.documents.filing.rows import TASK, task_row
from gateway.store.engine.statements import (
    insert_many,
    insert_or_change,
    insert_or_leave,
    take_numbers,
)
from gateway.store.index.lineage import record
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log import traces
from gateway.store.reach import Reach

T, N = schema.mail, schema.conversation_note
COLUMNS = tuple(T.c[name] for name in READ.split())
FINAL = frozenset({Delivery.READ, None})
"""What was read stays read, and what came in has none."""


class DatabaseCorrespondence:
    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def mails(self, patient: PatientKey, *, unread_only: bool = False) -> Sequence[KeptMail]:
        unread = T.c.read_at.is_(None) if unread_only else true()

        def work(connection: Connection) -> list[KeptMail]:
            names = record(connection, patient)
            query = select(*COLUMNS).where(T.c.patient.in_(names), unread).order_by(T.c.number)
            return self._kept(connection, connection.execute(query).all())

        return await self._reach.read(work)

    async def has_unread(self, patient: PatientKey) -> bool:
        def work(connection: Connection) -> bool:
            ours = T.c.patient.in_(record(connection, patient)) & T.c.read_at.is_(None)
            return connection.scalar(select(T.c.number).where(ours).limit(1)) is not None

        return await self._reach.read(work)

    async def mail(self, mail: str) -> KeptMail | None:
        query = select(*COLUMNS).where(T.c.id == mail)

        def work(connection: Connection) -> KeptMail | None:
            if not can_be(mail):
                return None
            return next(iter(self._kept(connection, connection.execute(query).all())), None)

        return await self._reach.read(work)

    async def notes(self, patient: PatientKey) -> Mapping[str, Note]:
        def work(connection: Connection) -> dict[str, Note]:
            query = select(N).where(N.c.patient.in_(record(connection, patient)))
            rows = connection.execute(query).all()
            ciphers = self._keyring.opening(connection, {row.patient for row in rows})
            return {
                row.conversation: _note(row, ciphers[row.patient])
                for row in rows
                if row.patient in ciphers
            }

        return await self._reach.read(work)

    async def post(self, mail: KeptMail, task: NewTask, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            ciphers = self._keyring.sealing(connection, [mail.patient])
            row = mail_row(mail, take_numbers(connection, NUMBERS, 1), ciphers, self._keyring.keys)
            if not insert_or_leave(connection, T, dict(zip(MAIL.split(), row, strict=True))):
                return
            self._add_tasks(connection, [task], ciphers, mail.at)
            connection.execute(delete(N).where(N.c.conversation == mail.conversation))
            traces.add(connection, mail.at, [act])

        await self._reach.write(work)

    async def note(
        self,
        patient: PatientKey,
        conversation: str,
        change: ChangeNote,
        *,
        at: datetime,
        act: NewTrace | None = None,
    ) -> None:
        query = select(N).where(N.c.conversation == conversation).with_for_update()

        def work(connection: Connection) -> None:
            row = connection.execute(query).one_or_none()
            owner = row.patient if row is not None else patient
            cipher = self._keyring.sealing(connection, [owner])[owner]
            note = change(_note(row, cipher) if row is not None else NO_NOTE)
            if note == NO_NOTE:
                connection.execute(delete(N).where(N.c.conversation == conversation))
            else:
                sealed = seal(cipher, pack(note), _note_bound(owner, conversation))
                values = {"conversation": conversation, "patient": owner, "sealed": sealed}
                insert_or_change(connection, N, values)
            traces.add(connection, at, [act] if act else [])

        await self._reach.write(work)

    async def mark_read(
        self,
        mails: Sequence[str],
        *,
        at: datetime,
        acts: Sequence[NewTrace],
        then: Sequence[NewTask] = (),
    ) -> None:
        """Of two who open it at once the first one's tasks follow, the other's do not."""
        unread = T.c.id.in_(list(mails)) & T.c.read_at.is_(None)
        marked = update(T).where(unread).values(read_at=micros(at)).returning(T.c.id)

        def work(connection: Connection) -> None:
            first = set(connection.scalars(marked)) if mails else set[str]()
            tasks = [one for one in then if one.subject in first]
            ciphers = self._keyring.sealing(connection, {one.patient for one in tasks})
            self._add_tasks(connection, tasks, ciphers, at)
            traces.add(connection, at, acts)

        await self._reach.write(work)

    async def came_to(
        self,
        mail: str,
        delivery: Delivery,
        reason: Reason | None = None,
        *,
        at: datetime,
        act: NewTrace,
    ) -> bool:
        query = select(*COLUMNS).where(T.c.id == mail).with_for_update()

        def work(connection: Connection) -> bool:
            kept = next(iter(self._kept(connection, connection.execute(query).all())), None)
            if kept is None or kept.delivery in FINAL:
                return False
            cipher = self._keyring.sealing(connection, [kept.patient])[kept.patient]
            fate = fate_of(cipher, kept.patient, mail, delivery, reason)
            connection.execute(update(T).where(T.c.id == mail).values(fate=fate))
            traces.add(connection, at, [act])
            return True

        return await self._reach.write(work)

    async def delete(
        self,
        conversation: str,
        *,
        mails: Sequence[str],
        at: datetime,
        act: NewTrace,
    ) -> None:
        ours = (T.c.conversation == conversation) & T.c.id.in_(list(mails))

        def work(connection: Connection) -> None:
            gone = self._kept(connection, connection.execute(select(*COLUMNS).where(ours)).all())
            connection.execute(delete(T).where(ours))
            connection.execute(delete(N).where(N.c.conversation == conversation))
            _drop_bytes(connection, [one.id for one in gone if not one.documents], at)
            traces.add(connection, at, [act])

        await self._reach.write(work)

    def _kept(self, connection: Connection, rows: Iterable[Any]) -> list[KeptMail]:
        """Those whose key still exists."""
        found = list(rows)
        ciphers = self._keyring.opening(connection, {row.patient for row in found})
        return [kept_of(row, ciphers[row.patient]) for row in found if row.patient in ciphers]

    def _add_tasks(
        self,
        connection: Connection,
        tasks: Sequence[NewTask],
        ciphers: Mapping[bytes, AESGCM],
        at: datetime,
    ) -> None:
        rows = [task_row(one, ciphers, micros(at), self._keyring.keys) for one in tasks]
        insert_many(connection, schema.task, TASK, rows)


def _drop_bytes(connection: Connection, receipts: Sequence[str], at: datetime) -> None:
    """The hourly round takes what ended; the bytes of a document stay with it."""
    r, raw = schema.receipt, schema.raw
    numbers = select(r.c.number).where(r.c.id.in_(receipts))
    connection.execute(update(raw).where(raw.c.number.in_(numbers)).values(keep_until=micros(at)))


def _note(row: Any, cipher: AESGCM) -> Note:
    plain = unseal(cipher, row.sealed, _note_bound(row.patient, row.conversation))
    return unpack(Note, plain)


def _note_bound(patient: bytes, conversation: str) -> bytes:
    return bound(b"conversation", patient, conversation.encode())
