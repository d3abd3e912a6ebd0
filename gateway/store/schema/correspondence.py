"""Tables of the patient's secure mail. `other_name` is the HMAC of sender and subject, by which a
mail that answers none finds its conversation; `message_name` that of its Message-ID."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from gateway.store.schema.work import NUMBER, metadata

mail = Table(
    "mail",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("patient", LargeBinary, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Column("message_name", LargeBinary),
    Column("other_name", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
    Column("fate", LargeBinary),
)
Index("mail_id", mail.c.id, unique=True)
Index("mail_patient", mail.c.patient, mail.c.number)
Index(
    "mail_unread",
    mail.c.patient,
    sqlite_where=mail.c.read_at.is_(None),
    postgresql_where=mail.c.read_at.is_(None),
)
Index(
    "mail_message_name",
    mail.c.message_name,
    sqlite_where=mail.c.message_name.is_not(None),
    postgresql_where=mail.c.message_name.is_not(None),
)
Index(
    "mail_other_name",
    mail.c.other_name,
    sqlite_where=mail.c.other_name.is_not(None),
    postgresql_where=mail.c.other_name.is_not(None),
)

conversation_note = Table(
    "conversation_note",
    metadata,
    Column("conversation", Text, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
