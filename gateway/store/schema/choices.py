"""The patient's choices that stand on one document and name somebody.

Part of `schema`, where the words used here are explained. A mask names nobody: it stands on the
document's own row.
"""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from gateway.store.schema.work import NUMBER, metadata

hide = Table(
    "hide",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("document", Text, nullable=False, index=True),
    Column("target_name", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
