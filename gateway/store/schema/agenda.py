"""Tables of the agenda: appointments, own reminders, and the addresses that programs read it at.

`agenda_feed.name` is the HMAC of the secret of an address; what anything says is sealed.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

appointment = Table(
    "appointment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient", LargeBinary, nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("appointment_patient", appointment.c.patient, appointment.c.starts_at)

reminder = Table(
    "reminder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

agenda_feed = Table(
    "agenda_feed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("agenda_feed_name", agenda_feed.c.name, unique=True)
