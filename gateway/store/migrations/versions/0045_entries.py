"""What is written into a medical profile besides documents: entries and their earlier states.

Yesterday's code knows of none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=True),
        sa.Column("part_name", sa.LargeBinary(), nullable=True),
        sa.Column("source_name", sa.LargeBinary(), nullable=True),
        sa.Column("same_name", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("entry_id", "entry", ["id"], unique=True)
    op.create_index("entry_patient", "entry", ["patient", "kind", "part_name", "happened_at"])
    for name in ("source_name", "same_name"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"entry_{name}", "entry", [name], sqlite_where=there, postgresql_where=there
        )
    op.create_table(
        "entry_state",
        sa.Column("entry", sa.Text(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_entry_state_patient", "entry_state", ["patient"])
