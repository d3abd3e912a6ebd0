"""The catalogue of services, what waits for a second agent, what launches leave, and what patients
report.

`catalogue_service.file` is what the public reads; `*.name` are HMACs of a service, for which one a
person uses may say what ails him.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from gateway.store.schema.work import metadata

catalogue_service = Table(
    "catalogue_service",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("stopped_at", BigInteger),
    Column("file", LargeBinary, nullable=False),
)
catalogue_proposal = Table(
    "catalogue_proposal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
launch_token = Table(
    "launch_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("patient", LargeBinary, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("spent_at", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
Index("launch_token_patient", launch_token.c.patient, launch_token.c.name)
service_use = Table(
    "service_use",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("last_at", BigInteger, nullable=False, index=True),
    Column("told_at", BigInteger, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
Index("service_use_name", service_use.c.name)
service_report = Table(
    "service_report",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
Index("service_report_waiting", service_report.c.answered_at, service_report.c.made_at)
