"""The tables of the transparency log.

Part of `schema`, where the words used here are explained. `log_node` holds the roots of perfect
subtrees of 2**level leaves; leaves themselves stand in `trace`.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)

log_node = Table(
    "log_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

grid = Table(
    "grid",
    metadata,
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
