"""What the desk looks messages up by: finding codes, control ids by hash, the hour they came.

Yesterday's code writes neither column; its rows are found by every other filter.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipt", sa.Column("codes", sa.Text()))
    op.add_column("receipt", sa.Column("control_name", sa.LargeBinary()))
    op.create_index("receipt_at", "receipt", ["at", "verdict"])
