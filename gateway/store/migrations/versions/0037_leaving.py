"""When a space was opposed or closed, and when its deletion was asked for.

Yesterday's code closes no space, and leaves all three alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("opposed_at", "closed_at", "deletion_asked_at"):
        op.add_column("patient", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in ("closed_at", "deletion_asked_at"):
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"patient_{name}",
            "patient",
            [name],
            sqlite_where=known,
            postgresql_where=known,
            if_not_exists=True,
        )
