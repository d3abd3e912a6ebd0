"""Tasks are found by what they follow from; yesterday's code reads the whole table for it.

Subjects are identifiers that rise with time: a new one stands at the end of the index.
"""

from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("task_subject", "task", ["subject"])
