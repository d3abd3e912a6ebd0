"""The table of those who work at the desk.

Part of `schema`, where the words used here are explained; `name` is that of the login.
"""

from sqlalchemy import Boolean, Column, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

operator = Table(
    "operator",
    metadata,
    Column("number", Text, primary_key=True),
    Column("name", LargeBinary, nullable=False, unique=True),
    Column("disabled", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
