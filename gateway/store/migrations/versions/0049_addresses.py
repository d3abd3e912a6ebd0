"""Professionals by their address, and mails that nobody has opened.

Rows that yesterday's code writes have no `mail_name`: they are looked at whenever an address is
looked for, until they are written again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("professional", sa.Column("mail_name", sa.LargeBinary(), nullable=True))
    op.create_index("professional_mail", "professional", ["mail_name"])
    op.create_index(
        "mail_unread",
        "mail",
        ["patient"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
