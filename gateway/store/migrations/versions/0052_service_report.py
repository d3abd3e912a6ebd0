"""What patients report of services, and what the desk answered.

Yesterday's code knows none of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_report",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_service_report_patient", "service_report", ["patient"])
    op.create_index("service_report_waiting", "service_report", ["answered_at", "made_at"])
