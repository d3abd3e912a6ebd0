"""Prevention: what people say of examinations, and up to when each person was looked at.

Yesterday's code knows nothing of them: it tells of no examination, and erases none with a person.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prevention_said",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_prevention_said_patient", "prevention_said", ["patient"])
    op.create_table(
        "prevention_look",
        sa.Column("patient", sa.LargeBinary(), primary_key=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_prevention_look_due_at", "prevention_look", ["due_at"])
