"""The tables of who comes in: logins, professionals, senders, sessions, codes and tries.

Part of `schema`, where the words used here are explained.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from gateway.store.schema.work import NUMBER, metadata

login = Table(
    "login",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

professional = Table(
    "professional",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("token_hash", LargeBinary, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("mail_name", LargeBinary),
)
"""`mail_name` is the HMAC of the address in lower case, empty where there is none; null in a row of
before it was kept."""
Index("professional_mail", professional.c.mail_name)

sender = Table(
    "sender",
    metadata,
    Column("name", Text, primary_key=True),
    Column("token_hash", LargeBinary, index=True),
    Column("certificate", Text, index=True),
    Column("disabled", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("whose_name", LargeBinary),
)
Index("session_whose_name", session.c.whose_name)

code = Table(
    "code",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("attempt_name", attempt.c.name, attempt.c.at)
