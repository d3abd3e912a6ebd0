"""Tasks as rows: made in the transaction of the fact that they follow from, sealed and opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import NewTask, Task, TaskKind
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros
from gateway.store.documents.filing.rows import TASK, task_bound, task_row
from gateway.store.engine.statements import insert_many
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import unseal

T = schema.task
CLAIMED = (
    T.c.id,
    T.c.kind,
    T.c.subject,
    T.c.patient,
    T.c.sealed,
    T.c.attempts,
    T.c.created_at,
    T.c.lane,
    T.c.made_at,
)

AnyRow = Any  # a row with the columns of CLAIMED, or those of its payload


def add_tasks(
    connection: Connection, keyring: Keyring, tasks: Sequence[NewTask], at: datetime
) -> None:
    """In the transaction of the fact that they follow from."""
    if not tasks:
        return
    ciphers = keyring.sealing(connection, [task.patient for task in tasks])
    rows = [task_row(task, ciphers, micros(at), keyring.keys) for task in tasks]
    insert_many(connection, T, TASK, rows)


def payload_of(row: AnyRow, cipher: AESGCM | None) -> bytes | None:
    """None where the row, or the key of its person, is damaged."""
    associated = task_bound(row.patient or DESK, row.subject)
    try:
        return unseal(cipher, row.sealed, associated) if cipher else None
    except (InvalidTag, ValueError):
        return None


def task_of(row: AnyRow, payload: bytes) -> Task:
    return Task(
        id=row.id,
        kind=TaskKind(row.kind),
        subject=row.subject,
        patient=PatientKey(row.patient) if row.patient else None,
        payload=payload,
        attempts=row.attempts,
        created_at=instant(row.created_at),
        lane=row.lane,
        made_at=instant_or_none(row.made_at),
    )
