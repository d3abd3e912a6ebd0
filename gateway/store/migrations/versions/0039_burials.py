"""An erasure in steps: what is still to be done of it, and what its entries of the log were.

Yesterday's code erases in one commit, and passes over both columns; an erasure under way waits for
today's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tombstone", sa.Column("rest", sa.LargeBinary(), nullable=True))
    op.add_column("tombstone", sa.Column("leaves", sa.LargeBinary(), nullable=True))
    op.create_index(
        "tombstone_unfinished",
        "tombstone",
        ["id"],
        sqlite_where=sa.text("rest IS NOT NULL"),
        postgresql_where=sa.text("rest IS NOT NULL"),
        if_not_exists=True,
    )
