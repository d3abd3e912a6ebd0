"""Tables about services of the catalogue, which act for a patient."""

from sqlalchemy import Column, LargeBinary, Table

from gateway.store.schema.work import metadata

service_token = Table(
    "service_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
