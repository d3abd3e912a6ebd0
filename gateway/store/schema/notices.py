"""Tables about notices in the space."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from gateway.store.schema.work import metadata

notice_mark = Table(
    "notice_mark",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("reader", LargeBinary, primary_key=True, index=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
)
"""That `reader` has read a notice; with an empty reader, that it was thrown away for all."""
