"""When a task was made, where a person began it anew since: its tries are told apart by that.

Yesterday's code leaves it empty: what it begins anew is judged as begun once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("made_at", sa.BigInteger()))
