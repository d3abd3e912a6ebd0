"""The catalogue of services, its proposals, tokens of launches, and what services did.

Yesterday's code knows none of it, and answers 401 to the tokens of a launch.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_service",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "catalogue_proposal",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "launch_token",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("spent_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_launch_token_ends_at", "launch_token", ["ends_at"])
    op.create_index("launch_token_patient", "launch_token", ["patient", "name"])
    op.create_table(
        "service_use",
        sa.Column("patient", sa.LargeBinary(), primary_key=True),
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_service_use_last_at", "service_use", ["last_at"])
    op.create_index("ix_service_use_told_at", "service_use", ["told_at"])
    op.create_index("service_use_name", "service_use", ["name"])
