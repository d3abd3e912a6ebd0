"""A place for later understandings of a receipt, beside the first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replay",
        sa.Column("receipt", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), primary_key=True),
        sa.Column("patient", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
