"""The tables of the patient index: persons, their keys, the names that lead to them, merges.

Part of `schema`, where the words used here are explained.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

patient = Table(
    "patient",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("state", Text, nullable=False),
    Column("qualified", Boolean, nullable=False),
    Column("feeding_opposed", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("merged_into", LargeBinary),
    Column("identity_status", Text),
    Column("obtained", Text),
    Column("masks_new", Boolean),
    Column("deceased", Boolean),
    Column("opposed_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("deletion_asked_at", BigInteger),
)
Index(
    "patient_merged_into",
    patient.c.merged_into,
    sqlite_where=patient.c.merged_into.is_not(None),
    postgresql_where=patient.c.merged_into.is_not(None),
)
Index(
    "patient_closed_at",
    patient.c.closed_at,
    sqlite_where=patient.c.closed_at.is_not(None),
    postgresql_where=patient.c.closed_at.is_not(None),
)
Index(
    "patient_deletion_asked_at",
    patient.c.deletion_asked_at,
    sqlite_where=patient.c.deletion_asked_at.is_not(None),
    postgresql_where=patient.c.deletion_asked_at.is_not(None),
)

data_key = Table(
    "data_key",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

key_check = Table(
    "key_check",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
)

local_name = Table(
    "local_name",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("said", LargeBinary),
)
"""`patient` is where the name leads: a patient, or another name that it is merged with. `said` is
the patient of whom it was said itself, where a merge leads to the same one."""

trait_name = Table(
    "trait_name",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("patient", LargeBinary, primary_key=True, index=True),
)

merge = Table(
    "merge",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("undone_at", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)

receipt_claim = Table(
    "receipt_claim",
    metadata,
    Column("receipt", Text, primary_key=True),
    Column("until", BigInteger, nullable=False),
)
"""Held receipts that an operator is settling, each by one process."""

proposal = Table(
    "proposal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("receipt", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
    Column("outcome", Text),
    Column("sealed", LargeBinary, nullable=False),
)
