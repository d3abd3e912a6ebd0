"""When a task was made, where a person began it anew since: its tries are told apart by that; and
which lanes a person has paused.

Yesterday's code leaves the former empty: what it begins anew is judged as begun once. It knows no
pause: while nodes of both run, a lane is paused for the new ones alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("made_at", sa.BigInteger()))
    op.create_table(
        "lane_pause",
        sa.Column("lane", sa.Text(), primary_key=True),
        sa.Column("since", sa.BigInteger()),
        sa.Column("resumed_at", sa.BigInteger()),
        sa.Column("sealed", sa.LargeBinary()),
    )
