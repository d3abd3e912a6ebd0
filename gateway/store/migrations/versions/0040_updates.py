"""Updates of metadata: which documents are archived, which version their metadata have, and which
lots asked for it.

Yesterday's code lists an archived document as any other in force, and counts no versions: an update
decided on what stood before its masks is then taken.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("archived_at", sa.BigInteger(), nullable=True))
    op.add_column("document", sa.Column("metadata_version", sa.Integer(), nullable=True))
    op.create_table(
        "update_lot",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
