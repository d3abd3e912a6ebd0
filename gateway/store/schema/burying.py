"""What is left of the erased. Part of `schema`, where the words used here are explained."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

tombstone = Table(
    "tombstone",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("names", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("rest", LargeBinary),
    Column("leaves", LargeBinary),
)
UNFINISHED = tombstone.c.rest.is_not(None)
Index(
    "tombstone_unfinished",
    tombstone.c.id,
    sqlite_where=UNFINISHED,
    postgresql_where=UNFINISHED,
)
"""`names` are those of the record, one behind the other, 16 bytes each. `sealed` is the receipt
(`receipts`), none where neither this database nor a restore knew it. Under the desk's key: `rest`,
what the last step writes, none once it is done; `leaves` what the entries of the log were that
stand under the erasure since that step, none of one of before (`graves`)."""
