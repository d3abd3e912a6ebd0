"""Tables of the medical profile. Of an entry nothing is in clear but ids, kind, state and times;
`part_name`, `source_name` and `same_name` are HMACs of what its part, its source's own name for it
and its sameness are in this record. `entry_state` has the versions before the present one."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from gateway.store.schema.work import NUMBER, metadata

entry = Table(
    "entry",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("patient", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("written_at", BigInteger, nullable=False),
    Column("happened_at", BigInteger),
    Column("part_name", LargeBinary),
    Column("source_name", LargeBinary),
    Column("same_name", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
)
Index("entry_id", entry.c.id, unique=True)
Index("entry_patient", entry.c.patient, entry.c.kind, entry.c.part_name, entry.c.happened_at)
Index(
    "entry_source_name",
    entry.c.source_name,
    sqlite_where=entry.c.source_name.is_not(None),
    postgresql_where=entry.c.source_name.is_not(None),
)
Index(
    "entry_same_name",
    entry.c.same_name,
    sqlite_where=entry.c.same_name.is_not(None),
    postgresql_where=entry.c.same_name.is_not(None),
)

entry_state = Table(
    "entry_state",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("written_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
