"""Whom a fact of a record names: found from that person's side too (VAULT REP-06)."""

from alembic import op

revision = "0011"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("choice_target", "choice", ["target_name", "kind"])
