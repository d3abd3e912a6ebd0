"""Copies of a record that somebody asked for, and the pieces of what was made for them.

`export.sealed` says who asked and how large it is, `plan` which files it has, once it is ready.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

export = Table(
    "export",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("ready_at", BigInteger),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("downloads", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("plan", LargeBinary),
)
export_piece = Table(
    "export_piece",
    metadata,
    Column("export", Text, primary_key=True),
    Column("file", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
