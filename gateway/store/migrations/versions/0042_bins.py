"""What patients threw away of their own documents is found by when they did, to be emptied.

Yesterday's code empties no bin: what is due is taken away once the new code runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

IN_BIN = sa.text("by_patient AND status = 'withdrawn' AND size > 0")


def upgrade() -> None:
    op.create_index(
        "document_in_bin",
        "document",
        ["changed_at"],
        sqlite_where=IN_BIN,
        postgresql_where=IN_BIN,
    )
