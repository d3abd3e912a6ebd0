"""Which conversation a mail continues (MSG-02)."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from gateway.store import schema
from gateway.store.engine.statements import select_in
from gateway.store.index.lineage import record

T = schema.mail


def conversation_of(
    connection: Connection, patient: bytes, answers: Sequence[bytes], other: bytes
) -> str | None:
    """That of the nearest mail it answers, else the last one of that sender and subject, in this
    record alone; None for a mail that begins one."""
    names = record(connection, patient)
    rows = select_in(connection, T, "patient message_name conversation", "message_name", answers)
    found = {row.message_name: row.conversation for row in rows if row.patient in names}
    answered = next((found[one] for one in answers if one in found), None)
    if answered is not None:
        return answered
    alike = select(T.c.conversation).where(T.c.other_name == other, T.c.patient.in_(names))
    found: str | None = connection.scalar(alike.order_by(T.c.number.desc()).limit(1))
    return found
