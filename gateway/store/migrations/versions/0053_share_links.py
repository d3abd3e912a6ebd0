"""Links by which somebody outside reads one document, and the readings that they opened.

Yesterday's code knows none of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_link",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_share_link_patient", "share_link", ["patient"])
    op.create_index("share_link_name", "share_link", ["name"], unique=True)
    op.create_index("share_link_until", "share_link", ["until"])
    op.create_table(
        "share_reading",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_share_reading_link", "share_reading", ["link"])
    op.create_index("ix_share_reading_patient", "share_reading", ["patient"])
