"""What the desk asks: tasks by what they follow from, and how senders write.

Subjects are identifiers that rise with time: a new one stands at the end of the index. Yesterday's
code reads the whole table for them, and writes receipts that do not say how they were written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("task_subject", "task", ["subject"])
    op.add_column("receipt", sa.Column("wire", sa.Text()))
