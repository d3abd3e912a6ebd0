"""Which conversation a mail continues (MSG-02), and what is hidden in it."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from gateway.flows.filing.acts import hiding_in
from gateway.store import schema
from gateway.store.correspondence.rows import READ, kept_of
from gateway.store.engine.statements import select_in
from gateway.store.index.lineage import record
from gateway.store.keys.keyring import Keyring

T = schema.mail
COLUMNS = tuple(T.c[name] for name in READ.split())


def conversation_of(
    connection: Connection, patient: bytes, answers: Sequence[bytes], other: bytes
) -> str | None:
    """That of the nearest mail it answers, else the last one of that sender and subject, in this
    record alone; None for a mail that begins one."""
    names = record(connection, patient)
    rows = select_in(connection, T, "patient message_name conversation", "message_name", answers)
    found = {row.message_name: row.conversation for row in rows if row.patient in names}
    answered: str | None = next((found[one] for one in answers if one in found), None)
    if answered is not None:
        return answered
    alike = select(T.c.conversation).where(T.c.other_name == other, T.c.patient.in_(names))
    last: str | None = connection.scalar(alike.order_by(T.c.number.desc()).limit(1))
    return last


def hidden_in(
    connection: Connection, keyring: Keyring, patient: bytes, conversation: str
) -> dict[str, tuple[str, ...]]:
    """Documents of its mails that their author hid from somebody, with those codes."""
    ours = T.c.patient.in_(record(connection, patient)) & (T.c.conversation == conversation)
    rows = connection.execute(select(*COLUMNS).where(ours)).all()
    ciphers = keyring.opening(connection, {row.patient for row in rows})
    mails = [kept_of(row, ciphers[row.patient]) for row in rows if row.patient in ciphers]
    named = {one for mail in mails for one in (*mail.documents, *mail.under)}
    documents = select_in(connection, schema.document, "id codes", "id", named)
    hidden = {row.id: hiding_in(row.codes.split()) for row in documents}
    return {document: codes for document, codes in sorted(hidden.items()) if codes}
