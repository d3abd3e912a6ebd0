"""Provisional codes that were handed over to people; everything of them is sealed."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from gateway.store.schema.work import metadata

activation = Table(
    "activation",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
