"""Tables of prevention: what people say of examinations, and whose turn it is to be looked at.

`prevention_said.name` is the HMAC of what a row is about, within its patient; the rest is sealed.
"""

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from gateway.store.schema.work import metadata

prevention_said = Table(
    "prevention_said",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("said_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

prevention_look = Table(
    "prevention_look",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("looked_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
)
