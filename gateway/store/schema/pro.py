"""What professionals tried at `/pro`: pseudonyms only, kept a month, for the person himself."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from gateway.store.schema.work import NUMBER, metadata

own_try = Table(
    "own_try",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("professional_name", LargeBinary, nullable=False),
    Column("patient", LargeBinary),
    Column("act", Text, nullable=False),
    Column("permitted", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("own_try_professional", own_try.c.professional_name, own_try.c.at)
