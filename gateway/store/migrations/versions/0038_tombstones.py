"""What is left of the erased, and how many there were: by that a process knows that a data key
which it remembers may be destroyed.

Yesterday's code erases nobody, and must not serve beside one that does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
    )
    op.execute("INSERT INTO counter (name, next) VALUES ('erased', 1) ON CONFLICT DO NOTHING")
