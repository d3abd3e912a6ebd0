"""Documents that a patient threw away: withdrawn, and 30 days later without their bytes.

A row whose bytes are gone has no size: the index of what is in the bins holds no other.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, text, update

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import can_be, micros
from gateway.store.documents.shelf.versions import older_than
from gateway.store.engine.database import Database
from gateway.store.index.lineage import record
from gateway.store.log.traces import add as add_traces

D, C = schema.document, schema.content
IN_BIN = text(schema.IN_BIN)
CURRENT, SUPERSEDED, WITHDRAWN = (
    DocumentStatus.CURRENT.value,
    DocumentStatus.SUPERSEDED.value,
    DocumentStatus.WITHDRAWN.value,
)
EVERY_VERSION = 100_000
"""A patient who changes a title that often waits for it."""


class DatabaseBins:
    """The port `Bins`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, documents: Sequence[str], *, at: datetime, acts: Sequence[NewTrace]
    ) -> bool:
        wanted = [one for one in documents if can_be(one)]
        own = select(D.c.id).where(D.c.id.in_(wanted), D.c.by_patient, D.c.status == CURRENT)
        own = own.order_by(D.c.id).with_for_update()

        def work(connection: Connection) -> bool:
            found = connection.scalars(own).all()
            if not found or len(found) != len(documents):
                return False
            thrown = [one for head in found for one in (head, *_older(connection, head))]
            _change(connection, thrown, status=WITHDRAWN, changed_at=micros(at))
            add_traces(connection, at, acts)
            return True

        return await self._database.write(work)

    async def take_out(
        self, document: str, *, since: datetime, at: datetime, act: NewTrace
    ) -> bool:
        inside = select(D.c.id).where(IN_BIN, D.c.id == document, D.c.superseded_by.is_(None))
        inside = inside.where(D.c.changed_at > micros(since)).with_for_update()

        def work(connection: Connection) -> bool:
            if connection.scalar(inside) is None:
                return False
            older = _older(connection, document)
            _change(connection, older, status=SUPERSEDED, changed_at=micros(at))
            _change(connection, [document], status=CURRENT, changed_at=micros(at))
            add_traces(connection, at, [act])
            return True

        return await self._database.write(work)

    async def thrown(self, patient: PatientKey, *, since: datetime) -> list[str]:
        query = select(D.c.id).where(IN_BIN, D.c.superseded_by.is_(None))
        query = query.where(D.c.changed_at > micros(since))
        query = query.order_by(D.c.changed_at.desc(), D.c.number.desc())

        def work(connection: Connection) -> list[str]:
            names = record(connection, patient)
            return list(connection.scalars(query.where(D.c.patient.in_(names))))

        return await self._database.read(work)

    async def drop(self, *, by: datetime, limit: int) -> int:
        due = select(D.c.number, D.c.receipt).where(IN_BIN, D.c.changed_at <= micros(by))
        due = due.order_by(D.c.changed_at).limit(limit)

        def work(connection: Connection) -> int:
            rows = connection.execute(due).all()
            if rows:
                _forget(connection, [row.number for row in rows], {row.receipt for row in rows})
            return len(rows)

        return await self._database.write(work)


def _older(connection: Connection, document: str) -> list[str]:
    return older_than(connection, document, most=EVERY_VERSION)


def _change(connection: Connection, documents: Sequence[str], **values: object) -> None:
    own = D.c.id.in_(documents) & D.c.by_patient
    connection.execute(update(D).where(own).values(**values))


def _forget(connection: Connection, numbers: Sequence[int], receipts: set[str]) -> None:
    connection.execute(delete(C).where(C.c.number.in_(numbers)))
    review = schema.label_review
    connection.execute(delete(review).where(review.c.number.in_(numbers)))
    connection.execute(update(D).where(D.c.number.in_(numbers)).values(size=0))
    brought = select(D.c.receipt).join(C, C.c.number == D.c.number)
    others = set(connection.scalars(brought.where(D.c.receipt.in_(receipts))))
    if gone := receipts - others:  # an application may send several documents at a time
        came = select(schema.receipt.c.number).where(schema.receipt.c.id.in_(gone))
        raw, replay = schema.raw, schema.replay
        connection.execute(delete(raw).where(raw.c.number.in_(came)))
        connection.execute(delete(replay).where(replay.c.receipt.in_(gone)))
