"""The tables of those who work at the desk, and of what was done for the house.

Part of `schema`, where the words used here are explained; `name` is that of the login.
"""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

operator = Table(
    "operator",
    metadata,
    Column("number", Text, primary_key=True),
    Column("name", LargeBinary, nullable=False, unique=True),
    Column("disabled", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

opening = Table(
    "opening",
    metadata,
    Column("id", Text, primary_key=True),
    Column("receipt", Text, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
"""Bytes of refused messages that somebody asks for, or reads until then."""

upkept = Table(
    "upkept",
    metadata,
    Column("deed", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("of_at", BigInteger),
    Column("size", BigInteger, nullable=False),
    Column("faults", BigInteger, nullable=False),
)
