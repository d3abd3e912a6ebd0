"""A patient's dated masks, what is hidden from one reader, and masking by default."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("document", sa.Column("masked_until", sa.BigInteger()))
    op.add_column("document", sa.Column("unmasked_at", sa.BigInteger()))
    op.add_column("patient", sa.Column("masks_new", sa.Boolean()))
    op.create_table(
        "hide",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("target_name", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_hide_patient", "hide", ["patient"])
    op.create_index("ix_hide_document", "hide", ["document"])
