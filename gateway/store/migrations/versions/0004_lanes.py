"""Tasks that leave in order (lanes), are known by a name to their receiver, or are given up; and
the business answers that came back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALONE = sa.text("settled_at IS NULL AND lane IS NULL")
IN_A_LANE = sa.text("settled_at IS NULL AND lane IS NOT NULL")


def upgrade() -> None:
    op.add_column("task", sa.Column("lane", sa.Text()))
    op.add_column("task", sa.Column("name", sa.LargeBinary()))
    op.add_column("task", sa.Column("dead_at", sa.BigInteger()))
    op.drop_index("task_due", "task")
    op.create_index("task_due", "task", ["due_at"], sqlite_where=ALONE, postgresql_where=ALONE)
    op.create_index(
        "task_lane", "task", ["lane", "id"], sqlite_where=IN_A_LANE, postgresql_where=IN_A_LANE
    )
    for column in ("name", "dead_at"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"task_{column}", "task", [column], sqlite_where=there, postgresql_where=there
        )
    op.create_table(
        "business_ack",
        sa.Column("receipt", sa.Text(), primary_key=True),
        sa.Column("original", sa.Text(), nullable=False, index=True),
        sa.Column("patient", sa.LargeBinary()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
