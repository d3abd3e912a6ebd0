"""Attestations for a school: `code_hash` is the SHA-256 of a code of eighty bits of chance."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

attestation = Table(
    "attestation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("code_hash", LargeBinary, nullable=False, index=True, unique=True),
    Column("made_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
