"""Receipts as the sets of documents that they filed."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from gateway.records.documents.deposited import Deposited
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import can_be, instant
from gateway.store.documents.packed import packed_receipt
from gateway.store.index.lineage import root
from gateway.store.keys.keyring import Keyring

T, D = schema.receipt, schema.document
FILED = select(T.c.id, T.c.patient, T.c.at, T.c.sealed, D.c.patient.label("owner")).join(
    D, (D.c.number == T.c.number + 1) & (D.c.receipt == T.c.id)
)
"""The documents of a receipt take the numbers that follow its own."""


def deposits_of(
    connection: Connection, keyring: Keyring, receipts: Iterable[str]
) -> list[Deposited]:
    """Those of them that filed something and whose keys are there, in no order."""
    wanted = [one for one in receipts if can_be(one)]
    rows = connection.execute(FILED.where(T.c.id.in_(wanted))).all()
    ciphers = keyring.opening(connection, {row.patient for row in rows})
    found = []
    for row in rows:
        if (row.patient or DESK) not in ciphers:
            continue
        packed = packed_receipt(row, ciphers[row.patient or DESK])
        found.append(
            Deposited(
                receipt=row.id,
                patient=root(connection, row.owner),
                at=instant(row.at),
                documents=tuple(one.id for one in packed.answer.documents),
                submission=packed.submission,
            )
        )
    return found
