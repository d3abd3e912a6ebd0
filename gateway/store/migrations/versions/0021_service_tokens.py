"""Tokens of the services that patients let act for them; yesterday's code never looks at them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_token",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
