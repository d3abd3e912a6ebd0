"""The label that a patient gave a document for his own view, and labels that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDECIDED = sa.text("decided_at IS NULL")


def upgrade() -> None:
    op.add_column("document", sa.Column("own_label", sa.Text()))
    op.create_table(
        "label_review",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
    )
    op.create_index(
        "label_review_waiting",
        "label_review",
        ["confidence", "number"],
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
