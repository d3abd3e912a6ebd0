"""Keys that first came with a copy; yesterday's code never looks at them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_alias",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("receipt", sa.Text(), nullable=False),
    )
