"""Invitations to own spaces; `due_at` is the end of a window that nobody looked at yet."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table

from gateway.store.schema.work import metadata

invitation = Table(
    "invitation",
    metadata,
    Column("patient", LargeBinary, primary_key=True),
    Column("due_at", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
Index(
    "invitation_due",
    invitation.c.due_at,
    sqlite_where=invitation.c.due_at.is_not(None),
    postgresql_where=invitation.c.due_at.is_not(None),
)
