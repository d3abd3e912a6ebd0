"""Rows of receipts as envelopes, and all that followed from one of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, Select, select

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer, Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.keys import control_id_of
from gateway.records.intake.messages import Envelope, FiledAs, Message
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import TaskLine
from gateway.store import schema
from gateway.store.columns import instant
from gateway.store.documents.packed import PackedReceipt, packed_receipt
from gateway.store.keys.keyring import Keyring
from gateway.store.work.task_desk import SHOWN, line_of

T, D = schema.receipt, schema.document
ENVELOPE = (
    T.c.number,
    T.c.id,
    T.c.patient,
    T.c.sender,
    T.c.door,
    T.c.at,
    T.c.verdict,
    T.c.format,
    T.c.size,
    T.c.sealed,
    T.c.codes,
)
MAX_TASKS = MAX_ANSWERS = MAX_NAMES = 100
AnyRow = Any  # a row of ENVELOPE


def envelopes(
    connection: Connection, keyring: Keyring, which: ColumnElement[bool]
) -> tuple[Envelope, ...]:
    """Newest first; a row whose key is gone or damaged is there, without what was sealed."""
    query = select(*ENVELOPE).where(which).order_by(T.c.at.desc(), T.c.number.desc())
    rows = connection.execute(query).all()
    ciphers, _ = keyring.sound(connection, [row.patient for row in rows])
    return tuple(_envelope(row, _opened(row, ciphers)) for row in rows)


def message_of(connection: Connection, keyring: Keyring, row: AnyRow) -> Message:
    ciphers, _ = keyring.sound(connection, [row.patient])
    packed = _opened(row, ciphers)
    answer = packed.answer if packed else None
    documents = _documents(connection, answer)
    return Message(
        envelope=_envelope(row, packed),
        patient=_whose(connection, row),
        answer=answer,
        control_id=control_id_of(packed.key) if packed else "",
        documents=documents,
        tasks=_tasks(connection, [row.id, *(one.id for one in documents if not one.known)]),
        answers=_answers(connection, row.id),
    )


def _opened(row: AnyRow, ciphers: Mapping[bytes, AESGCM]) -> PackedReceipt | None:
    cipher = ciphers.get(row.patient or DESK)
    try:
        return None if cipher is None else packed_receipt(row, cipher)
    except InvalidTag:
        return None


def _envelope(row: AnyRow, packed: PackedReceipt | None) -> Envelope:
    return Envelope(
        receipt=row.id,
        at=instant(row.at),
        sender=row.sender,
        door=Door(row.door),
        format=row.format,
        verdict=Verdict(row.verdict),
        size=row.size,
        codes=_codes(row, packed),
        filed_at=_filed_at(packed.answer) if packed else None,
        read=packed is not None,
    )


def _codes(row: AnyRow, packed: PackedReceipt | None) -> tuple[str, ...]:
    """Rows of before 0026 have them in their seal only."""
    if row.codes is not None or packed is None:
        return tuple((row.codes or "").split())
    return tuple(dict.fromkeys(one.code for one in packed.answer.findings))


def _filed_at(answer: Answer) -> datetime | None:
    return min((one.at for one in answer.documents if one.at and not one.known), default=None)


def _documents(connection: Connection, answer: Answer | None) -> tuple[FiledAs, ...]:
    filed = answer.documents if answer else ()
    query = select(D.c.id, D.c.status, D.c.type_code).where(D.c.id.in_([one.id for one in filed]))
    kept = {row.id: row for row in connection.execute(query)} if filed else {}
    return tuple(
        FiledAs(
            id=one.id,
            unique_id=one.unique_id,
            type_code=kept[one.id].type_code if one.id in kept else one.type_code,
            status=DocumentStatus(kept[one.id].status) if one.id in kept else None,
            known=one.known,
        )
        for one in filed
    )


def tasks_query(subjects: list[str]) -> Select[Any]:
    """What followed from a receipt and its documents, done or not."""
    t = schema.task
    return select(*SHOWN).where(t.c.subject.in_(subjects)).order_by(t.c.id).limit(MAX_TASKS)


def _tasks(connection: Connection, subjects: list[str]) -> tuple[TaskLine, ...]:
    return tuple(line_of(row) for row in connection.execute(tasks_query(subjects)))


def _answers(connection: Connection, receipt: str) -> tuple[tuple[str, datetime], ...]:
    t = schema.business_ack
    query = select(t.c.receipt, t.c.at).where(t.c.original == receipt)
    query = query.order_by(t.c.at, t.c.receipt).limit(MAX_ANSWERS)
    return tuple((row.receipt, instant(row.at)) for row in connection.execute(query))


def _whose(connection: Connection, row: AnyRow) -> PatientKey | None:
    """Of a message that is filed the record that it is in. Of one that waits the person whom the
    index knows under one of its names, else the first of these names."""
    if row.patient is not None:
        return PatientKey(row.patient)
    w, p = schema.waiting, schema.patient
    query = select(w.c.name).where(w.c.receipt == row.id).order_by(w.c.name).limit(MAX_NAMES)
    names = list(connection.scalars(query))
    if not names:
        return None
    known = connection.scalars(select(p.c.patient).where(p.c.patient.in_(names))).first()
    return PatientKey(known or names[0])
