"""Links to documents and the readings they opened: a `name` is the HMAC of a secret."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

share_link = Table(
    "share_link",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("document", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("share_link_name", share_link.c.name, unique=True)
Index("share_link_until", share_link.c.until)

share_reading = Table(
    "share_reading",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("link", Text, nullable=False, index=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("until", BigInteger, nullable=False),
)
