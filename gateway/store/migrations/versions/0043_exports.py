"""Copies of a record that people take along, and their pieces.

Yesterday's code knows none of it, and leaves tasks of a kind that it does not know alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_export_patient", "export", ["patient"])
    op.create_index("ix_export_ends_at", "export", ["ends_at"])
    op.create_table(
        "export_piece",
        sa.Column("export", sa.Text(), primary_key=True),
        sa.Column("file", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_export_piece_patient", "export_piece", ["patient"])
