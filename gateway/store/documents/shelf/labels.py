"""Labels that wait for a person, and the words of operators on them.

A row of `label_review` stands for each document that no official type labelled undoubted; a
decision keeps it, so that the same document never waits twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import orjson
from sqlalchemy import Connection, delete, select, update

from gateway.mapping.labels.decided import decided, undecided
from gateway.mapping.labels.doubts import guessed
from gateway.records.documents.document import Document
from gateway.records.documents.labelling import LabelDecision
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import NewTrace
from gateway.store import schema
from gateway.store.columns import micros, pack, unpack
from gateway.store.documents.coded import class_column, type_column
from gateway.store.documents.filing.facts import AnyRow
from gateway.store.documents.packed import card_bound, card_of, packed_card
from gateway.store.engine.statements import insert_or_change
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach

D, C, R = schema.document, schema.content, schema.label_review
RULE = "operator"
COLUMNS = "number patient type_code class_code label sealed"
STORED = (
    select(*(D.c[name] for name in COLUMNS.split()), C.c.details)
    .join(C, C.c.number == D.c.number)
    .with_for_update(of=D)
)


class DatabaseLabels:
    """The port `Labels`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def waiting(self, confidences: Iterable[str], *, limit: int) -> list[str]:
        query = select(D.c.id).join(R, R.c.number == D.c.number)
        query = query.where(R.c.decided_at.is_(None), R.c.confidence.in_(list(confidences)))
        query = query.where(D.c.status == DocumentStatus.CURRENT.value)
        query = query.order_by(R.c.confidence == "medium", R.c.number).limit(limit)
        return await self._reach.read(lambda c: list(c.scalars(query)))

    async def decide(self, decision: LabelDecision) -> Document | None:
        def work(connection: Connection) -> Document | None:
            row = connection.execute(STORED.where(D.c.id == decision.document)).one_or_none()
            before = row and stored_document(connection, self._keyring, row)
            if row is None or before is None:
                return None
            after = undecided(before)
            if decision.label is not None:
                after = decided(before, decision.label, by=decision.by)
            store_label(connection, self._keyring, row, after, at=micros(decision.at))
            said = {"reason": decision.reason, "before": before.label, "after": after.label}
            trace = relabelled(row, decision.document, by=decision.by, said=said)
            add_traces(connection, decision.at, [trace])
            return after

        return await self._reach.write(work)


def stored_document(connection: Connection, keyring: Keyring, row: AnyRow) -> Document | None:
    """The metadata of a row of STORED; None where its patient's key is destroyed."""
    cipher = keyring.opening(connection, [row.patient]).get(row.patient)
    if cipher is None:
        return None
    return unpack(Document, unseal(cipher, row.details, _bound(row)))


def store_label(
    connection: Connection, keyring: Keyring, row: AnyRow, document: Document, *, at: int
) -> None:
    """Type, class and label of a stored document, and its place on the review list."""
    cipher = keyring.sealing(connection, [row.patient])[row.patient]
    card = packed_card(row, cipher)
    before = (row.type_code or card.type_code, row.class_code or card.class_code, row.label)
    columns = _columns(document)
    if (document.type_code, document.class_code, document.label.value) != before:
        said = card_of(document)
        plain = pack(replace(card, type_code=said.type_code, class_code=said.class_code))
        columns["sealed"] = seal(cipher, plain, card_bound(row.patient, row.number))
        columns["changed_at"] = at
    details = seal(cipher, pack(document), _bound(row))
    connection.execute(update(D).where(D.c.number == row.number).values(**columns))
    connection.execute(update(C).where(C.c.number == row.number).values(details=details))
    own = undecided(document)
    if document.label_given is None and not guessed(own):
        connection.execute(delete(R).where(R.c.number == row.number))
        return
    values = {
        "number": row.number,
        "patient": row.patient,
        "confidence": own.label_confidence,
        "decided_at": at if document.label_given else None,
    }
    insert_or_change(connection, R, values)


def _columns(document: Document) -> dict[str, object]:
    return {
        "type_code": type_column(document.type_code),
        "class_code": class_column(document.class_code),
        "label": document.label.value,
    }


def relabelled(
    row: AnyRow, document: str, *, by: str, said: Mapping[str, object] | None = None
) -> NewTrace:
    """The entry in the log of whose document it is; `row` is its row of STORED, `by` an operator,
    `said` what the holder may read of it."""
    return NewTrace(
        patient=row.patient,
        action="relabel",
        permitted=True,
        rule=RULE,
        kind="operator",
        actor=by,
        actor_name=by,
        document=document,
        door="desk",
        details=orjson.dumps(said or {}),
    )


def _bound(row: AnyRow) -> bytes:
    return bound(b"details", row.patient, b"%d" % row.number)
