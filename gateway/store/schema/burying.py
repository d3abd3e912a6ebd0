"""What is left of the erased. Part of `schema`, where the words used here are explained."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

tombstone = Table(
    "tombstone",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("names", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
)
"""`names` are those of the record, one behind the other, 16 bytes each. `sealed` is the receipt,
under the desk's key; none where a restore applied what another database knew."""
