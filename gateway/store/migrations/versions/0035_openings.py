"""Bytes of refused messages that two people open; the sessions of one person by their name."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_opening_receipt", "opening", ["receipt"])
    op.add_column("session", sa.Column("whose_name", sa.LargeBinary(), nullable=True))
    op.create_index("session_whose_name", "session", ["whose_name"])
