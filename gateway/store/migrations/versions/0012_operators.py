"""Those who work at the desk; yesterday's code never looks at them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operator",
        sa.Column("number", sa.Text(), primary_key=True),
        sa.Column("name", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
