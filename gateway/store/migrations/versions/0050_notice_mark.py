"""Which notices in the space were read, and which thrown away."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_mark",
        sa.Column("patient", sa.LargeBinary(), primary_key=True),
        sa.Column("reader", sa.LargeBinary(), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
    )
    op.create_index("ix_notice_mark_reader", "notice_mark", ["reader"])
