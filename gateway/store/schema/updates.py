"""Lots that updated metadata: `name` is an HMAC of the uniqueId, `said` one of what it asked."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from gateway.store.schema.work import metadata

update_lot = Table(
    "update_lot",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("said", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
