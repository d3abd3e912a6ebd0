"""Business acknowledgements that came back, beside the receipt they answer."""

from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select

from gateway.records.messages.business_ack import ReceivedAck, SentOn
from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import schema
from gateway.store.columns import micros, pack, unpack
from gateway.store.documents.packed import packed_receipt
from gateway.store.engine.statements import select_in
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.reach import Reach

T = schema.business_ack


class DatabaseBusinessAcks:
    """What became of a receipt elsewhere."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def of(self, original: str) -> list[ReceivedAck]:
        """Every answer to one receipt, in the order they came."""
        query = select(T.c.receipt, T.c.patient, T.c.sealed).where(T.c.original == original)

        def work(connection: Connection) -> list[ReceivedAck]:
            rows = connection.execute(query.order_by(T.c.at, T.c.receipt)).all()
            ciphers = self._reach.keyring.opening(connection, [row.patient for row in rows])
            return [
                unpack(
                    ReceivedAck,
                    unseal(ciphers[owner], row.sealed, _bound(owner, row.receipt)),
                )
                for row in rows
                if (owner := row.patient or DESK) in ciphers
            ]

        return await self._reach.read(work)


def find_sent(connection: Connection, keyring: Keyring, name: bytes) -> tuple[SentOn, ...]:
    """What left under the MSH-10 that hashes to `name`, with the receipts it came from."""
    tasks = select_in(connection, schema.task, "subject", "name", [name])
    receipts = {row.subject for row in tasks}
    rows = select_in(connection, schema.receipt, "id patient sealed", "id", receipts)
    ciphers = keyring.opening(connection, [row.patient for row in rows])
    return tuple(
        SentOn(
            receipt=row.id,
            key=packed_receipt(row, ciphers[row.patient or DESK]).key,
            patient=PatientKey(row.patient) if row.patient else None,
        )
        for row in rows
        if (row.patient or DESK) in ciphers
    )


def keep_ack(
    connection: Connection,
    cipher: AESGCM,
    answered: ReceivedAck,
    patient: PatientKey | None,
    at: datetime,
) -> None:
    """In the transaction that files the acknowledgement."""
    owner = patient or DESK
    values = {
        "receipt": answered.receipt,
        "original": answered.original,
        "patient": patient,
        "at": micros(at),
        "sealed": seal(cipher, pack(answered), _bound(owner, answered.receipt)),
    }
    connection.execute(insert(T).values(**values))


def _bound(owner: bytes, receipt: str) -> bytes:
    return bound(b"business-ack", owner, receipt.encode())
